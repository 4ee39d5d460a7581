#include "services/gateway/tables/sdmx_period.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {
namespace {

constexpr int kMonthsInYear = 12;

SdmxPeriod Span(absl::string_view period) {
  const std::pair<absl::string_view, absl::string_view> ends = absl::StrSplit(period, '/');
  const SdmxPeriod unknown{.frequency = "_U", .time_period = std::string(period)};
  int first_year = 0;
  int last_year = 0;
  if (!absl::SimpleAtoi(ends.first.substr(0, 4), &first_year) ||
      !absl::SimpleAtoi(ends.second.substr(0, 4), &last_year)) {
    return unknown;
  }
  if (ends.first.size() == 4 && ends.second.size() == 4) {
    return {.frequency = "_O",
            .time_period = absl::StrCat(ends.first, "-01-01/P", last_year - first_year + 1, "Y")};
  }
  int first_month = 0;
  int last_month = 0;
  if (ends.first.size() != 7 || ends.second.size() != 7 ||
      !absl::SimpleAtoi(ends.first.substr(5), &first_month) ||
      !absl::SimpleAtoi(ends.second.substr(5), &last_month)) {
    return unknown;
  }
  const int months = (last_year - first_year) * kMonthsInYear + last_month - first_month + 1;
  return {.frequency = "_O", .time_period = absl::StrCat(ends.first, "-01/P", months, "M")};
}

}  // namespace

SdmxPeriod ToSdmxPeriod(absl::string_view period) {
  if (period.find('/') != absl::string_view::npos) return Span(period);
  const std::string text(period);
  switch (text.size()) {
    case 4:
      return {.frequency = "A", .time_period = text};
    case 7:
      if (text[5] == 'H') return {"S", absl::StrReplaceAll(text, {{"H", "S"}})};
      return {.frequency = text[5] == 'Q' ? "Q" : "M", .time_period = text};
    case 10:
      return {.frequency = "D", .time_period = text};
    default:
      return {.frequency = "_U", .time_period = text};
  }
}

}  // namespace cityinfo::gateway
