#include "services/metrics/domain/observation_query.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

template <typename T>
void SortUnique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// A text with its length in front, so that no value can run into the next.
void Append(absl::string_view text, std::string& out) {
  absl::StrAppend(&out, text.size(), ":", text, ",");
}

void AppendAll(const std::vector<std::string>& texts, std::string& out) {
  absl::StrAppend(&out, texts.size(), "[");
  for (const std::string& text : texts) Append(text, out);
  out += "]";
}

template <typename Enum>
void AppendNames(const std::vector<Enum>& values, std::string& out) {
  absl::StrAppend(&out, values.size(), "[");
  for (const Enum value : values) absl::StrAppend(&out, ToString(value), ",");
  out += "]";
}

}  // namespace

void ObservationQuery::Normalize() {
  SortUnique(indicators);
  SortUnique(places);
  SortUnique(measures);
  if (last_n > 0 && kinds.empty()) kinds = {Kind::kActual};
  SortUnique(kinds);
  SortUnique(granularities);
}

std::string ObservationQuery::FilterText() const {
  std::string text = "observations/1;";
  AppendAll(indicators, text);
  AppendAll(places, text);
  AppendNames(measures, text);
  AppendNames(kinds, text);
  absl::StrAppend(&text, "from=", period_from.has_value() ? period_from->ToString() : "",
                  ";to=", period_to.has_value() ? period_to->ToString() : "", ";last=", last_n,
                  ";as_of=");
  if (as_of.has_value()) absl::StrAppend(&text, absl::ToUnixMicros(*as_of));
  text += ";published=";
  if (published_as_of.has_value()) text += base::FormatDate(*published_as_of);
  // What came later is written where it is asked for only: page tokens of the release before, whose
  // questions had none of it, stay good.
  if (!granularities.empty()) {
    text += ";granularities=";
    AppendNames(granularities, text);
  }
  if (units != Units::kLin) {
    absl::StrAppend(&text, ";units=", ToString(units),
                    ";index=", index_period.has_value() ? index_period->ToString() : "");
  }
  return text;
}

std::string ObservationQuery::CanonicalText() const {
  return absl::StrCat(FilterText(), ";size=", page_size,
                      ";after=", after.has_value() ? after->ToId() : "");
}

}  // namespace cityinfo::metrics
