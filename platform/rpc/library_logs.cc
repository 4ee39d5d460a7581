#include "platform/rpc/library_logs.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include "absl/strings/string_view.h"
#include "platform/log/log.h"

namespace cityinfo::rpc {
namespace {

void LogGrpc(gpr_log_func_args* args) {
  if (args->severity != GPR_LOG_SEVERITY_ERROR) return;
  log::Warning("grpc", {{"said", absl::string_view(args->message)}});
}

bool Route() {
  gpr_set_log_function(&LogGrpc);
  google::protobuf::SetLogHandler(nullptr);
  return true;
}

}  // namespace

void RouteLibraryLogs() { [[maybe_unused]] static const bool routed = Route(); }

}  // namespace cityinfo::rpc
