#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/rpc/server_writer.h"

namespace cityinfo::testing {

// A stream's other end that keeps the messages it takes, and takes them when the test says so. For
// messages that have `heartbeat`. Thread-safe.
template <typename Message>
class CollectingSink final : public rpc::StreamSink {
 public:
  bool Write(grpc::ByteBuffer bytes) override {
    Message message;
    EXPECT_TRUE(rpc::Parse(bytes, &message));
    absl::MutexLock lock(&mutex_);
    ++offered_;
    mutex_.Await(absl::Condition(
        +[](CollectingSink* self)
             ABSL_NO_THREAD_SAFETY_ANALYSIS { return self->open_ || self->ended_; },
        this));
    if (ended_) return false;
    messages_.push_back(std::move(message));
    return true;
  }
  bool ended() const override {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }
  void OnEnd(std::function<void()> callback) override {
    absl::MutexLock lock(&mutex_);
    on_end_ = std::move(callback);
    if (ended_ && on_end_) on_end_();
  }

  // From now on no message is taken.
  void Block() {
    absl::MutexLock lock(&mutex_);
    open_ = false;
  }
  void End() {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
    if (on_end_) on_end_();  // Under the lock, as the server may do it.
  }
  // How many messages were offered, the one that waits included.
  int offered() const {
    absl::MutexLock lock(&mutex_);
    return offered_;
  }
  // Waits until `count` messages (heartbeats apart) were taken, and returns them.
  std::vector<Message> WaitFor(size_t count, bool heartbeats = false) {
    std::vector<Message> chosen;
    const auto enough = [&] {
      chosen.clear();
      for (const Message& message : messages_) {
        if (message.heartbeat() == heartbeats) chosen.push_back(message);
      }
      return chosen.size() >= count;
    };
    absl::MutexLock lock(&mutex_);
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(20)));
    return chosen;
  }

 private:
  mutable absl::Mutex mutex_;
  bool open_ = true;
  bool ended_ = false;
  int offered_ = 0;
  std::function<void()> on_end_;
  std::vector<Message> messages_;
};

}  // namespace cityinfo::testing
