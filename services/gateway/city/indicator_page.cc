#include "services/gateway/city/indicator_page.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "platform/base/error.h"
#include "services/gateway/city/period_granularity.h"
#include "services/gateway/city/period_order.h"
#include "services/gateway/city/section_status.h"

namespace cityinfo::gateway {
namespace {

using metrics::v1::Citation;
using metrics::v1::Observation;

constexpr size_t kMostSeries = 40;
constexpr size_t kLongestSeries = 200;
constexpr size_t kMostCitations = 20;
constexpr size_t kMostParts = 50;

// Where a value stands in a list of preferences; behind all of them when it is in none.
template <typename Value, size_t kCount>
int RankIn(const Value (&preferred)[kCount], Value value) {
  return static_cast<int>(std::find(preferred, preferred + kCount, value) - preferred);
}

int RankOf(metrics::v1::Kind kind) {
  constexpr metrics::v1::Kind kOrder[] = {metrics::v1::ACTUAL, metrics::v1::FORECAST,
                                          metrics::v1::TARGET};
  return RankIn(kOrder, kind);
}

int RankOf(metrics::v1::Granularity granularity) {
  constexpr metrics::v1::Granularity kOrder[] = {
      metrics::v1::YEARLY,    metrics::v1::YEAR_SPAN,         metrics::v1::HALF_YEARLY,
      metrics::v1::QUARTERLY, metrics::v1::CUMULATIVE_MONTHS, metrics::v1::MONTHLY,
      metrics::v1::DAILY,     metrics::v1::MONTH_SPAN};
  return RankIn(kOrder, granularity);
}

int RankOf(metrics::v1::Measure measure) {
  constexpr metrics::v1::Measure kOrder[] = {
      metrics::v1::LEVEL,  metrics::v1::YOY_GROWTH, metrics::v1::AVERAGE_GROWTH, metrics::v1::SHARE,
      metrics::v1::CHANGE, metrics::v1::RANK,       metrics::v1::MULTIPLE};
  return RankIn(kOrder, measure);
}

void AddSeries(std::vector<Observation> observations, v1::IndicatorPage* page) {
  std::map<std::tuple<int, int, int>, std::vector<Observation>> all;
  for (Observation& observation : observations) {
    const std::tuple<int, int, int> rank = {RankOf(observation.kind()),
                                            RankOf(GranularityOf(observation.period())),
                                            RankOf(observation.measure())};
    all[rank].push_back(std::move(observation));
  }
  for (auto& [rank, line] : all) {
    if (page->series_size() == kMostSeries) return;
    std::stable_sort(line.begin(), line.end(), [](const Observation& a, const Observation& b) {
      return OrderOf(a.period()) < OrderOf(b.period());
    });
    v1::Series* series = page->add_series();
    series->set_measure(line.front().measure());
    series->set_kind(line.front().kind());
    series->set_granularity(GranularityOf(line.front().period()));
    const size_t first = line.size() > kLongestSeries ? line.size() - kLongestSeries : 0;
    for (size_t i = first; i < line.size(); ++i) series->add_observations()->Swap(&line[i]);
  }
}

auto Newness(const Citation& citation) {
  const google::type::Date& date = citation.publish_date();
  return std::make_tuple(date.year(), date.month(), date.day());
}

// One sentence may state many values.
void AddCitations(v1::IndicatorPage* page) {
  std::vector<const Citation*> all;
  for (const v1::Series& series : page->series()) {
    for (const Observation& observation : series.observations()) {
      for (const Citation& citation : observation.citations()) all.push_back(&citation);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Citation* a, const Citation* b) {
    if (Newness(*a) != Newness(*b)) return Newness(*a) > Newness(*b);
    return std::make_tuple(a->article(), a->block(), a->start()) <
           std::make_tuple(b->article(), b->block(), b->start());
  });
  std::set<std::tuple<std::string, int, std::int64_t, std::int64_t>> seen;
  for (const Citation* citation : all) {
    if (page->citations_size() == kMostCitations) return;
    if (seen.emplace(citation->article(), citation->block(), citation->start(), citation->end())
            .second) {
      *page->add_citations() = *citation;
    }
  }
}

// The newest of each part, all of one measure: the first in preference that any part has.
void AddParts(std::vector<Observation> observations, v1::IndicatorPage* page) {
  std::map<std::string, Observation*> newest;
  int best = RankOf(metrics::v1::MULTIPLE) + 1;
  for (const Observation& observation : observations) {
    best = std::min(best, RankOf(observation.measure()));
  }
  for (Observation& observation : observations) {
    if (RankOf(observation.measure()) != best) continue;
    Observation*& kept = newest[observation.place()];
    if (kept == nullptr || OrderOf(observation.period()) > OrderOf(kept->period())) {
      kept = &observation;
    }
  }
  for (auto& [place, observation] : newest) {
    if (page->parts_size() == kMostParts) return;
    page->add_parts()->Swap(observation);
  }
}

bool IsTheirFault(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsInvalidArgument(status);
}

// The page is nothing without its indicator and its place; a moment that cannot be asked about is
// refused rather than answered with less.
absl::Status CheckAsked(const IndicatorParts& parts) {
  if (!parts.indicator.ok()) return parts.indicator.status();
  if (IsTheirFault(parts.place.status())) {
    return absl::IsNotFound(parts.place.status())
               ? parts.place.status()
               : base::InvalidArgument("place", parts.place.status().message(), "INVALID_PLACE");
  }
  for (const base::FieldViolation& violation : base::FieldViolations(parts.years.status())) {
    if (violation.field == "as_of") return parts.years.status();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::IndicatorPage> ComposeIndicatorPage(const std::string& place,
                                                       IndicatorParts parts) {
  if (absl::Status status = CheckAsked(parts); !status.ok()) return status;
  v1::IndicatorPage page;
  *page.mutable_indicator() = *std::move(parts.indicator);
  page.mutable_place()->set_code(place);
  if (parts.place.ok()) *page.mutable_place() = *std::move(parts.place);
  const absl::Status series = parts.years.ok() ? parts.shorter.status() : parts.years.status();
  std::vector<Observation> observations;
  for (auto* some : {&parts.years, &parts.shorter}) {
    if (!some->ok()) continue;
    std::move((*some)->begin(), (*some)->end(), std::back_inserter(observations));
  }
  AddSeries(std::move(observations), &page);
  AddCitations(&page);
  if (parts.progress.ok()) page.mutable_progress()->Swap(parts.progress->mutable_progress());
  if (parts.findings.ok()) page.mutable_findings()->Swap(parts.findings->mutable_findings());
  if (parts.parts.ok()) AddParts(*std::move(parts.parts), &page);
  AddSection("place", parts.place.status(), page.mutable_sections());
  AddSection("series", series, page.mutable_sections());
  AddSection("citations", series, page.mutable_sections());
  AddSection("progress", parts.progress.status(), page.mutable_sections());
  AddSection("findings", parts.findings.status(), page.mutable_sections());
  AddSection("parts", parts.parts.status(), page.mutable_sections());
  return page;
}

}  // namespace cityinfo::gateway
