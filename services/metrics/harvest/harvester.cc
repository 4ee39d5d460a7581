#include "services/metrics/harvest/harvester.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "services/metrics/harvest/harvest_span.h"

namespace cityinfo::metrics {
namespace {

// How often a waiting harvester looks whether the feed has gone silent.
constexpr absl::Duration kLook = absl::Milliseconds(200);

absl::Time CommitTime(const articles::v1::ArticleChange& entry, const base::Clock& clock) {
  if (!entry.has_commit_time()) return clock.Now();
  return absl::FromUnixSeconds(entry.commit_time().seconds()) +
         absl::Nanoseconds(entry.commit_time().nanos());
}

// Another process harvests by now.
bool IsFenced(const absl::Status& status) {
  return absl::IsAborted(status) && base::ErrorReason(status) == "HARVEST_FENCED";
}

// The feed has never come to the position that was harvested last.
bool IsAhead(const absl::Status& status) {
  return absl::IsInvalidArgument(status) && base::ErrorReason(status) == "RESUME_TOKEN_AHEAD";
}

// Changes behind the position that was harvested last have left the feed.
bool IsTooOld(const absl::Status& status) {
  return absl::IsOutOfRange(status) && base::ErrorReason(status) == "RESUME_TOKEN_TOO_OLD";
}

std::string ProcessName() {
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  return absl::StrCat(host, ":", getpid());
}

// The store says that trying again makes sense.
bool IsTransient(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDataLoss:  // an operator must act; nothing may be skipped meanwhile
      return true;
    default:
      return false;
  }
}

// The store says that this change is wrong and stays so.
bool IsRejection(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kAlreadyExists:
      return true;
    default:
      return false;
  }
}

}  // namespace

Harvester::Harvester(std::shared_ptr<grpc::Channel> articles, MetricStore& store,
                     ChangeReader reader, health::Health& health, telemetry::Metrics& metrics,
                     const Options& options, const base::Clock& clock)
    : stub_(articles::v1::ArticleService::NewStub(std::move(articles))),
      store_(store),
      reader_(std::move(reader)),
      options_(options),
      clock_(clock),
      report_(health, metrics, options.tolerated_lag),
      lease_(store, options.holder.empty() ? ProcessName() : options.holder, options.lease,
             {.taken = [this](const HarvestLease& lease) { report_.HoldsLease(lease); },
              .elsewhere = [this] { report_.HarvestedElsewhere(); },
              .unknown = [this](const absl::Status& why) { report_.LeaseUnknown(why); }}) {
  absl::MutexLock lock(&join_mutex_);
  thread_ = std::jthread([this] { Run(); });
}

Harvester::~Harvester() { Stop(); }

void Harvester::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    if (!stopped_) {
      stopped_ = true;
      stop_.Notify();
      if (current_ != nullptr) current_->Cancel();
    }
  }
  absl::MutexLock lock(&join_mutex_);
  if (thread_.joinable()) thread_.join();
  lease_.Stop();
}

void Harvester::Run() {
  while (!stopping()) {
    const std::optional<HarvestLease> lease = lease_.Await(kLook);
    if (lease.has_value()) RunAsHolder(*lease);
  }
}

void Harvester::RunAsHolder(const HarvestLease& lease) {
  base::Backoff reconnect(options_.reconnect);
  base::Backoff store_retry(options_.store_retry);
  while (GoesOn(lease)) {
    const absl::StatusOr<std::int64_t> position = store_.HarvestPosition();
    if (!position.ok()) {
      report_.StoreRefused(position.status());
      Pause(store_retry.Next());
      continue;
    }
    store_retry.Reset();
    report_.Starts(*position);
    absl::Status why = Follow(lease, *position, *position, reconnect);
    if (IsTooOld(why)) {
      report_.FeedReadAnew(why);
      why = Follow(lease, /*from=*/0, *position, reconnect);
    }
    if (why.ok()) continue;
    if (IsAhead(why)) {
      // Asked again once the feed has grown, it would go on, and pass over what grew meanwhile.
      report_.FeedWentBack(why);
      while (GoesOn(lease)) Pause(kLook);
      return;
    }
    report_.FeedBroke(why);
    Pause(reconnect.Next());
  }
}

absl::Status Harvester::Follow(const HarvestLease& lease, std::int64_t from, std::int64_t harvested,
                               base::Backoff& reconnect) {
  ChangeStream stream(*stub_, from, options_.read_ahead);
  SetCurrent(&stream);
  absl::Status why = FollowStream(stream, lease, harvested, reconnect);
  SetCurrent(nullptr);
  return why;
}

