#include "services/metrics/cache/cached_ready_answers.h"

#include <memory>
#include <optional>
#include <utility>

#include "services/metrics/cache/cache_hits.h"
#include "services/metrics/cache/cache_key.h"

namespace cityinfo::metrics {

CachedReadyAnswers::CachedReadyAnswers(const DataVersions& versions, MetricCache& memory,
                                       telemetry::Metrics& metrics, Options options)
    : versions_(versions),
      memory_(memory),
      options_(std::move(options)),
      hits_(CacheHits(metrics, CacheLevel::kMemory)),
      questions_({.max_bytes = options_.max_bytes, .shards = 4}) {}

EncodedAnswer CachedReadyAnswers::Find(absl::string_view request) {
  const std::shared_ptr<const Question> question = questions_.Get(request);
  if (question == nullptr) return nullptr;
  const std::vector<DataState> states = versions_.States(question->indicators);
  if (HasNotSeen(states, question->seen)) return nullptr;
  std::optional<EncodedAnswer> answer =
      memory_.Get(CacheKey(options_.data_set, states, question->text));
  if (!answer.has_value()) return nullptr;
  hits_.Increment();
  return *std::move(answer);
}

void CachedReadyAnswers::Remember(absl::string_view request, const ObservationQuery& query) {
  if (query.strong || request.size() > options_.max_request_bytes) return;
  auto question = std::make_shared<Question>(
      Question{.indicators = query.indicators, .text = query.CanonicalText(), .seen = query.seen});
  std::size_t bytes = sizeof(Question) + question->text.size();
  for (const std::string& indicator : question->indicators) {
    bytes += sizeof(indicator) + indicator.size();
  }
  questions_.Put(request, std::move(question), bytes);
}

}  // namespace cityinfo::metrics
