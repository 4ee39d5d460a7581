#include "services/metrics/harvest/harvest_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/log/log.h"
#include "services/metrics/domain/extraction/extractor.h"

namespace cityinfo::metrics {
namespace {

constexpr char kComponent[] = "harvest";

// From a blink to an hour: after an outage old articles are read late, and the objective lies in
// between.
const std::vector<double>& FreshnessBuckets() {
  static const auto* const buckets =
      new std::vector<double>{0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 900, 3600};
  return *buckets;
}

telemetry::Counter& Figures(telemetry::Metrics& metrics, const char* what) {
  return metrics.GetCounter("cityinfo_metrics_harvest_figures_total",
                            "Figures stated anew, retracted, or left out as uncitable.",
                            {{"what", what}});
}

}  // namespace

HarvestReport::HarvestReport(health::Health& health, telemetry::Metrics& metrics,
                             absl::Duration tolerated_lag)
    : health_(health),
      tolerated_lag_(tolerated_lag),
      lease_gauge_(metrics.GetGauge("cityinfo_metrics_harvest_lease_held",
                                    "1 while this process is the one that harvests, else 0.")),
      term_gauge_(metrics.GetGauge("cityinfo_metrics_harvest_lease_term",
                                   "Term of the harvest lease this process holds or last held.")),
      position_gauge_(
          metrics.GetGauge("cityinfo_metrics_harvest_position",
                           "Position in the articles' feed of the last change applied.")),
      feed_position_gauge_(metrics.GetGauge("cityinfo_metrics_harvest_feed_position",
                                            "Farthest position the articles' feed has spoken of.")),
      lag_gauge_(metrics.GetGauge("cityinfo_metrics_harvest_lag_seconds",
                                  "Age of the change that is applied next; 0 when none waits.")),
      changes_(metrics.GetCounter("cityinfo_metrics_harvest_changes_total",
                                  "Changes of articles applied.")),
      stated_(Figures(metrics, "stated")),
      retracted_(Figures(metrics, "retracted")),
      uncitable_(Figures(metrics, "uncitable")),
      skipped_(metrics.GetCounter("cityinfo_metrics_harvest_skipped_total",
                                  "Articles whose figures could not be read or stored.")),
      refusals_(metrics.GetCounter("cityinfo_metrics_harvest_store_refusals_total",
                                   "Writes the store could not do; they are tried again.")),
      breaks_(metrics.GetCounter("cityinfo_metrics_harvest_breaks_total",
                                 "Times the articles' feed was lost.")),
      figures_read_(metrics.GetCounter("cityinfo_metrics_harvest_figures_read_total",
                                       "Figures found in published articles.")),
      events_read_(metrics.GetCounter("cityinfo_metrics_harvest_events_read_total",
                                      "Dated events found in published articles.")),
      freshness_(metrics.GetHistogram(
          "cityinfo_metrics_freshness_seconds",
          "Time from an article being published or corrected to its figures being readable.", {},
          FreshnessBuckets())) {
  for (int doubt = 0; doubt <= static_cast<int>(Doubt::kImplausible); ++doubt) {
    const std::string name(ToString(static_cast<Doubt>(doubt)));
    doubts_.emplace(name, &metrics.GetCounter("cityinfo_metrics_harvest_doubts_total",
                                              "Reasons for which figures found deserve a second "
                                              "look; one figure may have several.",
                                              {{"doubt", name}}));
  }
  health_.Register(kComponent, /*required=*/false);
  absl::MutexLock lock(&mutex_);
  UpdateHealth();
}

void HarvestReport::HoldsLease(const HarvestLease& lease) {
  log::Info("this process harvests", {{"term", lease.term}});
  absl::MutexLock lock(&mutex_);
  lease_ = Lease::kHeld;
  progress_.term = lease.term;
  trouble_.clear();
  lease_gauge_.Set(1);
  term_gauge_.Set(static_cast<double>(lease.term));
  UpdateHealth();
}

void HarvestReport::HarvestedElsewhere() {
  absl::MutexLock lock(&mutex_);
  if (lease_ == Lease::kHeld) log::Warning("another process has taken over the harvest", {});
  GiveUpHarvest(Lease::kElsewhere);
  trouble_.clear();
  UpdateHealth();
}

void HarvestReport::LeaseUnknown(const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  if (trouble_.empty()) {
    log::Warning("the store cannot say who harvests; asking again",
                 {{"error", base::ErrorText(why)}});
  }
  GiveUpHarvest(Lease::kUnknown);
  trouble_ = absl::StrCat("the store cannot say who harvests: ", why.message());
  UpdateHealth();
}

void HarvestReport::GiveUpHarvest(Lease lease) {
  lease_ = lease;
  progress_.term = 0;
  progress_.connected = false;
  progress_.lag = absl::ZeroDuration();
  lease_gauge_.Set(0);
  lag_gauge_.Set(0);
}

void HarvestReport::Starts(std::int64_t position) {
  absl::MutexLock lock(&mutex_);
  progress_.position = std::max(progress_.position, position);
  progress_.feed_position = std::max(progress_.feed_position, position);
  position_gauge_.Set(static_cast<double>(progress_.position));
}

void HarvestReport::Hears(std::int64_t feed_position) {
  absl::MutexLock lock(&mutex_);
  if (!progress_.connected) {
    progress_.connected = true;
    trouble_.clear();
    log::Info("following the articles' feed", {{"position", progress_.position}});
  }
  progress_.feed_position = std::max(progress_.feed_position, feed_position);
  feed_position_gauge_.Set(static_cast<double>(progress_.feed_position));
  UpdateHealth();
}

void HarvestReport::Applied(const ArticleChange& change, const AppliedChange& applied,
                            absl::Duration delay) {
  stated_.Increment(applied.figures_stated);
  retracted_.Increment(applied.figures_retracted);
  if (!applied.replayed) {
    changes_.Increment();
    if (change.published) CountPublished(change, delay);
  }
  absl::MutexLock lock(&mutex_);
  if (!applied.replayed) ++progress_.changes;
  progress_.position = std::max(progress_.position, change.feed_position);
  position_gauge_.Set(static_cast<double>(progress_.position));
  trouble_.clear();
}

void HarvestReport::CountPublished(const ArticleChange& change, absl::Duration delay) {
  freshness_.Observe(absl::ToDoubleSeconds(delay));
  figures_read_.Increment(static_cast<double>(change.figures.size()));
  events_read_.Increment(static_cast<double>(change.events.size()));
  for (const Figure& figure : change.figures) {
    for (const std::string& doubt : figure.doubts) {
      if (const auto found = doubts_.find(doubt); found != doubts_.end()) {
        found->second->Increment();
      }
    }
  }
}

void HarvestReport::CaughtUp() { Lags(absl::ZeroDuration()); }

void HarvestReport::Lags(absl::Duration lag) {
  absl::MutexLock lock(&mutex_);
  progress_.lag = std::max(lag, absl::ZeroDuration());
  lag_gauge_.Set(absl::ToDoubleSeconds(progress_.lag));
  UpdateHealth();
}

void HarvestReport::Skipped(const ArticleChange& change, const absl::Status& why) {
  log::Error("the figures of an article are skipped", {{"article", change.article},
                                                       {"revision", change.revision},
                                                       {"position", change.feed_position},
                                                       {"error", base::ErrorText(why)}});
  absl::MutexLock lock(&mutex_);
  if (change.feed_position != last_skipped_position_) {
    last_skipped_position_ = change.feed_position;
    skipped_.Increment();
    ++progress_.skipped;
  }
  progress_.last_skipped = absl::StrCat(change.article, ": ", why.message());
}

void HarvestReport::DroppedFigures(int count) { uncitable_.Increment(count); }

void HarvestReport::StoreRefused(const absl::Status& why) {
  refusals_.Increment();
  absl::MutexLock lock(&mutex_);
  // Once per trouble: it is tried again many times.
  if (trouble_.empty()) {
    log::Warning("the store cannot take harvested figures now; trying again",
                 {{"error", base::ErrorText(why)}});
  }
  trouble_ = absl::StrCat("the store does not take figures: ", why.message());
  UpdateHealth();
}

void HarvestReport::FeedBroke(const absl::Status& why) {
  breaks_.Increment();
  absl::MutexLock lock(&mutex_);
  if (trouble_.empty()) {
    log::Warning("the articles' feed is lost; connecting again", {{"error", base::ErrorText(why)}});
  }
  LoseFeed(absl::StrCat("the articles' feed is lost: ", why.message()));
}

void HarvestReport::FeedReadAnew(const absl::Status& why) {
  breaks_.Increment();
  absl::MutexLock lock(&mutex_);
  log::Warning("changes left the articles' feed before they were harvested; it is read again",
               {{"position", progress_.position}, {"error", base::ErrorText(why)}});
  LoseFeed("the articles' feed is read again from its beginning");
}

void HarvestReport::FeedWentBack(const absl::Status& why) {
  breaks_.Increment();
  absl::MutexLock lock(&mutex_);
  log::Error("the articles' feed ends before what was harvested; the harvest stands still",
             {{"position", progress_.position}, {"error", base::ErrorText(why)}});
  LoseFeed(absl::StrCat("the articles' feed ends before position ", progress_.position,
                        ", which was harvested: articles was restored from an older backup than "
                        "metrics; restore metrics from one that is older still"));
}

void HarvestReport::LoseFeed(std::string trouble) {
  progress_.connected = false;
  ++progress_.breaks;
  trouble_ = std::move(trouble);
  UpdateHealth();
}

HarvestProgress HarvestReport::progress() const {
  absl::MutexLock lock(&mutex_);
  return progress_;
}

void HarvestReport::UpdateHealth() {
  if (lease_ == Lease::kElsewhere) {
    health_.Set(kComponent, health::State::kOk, "harvested elsewhere");
  } else if (!trouble_.empty()) {
    health_.Set(kComponent, health::State::kDegraded, trouble_);
  } else if (lease_ == Lease::kUnknown) {
    health_.Set(kComponent, health::State::kDegraded, "who harvests is not known yet");
  } else if (!progress_.connected) {
    health_.Set(kComponent, health::State::kDegraded, "the articles' feed has not answered yet");
  } else if (progress_.lag > tolerated_lag_) {
    health_.Set(kComponent, health::State::kDegraded,
                absl::StrCat("catching up: ",
                             absl::FormatDuration(absl::Trunc(progress_.lag, absl::Seconds(1))),
                             " behind the articles' feed"));
  } else {
    health_.Set(kComponent, health::State::kOk);
  }
}

}  // namespace cityinfo::metrics
