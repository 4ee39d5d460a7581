#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"

namespace cityinfo::gateway {

// Waits for the parts of a composed answer: runs `done` when the last of `count` parts has been
// filled. Each part is written by one callback and read by `done` alone, so the counter is all the
// locking there is to do.
template <typename Parts>
struct Gathering {
  Gathering(int count, std::function<void(Parts)> done) : missing(count), done(std::move(done)) {}

  void OnePartFilled() {
    if (missing.fetch_sub(1, std::memory_order_acq_rel) == 1) done(std::move(parts));
  }

  Parts parts;
  std::atomic<int> missing;
  std::function<void(Parts)> done;
};

// A callback that puts its answer into one part.
template <typename Response, typename Parts>
std::function<void(absl::StatusOr<Response>)> Into(absl::StatusOr<Response> Parts::*part,
                                                   std::shared_ptr<Gathering<Parts>> gathering) {
  return [part, gathering = std::move(gathering)](absl::StatusOr<Response> answer) {
    gathering->parts.*part = std::move(answer);
    gathering->OnePartFilled();
  };
}

}  // namespace cityinfo::gateway
