#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "platform/lifecycle/shutdown.h"

namespace cityinfo::lifecycle {
namespace {

using ::testing::ElementsAre;
using ::testing::ExitedWithCode;

std::unique_ptr<Shutdown> Create(Shutdown::Options options = {}) {
  return *Shutdown::Create(std::move(options));
}

Shutdown::Step Succeed(std::vector<std::string>* taken, const std::string& name) {
  return [taken, name](absl::Time) {
    taken->push_back(name);
    return absl::OkStatus();
  };
}

TEST(Shutdown, TakesEveryStepInOrder) {
  std::vector<std::string> taken;
  std::unique_ptr<Shutdown> shutdown = Create();
  shutdown->AddStep("stop serving", absl::Seconds(1), Succeed(&taken, "stop serving"));
  shutdown->AddStep("flush", absl::Seconds(1), Succeed(&taken, "flush"));
  EXPECT_EQ(shutdown->Run(), 0);
  EXPECT_THAT(taken, ElementsAre("stop serving", "flush"));
}

TEST(Shutdown, AFailedStepDoesNotStopTheOthers) {
  std::vector<std::string> taken;
  std::unique_ptr<Shutdown> shutdown = Create();
  shutdown->AddStep("drain", absl::Seconds(1), [](absl::Time deadline) {
    EXPECT_GT(deadline, absl::Now());
    return base::DeadlineExceeded("still busy");
  });
  shutdown->AddStep("close", absl::Seconds(1), Succeed(&taken, "close"));
  EXPECT_EQ(shutdown->Run(), 1);
  EXPECT_THAT(taken, ElementsAre("close"));
}

TEST(Shutdown, CanBeRequestedFromInside) {
  std::unique_ptr<Shutdown> shutdown = Create();
  std::jthread thread([&] {
    shutdown->Request("the server stopped");
    shutdown->Request("again");
  });
  EXPECT_EQ(shutdown->WaitForSignal(), "the server stopped");
}

TEST(Shutdown, EndsWhenAStepHangs) {
  absl::Notification ended;
  int code = 0;
  std::unique_ptr<Shutdown> shutdown =
      Create({.hard_limit = absl::Milliseconds(10), .exit_now = [&](int exit_code) {
                code = exit_code;
                ended.Notify();
              }});
  shutdown->AddStep("hang", absl::Seconds(1), [&](absl::Time) {
    ended.WaitForNotification();
    return absl::OkStatus();
  });
  shutdown->Run();
  EXPECT_EQ(code, 1);
}

// Real signals, each in a process of its own.
void DrainAfterSignal(int signal_number) {
  BlockSignals();
  std::unique_ptr<Shutdown> shutdown = Create();
  std::vector<std::string> taken;
  shutdown->AddStep("flush", absl::Seconds(1), Succeed(&taken, "flush"));
  kill(getpid(), signal_number);
  const std::string reason = shutdown->WaitForSignal();
  const int code = shutdown->Run();
  std::exit(reason == (signal_number == SIGINT ? "SIGINT" : "SIGTERM") && taken.size() == 1 ? code
                                                                                            : 99);
}

TEST(ShutdownSignals, TheFirstDrains) {
  EXPECT_EXIT(DrainAfterSignal(SIGTERM), ExitedWithCode(0), "\"step\":\"flush\"");
  EXPECT_EXIT(DrainAfterSignal(SIGINT), ExitedWithCode(0), "shutdown step done");
}

void SignalTwice() {
  BlockSignals();
  std::unique_ptr<Shutdown> shutdown = Create();
  shutdown->AddStep("hang", absl::Hours(1), [](absl::Time) {
    kill(getpid(), SIGINT);
    absl::Notification never;
    never.WaitForNotification();
    return absl::OkStatus();
  });
  kill(getpid(), SIGTERM);
  shutdown->WaitForSignal();
  shutdown->Run();
}

TEST(ShutdownSignals, TheSecondEndsAtOnce) {
  EXPECT_EXIT(SignalTwice(), ExitedWithCode(128 + SIGINT), "second signal");
}

}  // namespace
}  // namespace cityinfo::lifecycle
