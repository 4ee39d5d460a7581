#include "platform/lifecycle/shutdown.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/log/log.h"

namespace cityinfo::lifecycle {
namespace {

sigset_t EndingSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

std::string SignalName(int number) { return number == SIGINT ? "SIGINT" : "SIGTERM"; }

// Takes one signal from the descriptor if one is waiting; 0 if none is.
int TakeSignal(int descriptor) {
  signalfd_siginfo info;
  if (read(descriptor, &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info))) return 0;
  return static_cast<int>(info.ssi_signo);
}

// Waits until one of both descriptors can be read, or the time is up.
void AwaitReadable(int first, int second, absl::Time deadline) {
  pollfd descriptors[] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
  for (;;) {
    int timeout = -1;
    if (deadline != absl::InfiniteFuture()) {
      const absl::Duration left = std::max(deadline - absl::Now(), absl::ZeroDuration());
      timeout = static_cast<int>(absl::ToInt64Milliseconds(left)) + 1;
    }
    const int ready = poll(descriptors, 2, timeout);
    if (ready >= 0 || errno != EINTR) return;
  }
}

}  // namespace

void BlockSignals() {
  const sigset_t signals = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

// A thread that waits for a signal until it is destroyed or `limit` has passed.
class Shutdown::SignalThread {
 public:
  SignalThread(int signal_descriptor, absl::Time limit, std::function<void(int number)> on_signal,
               std::function<void()> on_limit)
      : done_(eventfd(0, EFD_CLOEXEC)),
        thread_([this, signal_descriptor, limit, on_signal = std::move(on_signal),
                 on_limit = std::move(on_limit)] {
          AwaitReadable(signal_descriptor, done_, limit);
          const int number = TakeSignal(signal_descriptor);
          if (number != 0) {
            on_signal(number);
          } else if (absl::Now() >= limit) {
            on_limit();
          }
        }) {}

  ~SignalThread() {
    eventfd_write(done_, 1);
    thread_.join();
    close(done_);
  }

 private:
  const int done_;
  std::jthread thread_;
};

absl::StatusOr<std::unique_ptr<Shutdown>> Shutdown::Create(Options options) {
  if (!options.exit_now) options.exit_now = [](int exit_code) { _exit(exit_code); };
  const sigset_t signals = EndingSignals();
  const int signal_descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  const int request_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (signal_descriptor < 0 || request_descriptor < 0) {
    return base::Internal("SIGNALS_UNAVAILABLE",
                          absl::StrCat("cannot wait for signals: ", std::strerror(errno)));
  }
  return std::unique_ptr<Shutdown>(
      new Shutdown(std::move(options), signal_descriptor, request_descriptor));
}

Shutdown::Shutdown(Options options, int signal_descriptor, int request_descriptor)
    : options_(std::move(options)),
      signal_descriptor_(signal_descriptor),
      request_descriptor_(request_descriptor) {}

Shutdown::~Shutdown() {
  close(signal_descriptor_);
  close(request_descriptor_);
}

std::string Shutdown::WaitForSignal() {
  for (;;) {
    AwaitReadable(signal_descriptor_, request_descriptor_, absl::InfiniteFuture());
    const int number = TakeSignal(signal_descriptor_);
    if (number != 0) return SignalName(number);
    absl::MutexLock lock(&mutex_);
    if (!requested_.empty()) return requested_;
  }
}

void Shutdown::Request(absl::string_view reason) {
  absl::MutexLock lock(&mutex_);
  if (!requested_.empty()) return;
  requested_ = reason.empty() ? "requested" : std::string(reason);
  eventfd_write(request_descriptor_, 1);
}

bool Shutdown::RunStep(const NamedStep& step) {
  const absl::Time start = absl::Now();
  const absl::Time deadline = start + step.limit;
  const absl::Status status = step.step(deadline);
  const absl::Time end = absl::Now();
  const int64_t milliseconds = absl::ToInt64Milliseconds(end - start);
  if (!status.ok()) {
    log::Error("shutdown step failed",
               {{"step", step.name}, {"milliseconds", milliseconds}, {"error", status}});
  } else if (end > deadline) {
    log::Warning("shutdown step came back late",
                 {{"step", step.name}, {"milliseconds", milliseconds}});
  } else {
    log::Info("shutdown step done", {{"step", step.name}, {"milliseconds", milliseconds}});
  }
  return status.ok();
}

void Shutdown::SignalThreadDeleter::operator()(SignalThread* thread) const { delete thread; }

Shutdown::SignalGuard Shutdown::WhileStarting() {
  return SignalGuard(new SignalThread(
      signal_descriptor_, absl::InfiniteFuture(),
      [this](int number) {
        log::Info("told to end while starting: ending at once", {{"signal", SignalName(number)}});
        options_.exit_now(0);
      },
      nullptr));
}

int Shutdown::Run() {
  const SignalThread watch(
      signal_descriptor_, absl::Now() + options_.hard_limit,
      [this](int number) {
        log::Warning("second signal: ending at once", {{"signal", SignalName(number)}});
        options_.exit_now(128 + number);
      },
      [this] {
        log::Error("the shutdown takes too long: ending as it is",
                   {{"limit", absl::FormatDuration(options_.hard_limit)}});
        options_.exit_now(1);
      });
  bool all_succeeded = true;
  for (const NamedStep& step : steps_) all_succeeded &= RunStep(step);
  return all_succeeded ? 0 : 1;
}

}  // namespace cityinfo::lifecycle
