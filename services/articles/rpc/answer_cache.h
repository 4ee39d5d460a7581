#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/concurrency/lru_cache.h"
#include "platform/rpc/byte_buffer.h"
#include "platform/rpc/request_context.h"
#include "platform/telemetry/metrics.h"
#include "services/articles/domain/change_signal.h"

namespace cityinfo::articles {

// How long an answer stays what it is: while no change after `position` is committed, and until
// `until`, when something that is scheduled may change it. The defaults: not at all.
struct Standing {
  int64_t position = -1;
  absl::Time until = absl::InfinitePast();
};

// Encoded answers of reads, by what was asked (the method, the request's bytes, whether the caller
// may edit: nothing else makes a difference to an answer), so that a question asked again costs one
// look on the thread that moves the bytes.
//
// An answer is given again only while it stands. That is never too long:
//   * A read that begins when this process knows the change feed up to P shows P at least; a
//     list says itself up to where it shows it, also when a standby has answered. That is the
//     answer's position.
//   * The store announces a commit of this process before it answers the write. Whoever has that
//     answer finds every older entry out of date: a write is visible at once, to everyone.
//   * What is scheduled changes answers without a commit; no entry outlives its next moment.
//   * A client that walks a list with page tokens does not go back in time: the token is part of
//     the question, and the answer to it was read at the token's position or later.
// What another process commits over the same database (`shared`) is announced within milliseconds,
// at the latest within a second. Entries live no longer than that second then, and callers who may
// edit are always answered by the store: they read what they have written through any replica.
//
// Bounded in bytes; forgets what was not asked for longest. Thread-safe; never waits for anything
// but its own short locks.
//
//   cityinfo_articles_answer_cache_hits_total    calls that were answered from it
//   cityinfo_articles_answer_cache_bytes         what it holds, bookkeeping included
class AnswerCache {
 public:
  struct Options {
    size_t max_bytes = 32 << 20;
    bool shared = false;                 // Other processes write to the same database.
    const base::Clock* clock = nullptr;  // The system's, if not given; the store's.
  };

  // The longest that an entry is used when the database is shared.
  static constexpr absl::Duration kLongestShared = absl::Seconds(1);

  // `changes` and `metrics` must outlive it; nobody may ask `metrics` for numbers after its end.
  AnswerCache(const ChangeSignal& changes, telemetry::Metrics& metrics, const Options& options);

  // The answer to these bytes of a request, or nothing. `method` is a letter of the caller's
  // choice.
  std::optional<rpc::SharedBytes> Find(char method, const rpc::RequestContext& context,
                                       const grpc::ByteBuffer& request);

  // Encodes an answer, and keeps it if it may be found again. `begun` is when its read began.
  rpc::SharedBytes Keep(char method, const rpc::RequestContext& context,
                        const google::protobuf::MessageLite& request,
                        const google::protobuf::MessageLite& response, const Standing& standing,
                        absl::Time begun);

  absl::Time Now() const { return clock_.Now(); }

 private:
  struct Answer {
    std::string bytes;
    Standing standing;
  };

  bool Serves(bool may_edit) const { return !options_.shared || !may_edit; }
  bool Stands(const Standing& standing) const;

  const Options options_;
  const base::Clock& clock_;
  const ChangeSignal& changes_;
  telemetry::Counter& hits_;
  concurrency::LruCache<Answer> answers_;
};

}  // namespace cityinfo::articles
