#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "platform/host/process_options.h"
#include "platform/host/rpc_service_options.h"
#include "platform/host/store_options.h"

namespace cityinfo::articles {

// What the end of the process adds to the steps that every service has.
inline constexpr absl::Duration kCloseStoreLimit = absl::Seconds(5);

// The settings of cityinfo-articles; `--help` prints them with their meaning.
struct Config {
  host::ProcessOptions process = {.admin_listen = "127.0.0.1:50061",
                                  .own_stop_limit = kCloseStoreLimit};
  host::RpcServiceOptions service = {.listen = "127.0.0.1:50051"};
  host::StoreOptions store;
  absl::Duration purge_deleted_after = absl::Hours(720);  // 30 days.
  absl::Duration change_retention = absl::Hours(2160);    // 90 days.
  std::string search_index;                               // Empty: see SearchIndexPath.
  int memory_cache_mb = 32;
};

// The file of the search index: what was set, else beside a SQLite store ("articles.db" has
// "articles-search.db"), else articles-search.db in the data folder.
std::string SearchIndexPath(const Config& config);

// Fills `config` from flags and environment. Nothing means go on; otherwise help or an error has
// been printed and the program ends with this exit code.
std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config);

}  // namespace cityinfo::articles
