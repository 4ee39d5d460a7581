#include "services/metrics/domain/observation.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace cityinfo::metrics {
namespace {

absl::Status NotAnId(absl::string_view id) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", id.substr(0, 120),
      "\" is not an observation: expected {indicator}.{place}.{measure}.{kind}.{period}"));
}

}  // namespace

std::string ObservationKey::ToId() const {
  return absl::StrCat(indicator, ".", place, ".", ToString(measure), ".", ToString(kind), ".",
                      absl::StrReplaceAll(period.ToString(), {{"/", "_"}}));
}

absl::StatusOr<ObservationKey> ObservationKey::FromId(absl::string_view id) {
  const std::vector<absl::string_view> parts = absl::StrSplit(id, '.');
  if (parts.size() != 5 || parts[0].empty() || parts[1].empty()) return NotAnId(id);
  const std::optional<Measure> measure = ParseMeasure(parts[2]);
  const std::optional<Kind> kind = ParseKind(parts[3]);
  const absl::StatusOr<Period> period = Period::Parse(absl::StrReplaceAll(parts[4], {{"_", "/"}}));
  if (!measure.has_value() || !kind.has_value() || !period.ok()) return NotAnId(id);
  ObservationKey key{.indicator = std::string(parts[0]),
                     .place = std::string(parts[1]),
                     .measure = *measure,
                     .kind = *kind,
                     .period = *period};
  if (key.ToId() != id) return NotAnId(id);
  return key;
}

bool operator<(const ObservationKey& a, const ObservationKey& b) {
  const auto series = [](const ObservationKey& key) {
    return std::tie(key.indicator, key.place, key.measure, key.kind);
  };
  if (series(a) != series(b)) return series(a) < series(b);
  if (a.period.last_day() != b.period.last_day()) return a.period.last_day() < b.period.last_day();
  if (a.period.first_day() != b.period.first_day()) {
    return a.period.first_day() < b.period.first_day();
  }
  return a.period.ToString() < b.period.ToString();
}

}  // namespace cityinfo::metrics