absl::Status Harvester::FollowStream(ChangeStream& stream, const HarvestLease& lease,
                                     std::int64_t position, base::Backoff& reconnect) {
  absl::Time last_heard = absl::Now();
  while (GoesOn(lease)) {
    const std::vector<articles::v1::ArticleChange> entries = stream.Take(options_.batch, kLook);
    if (entries.empty()) {
      if (stopping()) break;
      if (stream.Over()) {
        const absl::Status why = stream.why();
        return why.ok() ? base::Unavailable("FEED_ENDED", "the feed ended") : why;
      }
      if (absl::Now() - last_heard > options_.silence) {
        return base::Unavailable("FEED_SILENT", "the feed says nothing any more");
      }
      continue;
    }
    reconnect.Reset();
    CITY_ASSIGN_OR_RETURN(Reading reading, ReadEntries(entries, &position));
    report_.Hears(position);
    Apply(lease, reading);
    if (!stream.MoreWaits() && GoesOn(lease)) report_.CaughtUp();
    // Time spent on the store is no silence of the feed.
    last_heard = absl::Now();
  }
  return absl::OkStatus();
}

absl::StatusOr<Harvester::Reading> Harvester::ReadEntries(
    const std::vector<articles::v1::ArticleChange>& entries, std::int64_t* position) {
  Reading reading;
  for (const articles::v1::ArticleChange& entry : entries) {
    CITY_ASSIGN_OR_RETURN(const std::int64_t at, ChangeReader::ParsePosition(entry.resume_token()));
    if (entry.heartbeat()) continue;
    if (at <= *position) continue;  // it comes at least once
    *position = at;
    reading.changes.push_back(ReadEntry(entry, at));
    reading.commit_times.push_back(CommitTime(entry, clock_));
  }
  return reading;
}

ArticleChange Harvester::ReadEntry(const articles::v1::ArticleChange& entry,
                                   std::int64_t position) {
  absl::StatusOr<ReadChange> read = reader_.Read(entry, position);
  if (!read.ok()) {
    ArticleChange change = ChangeReader::WithoutFigures(entry, position);
    report_.Skipped(change, read.status());
    return change;
  }
  if (read->uncitable_figures > 0) {
    report_.DroppedFigures(read->uncitable_figures);
    log::Warning("figures without a place in one block are left out",
                 {{"article", read->change.article},
                  {"revision", read->change.revision},
                  {"figures", read->uncitable_figures}});
  }
  return std::move(read->change);
}

void Harvester::Apply(const HarvestLease& lease, Reading& reading) {
  base::Backoff store_retry(options_.store_retry);
  std::span<ArticleChange> left(reading.changes);
  int attempts = 0;  // of the first that is left
  while (!left.empty() && GoesOn(lease)) {
    const std::size_t done = reading.changes.size() - left.size();
    report_.Lags(clock_.Now() - reading.commit_times[done]);
    const absl::Duration begun = LeaseKeeper::Uptime();
    HarvestSpan span(left.size());
    const absl::StatusOr<std::vector<AppliedChange>> applied =
        store_.ApplyArticleChanges(lease, left);
    if (applied.ok()) {
      span.Applied(applied->size(), left[applied->size() - 1].feed_position);
    } else {
      span.Failed(applied.status());
    }
    if (IsFenced(applied.status())) {
      lease_.Lose(lease);
    } else if (applied.ok()) {
      lease_.Renewed(lease, begun);
      const absl::Time now = clock_.Now();
      for (std::size_t i = 0; i < applied->size(); ++i) {
        report_.Applied(left[i], (*applied)[i], now - reading.commit_times[done + i]);
      }
      left = left.subspan(applied->size());
      attempts = 0;
      store_retry.Reset();
    } else if (GiveUp(left.front(), applied.status(), ++attempts)) {
      left = left.subspan(1);
      attempts = 0;
    } else if (!IsRejection(applied.status())) {
      report_.StoreRefused(applied.status());
      Pause(store_retry.Next());
    }
  }
}

bool Harvester::GiveUp(ArticleChange& change, const absl::Status& why, int attempts) {
  if (IsTransient(why)) return false;
  if (!IsRejection(why) && attempts < options_.attempts) return false;
  report_.Skipped(change, why);
  // First without its figures, so that those of an older revision do not stay and the position is
  // kept; when not even that is taken, the next change's position will cover it.
  const bool bare = change.figures.empty();
  change.figures.clear();
  change.published = false;
  return bare;
}

void Harvester::SetCurrent(ChangeStream* stream) {
  absl::MutexLock lock(&mutex_);
  current_ = stream;
  if (stopped_ && current_ != nullptr) current_->Cancel();
}

}  // namespace cityinfo::metrics
