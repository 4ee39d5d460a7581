#include "services/articles/rpc/answer_cache.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/articles/rpc/caller.h"

namespace cityinfo::articles {
namespace {

// A longer question is not worth keeping.
constexpr size_t kMaxRequestBytes = 16 << 10;
// An answer may take up one of them: the largest article has 2 MiB of text.
constexpr int kShards = 4;

std::string KeyOf(char method, bool may_edit, absl::string_view request) {
  const char who[] = {method, may_edit ? 'e' : 'r'};
  return absl::StrCat(absl::string_view(who, sizeof(who)), request);
}

}  // namespace

AnswerCache::AnswerCache(const ChangeSignal& changes, telemetry::Metrics& metrics,
                         const Options& options)
    : options_(options),
      clock_(options.clock != nullptr ? *options.clock : base::SystemClock()),
      changes_(changes),
      hits_(metrics.GetCounter("cityinfo_articles_answer_cache_hits_total",
                               "Calls that were answered from the cache inside the process.")),
      answers_({.max_bytes = options.max_bytes, .shards = kShards}) {
  telemetry::Gauge& bytes =
      metrics.GetGauge("cityinfo_articles_answer_cache_bytes",
                       "What the cache inside the process holds, bookkeeping included.");
  metrics.OnRender([this, &bytes] { bytes.Set(static_cast<double>(answers_.GetStats().bytes)); });
}

bool AnswerCache::Stands(const Standing& standing) const {
  return standing.position >= changes_.newest() && clock_.Now() < standing.until;
}

std::optional<rpc::SharedBytes> AnswerCache::Find(char method, const rpc::RequestContext& context,
                                                  const grpc::ByteBuffer& request) {
  const bool may_edit = MayEdit(context);
  if (!Serves(may_edit) || request.Length() > kMaxRequestBytes) return std::nullopt;
  const std::shared_ptr<const Answer> answer =
      answers_.Get(KeyOf(method, may_edit, rpc::MessageBytes(request).view()));
  if (answer == nullptr || !Stands(answer->standing)) return std::nullopt;
  hits_.Increment();
  return rpc::SharedBytes(answer, &answer->bytes);
}

rpc::SharedBytes AnswerCache::Keep(char method, const rpc::RequestContext& context,
                                   const google::protobuf::MessageLite& request,
                                   const google::protobuf::MessageLite& response,
                                   const Standing& standing, absl::Time begun) {
  auto answer = std::make_shared<Answer>();
  answer->bytes = response.SerializeAsString();
  answer->standing = standing;
  if (options_.shared) {
    answer->standing.until = std::min(standing.until, begun + kLongestShared);
  }
  const rpc::SharedBytes bytes(answer, &answer->bytes);
  const bool may_edit = MayEdit(context);
  if (Serves(may_edit) && Stands(answer->standing) && request.ByteSizeLong() <= kMaxRequestBytes) {
    // A request that is written again as it was understood has the bytes it came with, unless an
    // unusual client wrote it: then it is just not found.
    const size_t size = answer->bytes.size();
    answers_.Put(KeyOf(method, may_edit, request.SerializeAsString()), std::move(answer), size);
  }
  return bytes;
}

}  // namespace cityinfo::articles
