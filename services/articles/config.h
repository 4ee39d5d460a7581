#pragma once

#include <optional>
#include <string>

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
};

// Fills `config` from flags and environment. Nothing means go on; otherwise help or an error has
// been printed and the program ends with this exit code.
std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config);

}  // namespace cityinfo::articles
