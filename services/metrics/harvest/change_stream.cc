#include "services/metrics/harvest/change_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::metrics {

using articles::v1::ArticleChange;
using articles::v1::ArticleService;
using articles::v1::WatchArticlesRequest;

ChangeStream::ChangeStream(ArticleService::Stub& stub, std::int64_t position, const Limits& limits)
    : limits_(limits) {
  WatchArticlesRequest request;
  if (position > 0) request.set_resume_token(absl::StrCat(position));
  reader_ = rpc::StreamReader<ArticleChange>::Open(stub, &ArticleService::Stub::WatchArticles,
                                                   {.trace = telemetry::NewTrace()}, request);
  thread_ = std::jthread([this] { ReadAll(); });
}

ChangeStream::~ChangeStream() { Cancel(); }

std::vector<ArticleChange> ChangeStream::Take(std::size_t max, absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !waiting_.empty() || ended_ || cancelled_;
  };
  mutex_.AwaitWithTimeout(absl::Condition(&ready), patience);
  std::vector<ArticleChange> taken;
  while (!waiting_.empty() && taken.size() < max) {
    waiting_bytes_ -= waiting_.front().ByteSizeLong();
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

bool ChangeStream::Over() const {
  absl::MutexLock lock(&mutex_);
  return ended_ && waiting_.empty();
}

bool ChangeStream::MoreWaits() const {
  absl::MutexLock lock(&mutex_);
  return !waiting_.empty();
}

absl::Status ChangeStream::why() const {
  absl::MutexLock lock(&mutex_);
  return why_;
}

void ChangeStream::Cancel() {
  {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    waiting_.clear();
    waiting_bytes_ = 0;
  }
  reader_->Cancel();
}

void ChangeStream::ReadAll() {
  ArticleChange entry;
  while (reader_->Read(&entry)) {
    if (!Push(std::move(entry))) break;
    entry.Clear();
  }
  absl::Status why = reader_->Finish();
  absl::MutexLock lock(&mutex_);
  why_ = std::move(why);
  ended_ = true;
}

bool ChangeStream::Push(ArticleChange&& entry) {
  absl::MutexLock lock(&mutex_);
  const auto room_or_end = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return HasRoom() || cancelled_;
  };
  mutex_.Await(absl::Condition(&room_or_end));
  if (cancelled_) return false;
  // A heartbeat says how far the feed has read; the newest says it all.
  if (entry.heartbeat() && !waiting_.empty() && waiting_.back().heartbeat()) {
    waiting_bytes_ -= waiting_.back().ByteSizeLong();
    waiting_.pop_back();
  }
  waiting_bytes_ += entry.ByteSizeLong();
  waiting_.push_back(std::move(entry));
  return true;
}

bool ChangeStream::HasRoom() const {
  return waiting_.empty() || (waiting_.size() < limits_.max_waiting_changes &&
                              waiting_bytes_ < limits_.max_waiting_bytes);
}

}  // namespace cityinfo::metrics
