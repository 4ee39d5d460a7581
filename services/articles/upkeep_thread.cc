#include "services/articles/upkeep_thread.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/time/clock.h"
#include "platform/log/log.h"

namespace cityinfo::articles {
namespace {

// Between the steps of much work: lets writers in.
constexpr absl::Duration kBreath = absl::Milliseconds(20);
// A moment has come when the store's clock says so too, which keeps whole microseconds.
constexpr absl::Duration kSurely = absl::Milliseconds(1);

}  // namespace

UpkeepThread::UpkeepThread(KeepUp keep_up, ChangeSignal& signal, telemetry::Metrics& metrics,
                           const Options& options)
    : keep_up_(std::move(keep_up)),
      signal_(signal),
      options_(options),
      settled_(metrics.GetCounter("cityinfo_articles_settled_total",
                                  "Scheduled moments that were written down.")),
      purged_(metrics.GetCounter("cityinfo_articles_purged_total",
                                 "Deleted articles that were removed for good.")),
      trimmed_(metrics.GetCounter("cityinfo_articles_changes_trimmed_total",
                                  "Old changes that left the change feed.")),
      failures_(metrics.GetCounter("cityinfo_articles_upkeep_failures_total",
                                   "Attempts at the archive's upkeep that failed.")),
      thread_([this] { Run(); }) {}

UpkeepThread::~UpkeepThread() {
  stopped_.store(true, std::memory_order_release);
  signal_.Wake();
}

void UpkeepThread::Run() {
  while (!stopped()) {
    const absl::Time begun = absl::Now();
    // What is committed from here on may not have been seen.
    const int64_t seen = signal_.newest();
    const absl::StatusOr<Upkeep> done = keep_up_(begun + options_.timeout);
    Report(done);
    if (done.ok() && done->more) {
      SleepUntil(absl::Now() + kBreath);
      continue;
    }
    // After a failure it is not known when something is due: soon, then.
    const absl::Time due = done.ok() ? done->next_due + kSurely : absl::InfinitePast();
    signal_.WaitBeyond(seen, std::min(due, begun + options_.idle), [this] { return stopped(); });
    SleepUntil(begun + options_.pause);
  }
}

void UpkeepThread::Report(const absl::StatusOr<Upkeep>& done) {
  if (!done.ok()) {
    failures_.Increment();
    if (!std::exchange(failing_, true)) {
      log::Warning("the archive's upkeep fails; it is tried again", {{"error", done.status()}});
    }
    return;
  }
  if (std::exchange(failing_, false)) log::Info("the archive's upkeep works again");
  settled_.Increment(done->settled);
  purged_.Increment(done->purged);
  trimmed_.Increment(done->trimmed);
  if (done->settled + done->purged + done->trimmed > 0) {
    log::Info("the archive was kept up",
              {{"settled", done->settled}, {"purged", done->purged}, {"trimmed", done->trimmed}});
  }
}

void UpkeepThread::SleepUntil(absl::Time time) {
  signal_.WaitBeyond(std::numeric_limits<int64_t>::max(), time, [this] { return stopped(); });
}

}  // namespace cityinfo::articles
