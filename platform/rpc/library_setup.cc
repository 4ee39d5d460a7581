#include "platform/rpc/library_setup.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <cstdlib>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "platform/log/log.h"

namespace cityinfo::rpc {
namespace {

void LogGrpc(gpr_log_func_args* args) {
  if (args->severity != GPR_LOG_SEVERITY_ERROR) return;
  log::Warning("grpc", {{"said", absl::string_view(args->message)}});
}

bool SetUp() {
  // A channel without calls looks at its connections only so often; the default of 5 s would have
  // it call replicas that have said good-bye. Read when gRPC starts.
  setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "100", /*overwrite=*/0);
  gpr_set_log_function(&LogGrpc);
  google::protobuf::SetLogHandler(nullptr);
#ifdef NDEBUG
  // Debian's Abseil looks for cycles among the locks at every lock that is taken, gRPC's too. That
  // is for tests, which keep it.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  return true;
}

}  // namespace

void SetUpLibraries() { [[maybe_unused]] static const bool done = SetUp(); }

}  // namespace cityinfo::rpc
