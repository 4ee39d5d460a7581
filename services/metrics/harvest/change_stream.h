#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "cityinfo/articles/v1/article_service.grpc.pb.h"
#include "platform/rpc/client.h"

namespace cityinfo::metrics {

// One WatchArticles stream, read ahead on a thread of its own into a bounded queue, so that whoever
// works on the changes can take all that wait at once. When the queue is full the thread stops
// reading and gRPC's flow control stops the sender.
//
// Take and the status belong to one thread; Cancel may be called from any.
class ChangeStream {
 public:
  struct Limits {
    std::size_t max_waiting_changes = 256;
    std::size_t max_waiting_bytes = 16 << 20;  // a single larger change is let through
  };

  // Opens the stream behind `position` (0: from the first change ever). Does not wait for a
  // connection; a stream that cannot be opened is one that ends at once.
  ChangeStream(articles::v1::ArticleService::Stub& stub, std::int64_t position,
               const Limits& limits);
  // Cancels and joins.
  ~ChangeStream();
  ChangeStream(const ChangeStream&) = delete;
  ChangeStream& operator=(const ChangeStream&) = delete;

  // Waits up to `patience` for something to come, then takes up to `max` entries, in order,
  // heartbeats among them. Empty when nothing came or the stream is over and everything was taken.
  std::vector<articles::v1::ArticleChange> Take(std::size_t max, absl::Duration patience)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether the stream is over and everything was taken.
  bool Over() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether more entries have arrived than were taken.
  bool MoreWaits() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Why it is over.
  absl::Status why() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends the stream soon; what was not taken is dropped.
  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void ReadAll() ABSL_LOCKS_EXCLUDED(mutex_);
  // False when nobody wants more.
  bool Push(articles::v1::ArticleChange&& entry) ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  std::unique_ptr<rpc::StreamReader<articles::v1::ArticleChange>> reader_;
  mutable absl::Mutex mutex_;
  std::deque<articles::v1::ArticleChange> waiting_ ABSL_GUARDED_BY(mutex_);
  std::size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status why_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace cityinfo::metrics
