#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::lifecycle {

// The end of a service: waits for SIGTERM or SIGINT, then takes the steps in the order they were
// added, each with its own deadline, and logs each. A second signal ends the process at once.
//
//   int main(...) {
//     BlockSignals();                       // before the first thread is started
//     ...
//     absl::StatusOr<std::unique_ptr<Shutdown>> shutdown = Shutdown::Create({});
//     (*shutdown)->AddStep("stop being ready", absl::Seconds(1), [&](absl::Time) {
//       health.StartDraining();
//       return absl::OkStatus();
//     });
//     (*shutdown)->AddStep("stop the server", absl::Seconds(5), [&](absl::Time d) { return
//     server.Shutdown(d); });
//     (*shutdown)->WaitForSignal();
//     return (*shutdown)->Run();
//   }
//
// Request may be called from any thread; everything else belongs to the main thread.
class Shutdown {
 public:
  // Gets the deadline it should keep. A step that comes back late is logged, and the next one still
  // runs.
  using Step = std::function<absl::Status(absl::Time deadline)>;
  struct NamedStep {
    std::string name;
    absl::Duration limit;
    Step step;
  };

  struct Options {
    // If the steps together take longer than this, the process ends as it is, with code 1.
    absl::Duration hard_limit = absl::Seconds(30);
    // How the process ends at once; tests put their own here.
    std::function<void(int exit_code)> exit_now;
  };

  static absl::StatusOr<std::unique_ptr<Shutdown>> Create(Options options);
  ~Shutdown();
  Shutdown(const Shutdown&) = delete;
  Shutdown& operator=(const Shutdown&) = delete;

  void AddStep(NamedStep step) { steps_.push_back(std::move(step)); }
  void AddStep(absl::string_view name, absl::Duration limit, Step step) {
    AddStep({std::string(name), limit, std::move(step)});
  }

  // For the time before there is anything to end in order: while the returned object lives, a
  // signal ends the process at once, with code 0. Whatever the start has begun must bear that, as
  // it bears a crash.
  class SignalThread;
  struct SignalThreadDeleter {
    void operator()(SignalThread* thread) const;
  };
  using SignalGuard = std::unique_ptr<SignalThread, SignalThreadDeleter>;
  [[nodiscard]] SignalGuard WhileStarting();

  // Returns when a signal has come or Request was called, with the reason ("SIGTERM").
  std::string WaitForSignal();

  // Starts the shutdown from inside, as a signal would. Only the first reason is kept.
  void Request(absl::string_view reason);

  // Takes the steps. 0 if every one succeeded, else 1: the exit code of the process.
  int Run();

 private:
  Shutdown(Options options, int signal_descriptor, int request_descriptor);
  static bool RunStep(const NamedStep& step);

  const Options options_;
  const int signal_descriptor_;
  const int request_descriptor_;
  std::vector<NamedStep> steps_;
  absl::Mutex mutex_;
  std::string requested_ ABSL_GUARDED_BY(mutex_);  // the reason; empty until then
};

// Makes SIGINT and SIGTERM wait for a Shutdown instead of killing the process, and ignores SIGPIPE.
// Threads inherit this, so it must be called before the first one starts.
void BlockSignals();

}  // namespace cityinfo::lifecycle
