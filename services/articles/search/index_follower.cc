#include "services/articles/search/index_follower.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "services/articles/search/feed_mark.h"

namespace cityinfo::articles {
namespace {

// From so many changes in a batch on there are likely more, and it pays to read them meanwhile.
constexpr size_t kReadAheadFrom = 256;

bool PlaceIsLost(const absl::Status& status) {
  const std::string reason = base::ErrorReason(status);
  return reason == "RESUME_TOKEN_TOO_OLD" || reason == "RESUME_TOKEN_AHEAD";
}

}  // namespace

IndexFollower::IndexFollower(ArticleStore& store, SearchIndex& index, telemetry::Metrics& metrics,
                             const Options& options)
    : store_(store),
      index_(index),
      options_(options),
      rebuilds_(metrics.GetCounter("cityinfo_articles_search_rebuilds_total",
                                   "Times the search index was begun from nothing.")),
      changes_(metrics.GetCounter("cityinfo_articles_search_changes_total",
                                  "Changes of articles taken up by the search.")),
      failures_(metrics.GetCounter("cityinfo_articles_search_failures_total",
                                   "Attempts to bring the search up to date that failed.")),
      apply_duration_(metrics.GetHistogram("cityinfo_articles_search_apply_duration_seconds",
                                           "Time to take up one batch of changes.")) {
  if (const absl::string_view why = index_.fresh_because(); !why.empty()) CountRebuild(why);
  absl::MutexLock lock(&join_mutex_);
  thread_ = std::jthread([this] { Run(); });
}

IndexFollower::~IndexFollower() { Stop(); }

void IndexFollower::Stop() {
  absl::MutexLock lock(&join_mutex_);
  if (stopped_) return;
  stopped_ = true;
  stop_.Notify();
  store_.change_signal().Wake();
  thread_.join();
}

int64_t IndexFollower::changes_behind() const {
  return std::max<int64_t>(store_.change_signal().newest() - index_.position() - lost_, 0);
}

void IndexFollower::Run() {
  base::Backoff backoff(options_.retry);
  while (!stopping()) {
    absl::Status status = same_history_ ? absl::OkStatus() : CheckHistory();
    if (status.ok()) status = Step();
    if (PlaceIsLost(status)) status = StartAnew(status.message());
    Report(status);
    if (status.ok()) {
      backoff.Reset();
    } else {
      same_history_ = false;
      Pause(backoff.Next());
    }
  }
  if (ahead_.valid()) ahead_.wait();
}

absl::Status IndexFollower::CheckHistory() {
  const int64_t position = index_.position();
  if (position > 0) {
    CITY_ASSIGN_OR_RETURN(const Changes at, Read(position - 1, {.changes = 1}));
    // A change that has left the feed proves nothing; it left because a newer one is there, so that
    // whoever is told to begin again has been away for long.
    if (at.empty() || at.front().position != position || MarkOf(at.front()) != index_.mark()) {
      CITY_RETURN_IF_ERROR(StartAnew("the store has another history than the index"));
    }
  }
  same_history_ = true;
  return absl::OkStatus();
}

absl::Status IndexFollower::Step() {
  const int64_t position = index_.position();
  const int64_t announced = store_.change_signal().newest();
  CITY_ASSIGN_OR_RETURN(const Changes changes, ReadNext(position));
  if (!changes.empty()) return Apply(changes);
  const int64_t seen_to = std::max(position, announced);
  lost_ = seen_to - position;
  store_.change_signal().WaitBeyond(seen_to, absl::Now() + options_.look_every,
                                    [this] { return stopping(); });
  return absl::OkStatus();
}

absl::Status IndexFollower::Apply(const Changes& changes) {
  const int64_t before = index_.position();
  const int64_t position = changes.back().position;
  const bool more = changes.size() >= kReadAheadFrom;
  if (more) ReadAhead(position);
  const absl::Time start = absl::Now();
  const absl::Status applied = index_.Apply(changes, position, start + options_.apply_timeout);
  if (index_.position() < before) CountRebuild("the index had to be laid out anew");
  CITY_RETURN_IF_ERROR(applied);
  apply_duration_.Observe(absl::ToDoubleSeconds(absl::Now() - start));
  changes_.Increment(static_cast<double>(changes.size()));
  if (!more) Pause(options_.gather);
  return absl::OkStatus();
}

absl::Status IndexFollower::StartAnew(absl::string_view why) {
  CITY_RETURN_IF_ERROR(index_.Clear(absl::Now() + options_.apply_timeout));
  CountRebuild(why);
  same_history_ = true;
  return absl::OkStatus();
}

void IndexFollower::CountRebuild(absl::string_view why) {
  rebuilds_.Increment();
  log::Info("the search is built from nothing", {{"reason", why}});
}

absl::StatusOr<IndexFollower::Changes> IndexFollower::Read(int64_t after,
                                                           const ChangeLimits& limits) {
  return store_.ReadChanges(after, limits, absl::Now() + options_.read_timeout);
}

absl::StatusOr<IndexFollower::Changes> IndexFollower::ReadNext(int64_t after) {
  if (ahead_.valid()) {
    absl::StatusOr<Changes> changes = ahead_.get();
    // An end of the feed that was seen ahead may be none any more.
    if (ahead_after_ == after && changes.ok() && !changes->empty()) return changes;
  }
  return Read(after, options_.batch);
}

void IndexFollower::ReadAhead(int64_t after) {
  ahead_after_ = after;
  ahead_ = std::async(std::launch::async, [this, after] { return Read(after, options_.batch); });
}

void IndexFollower::Report(const absl::Status& trouble) {
  if (!trouble.ok()) {
    failures_.Increment();
    if (!in_trouble_) {
      log::Warning("the search cannot follow the articles; it answers with what it has",
                   {{"error", trouble}, {"position", index_.position()}});
    }
  } else if (in_trouble_) {
    log::Info("the search follows the articles again", {{"position", index_.position()}});
  }
  in_trouble_ = !trouble.ok();
}

}  // namespace cityinfo::articles
