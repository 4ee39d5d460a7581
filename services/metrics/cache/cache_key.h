#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// The text an answer is cached under:
//
//   schema of the key | data set | states of the indicators asked for | the normalised question
//
// It names the answer completely: the question's text carries places, measures, kinds, periods,
// `as_of` and the page; the states say of which data it was asked, by version and by stamp, so that
// a store restored from a backup never comes back to a key it used before; the data set says
// which data (see CachingMetricReader::Options). So a key means the same bytes for ever and nothing
// is invalidated: a write makes a new state, and with it new keys that nobody has filled yet.
//
// `question` is the CanonicalText of a normalised query and `states` belong to its indicators in
// their order (one, the newest of all, when it names none). Injective: different arguments give
// different texts.
std::string CacheKey(absl::string_view data_set, std::span<const DataState> states,
                     absl::string_view question);

// The same for a normalised query.
std::string CacheKey(absl::string_view data_set, std::span<const DataState> states,
                     const ObservationQuery& query);

// Whether none of these states has seen change `seen` of the feed, which the asker has (0: none):
// the versions must then be brought up to the store's before anything is looked up.
bool HasNotSeen(std::span<const DataState> states, std::int64_t seen);

}  // namespace cityinfo::metrics
