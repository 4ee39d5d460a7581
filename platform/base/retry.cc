#include "platform/base/retry.h"

#include <algorithm>

namespace cityinfo::base {

Backoff::Backoff(const Options& options) : options_(options), ceiling_(options.initial) {}

Backoff::Backoff(const Options& options, uint64_t seed)
    : options_(options), random_(seed), ceiling_(options.initial) {}

absl::Duration Backoff::Next() {
  ++attempts_;
  if (!random_.has_value()) random_.emplace(std::random_device{}());
  const absl::Duration ceiling = std::min(ceiling_, options_.max);
  ceiling_ = std::min(ceiling * options_.multiplier, options_.max);
  std::uniform_real_distribution<double> shortened_by(0, options_.jitter);
  return ceiling * (1 - shortened_by(*random_));
}

void Backoff::Reset() {
  attempts_ = 0;
  ceiling_ = options_.initial;
}

}  // namespace cityinfo::base
