#include "bench/articles/articles_process.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "bench/baseline/must.h"

namespace cityinfo::bench {

ArticlesProcess::ArticlesProcess(const std::string& bin_dir, const std::string& folder) {
  std::filesystem::create_directories(folder);
  const std::string port_file = absl::StrCat(folder, "/ports");
  std::filesystem::remove(port_file);
  child_ = Must(testing::ChildProcess::Start(
      {.binary = absl::StrCat(bin_dir, "/cityinfo-articles"),
       .args = {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--log-level=warning",
                absl::StrCat("--port-file=", port_file), absl::StrCat("--data-dir=", folder),
                absl::StrCat("--store=sqlite:", StorePath(folder)),
                absl::StrCat("--search-index=", IndexPath(folder))},
       .output_dir = folder}));
  port_ = Must(testing::WaitForPort(port_file, "grpc", *child_, absl::Minutes(5)));
}

ArticlesProcess::~ArticlesProcess() { child_->TerminateAndWait(absl::Minutes(1)); }

std::string ArticlesProcess::IndexPath(const std::string& folder) {
  return absl::StrCat(folder, "/search.db");
}

std::string ArticlesProcess::StorePath(const std::string& folder) {
  return absl::StrCat(folder, "/articles.db");
}

}  // namespace cityinfo::bench
