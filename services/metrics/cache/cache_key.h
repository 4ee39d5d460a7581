#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// The text an answer is cached under:
//
//   schema of the key | data set | versions of the indicators asked for | the normalised question
//
// It names the answer completely: the question's text carries places, measures, kinds, periods,
// `as_of` and the page; the versions say which state of the data it was asked of; the data set says
// which data (see CachingMetricReader::Options). So a key means the same bytes for ever and nothing
// is invalidated: a write makes new versions, and with them new keys that nobody has filled yet.
//
// `query` must be normalised and `versions` belong to its indicators in their order (one number,
// the newest of all, when it names none). Injective: different arguments give different texts.
std::string CacheKey(absl::string_view data_set, std::span<const std::int64_t> versions,
                     const ObservationQuery& query);

}  // namespace cityinfo::metrics
