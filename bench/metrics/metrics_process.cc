#include "bench/metrics/metrics_process.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/baseline/must.h"
#include "bench/baseline/samples.h"
#include "bench/metrics/question_mix.h"
#include "platform/rpc/client.h"

namespace cityinfo::bench {

MetricsProcess::MetricsProcess(const std::string& bin_dir, const std::string& folder,
                               const std::string& store,
                               const std::vector<std::string>& more_args) {
  std::filesystem::create_directories(folder);
  const std::string port_file = absl::StrCat(folder, "/ports");
  std::filesystem::remove(port_file);
  std::vector<std::string> args = {"--listen=127.0.0.1:0",
                                   "--admin-listen=127.0.0.1:0",
                                   "--log-level=warning",
                                   "--articles=",
                                   absl::StrCat("--port-file=", port_file),
                                   absl::StrCat("--data-dir=", folder),
                                   absl::StrCat("--store=sqlite:", store)};
  args.insert(args.end(), more_args.begin(), more_args.end());
  const Stopwatch watch;
  child_ = Must(testing::ChildProcess::Start(
      {.binary = absl::StrCat(bin_dir, "/cityinfo-bench-metrics-service"),
       .args = std::move(args),
       .output_dir = folder}));
  port_ = Must(testing::WaitForPort(port_file, "grpc", *child_, absl::Minutes(5)));
  admin_port_ = Must(testing::WaitForPort(port_file, "admin", *child_));
  rpc::RawClient client(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", port_), {.follow_health = false}));
  Must(client.Call(kQuery, {.wait_for_ready = true}, AnyQuestion()).status());
  ready_ms_ = watch.Milliseconds();
}

MetricsProcess::~MetricsProcess() { child_->TerminateAndWait(absl::Minutes(1)); }

double MetricsProcess::Metric(const std::string& series) const {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(admin_port_));
  constexpr char kRequest[] =
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  std::string page;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      send(fd, kRequest, sizeof(kRequest) - 1, MSG_NOSIGNAL) > 0) {
    char chunk[4096];
    for (ssize_t n = 0; (n = recv(fd, chunk, sizeof(chunk), 0)) > 0;) {
      page.append(chunk, static_cast<size_t>(n));
    }
  }
  close(fd);
  double value = 0;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    const std::string prefix = series + " ";
    if (line.substr(0, prefix.size()) == prefix) {
      (void)absl::SimpleAtod(line.substr(prefix.size()), &value);
    }
  }
  return value;
}

}  // namespace cityinfo::bench
