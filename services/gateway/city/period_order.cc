#include "services/gateway/city/period_order.h"

#include <optional>

#include "absl/strings/numbers.h"

namespace cityinfo::gateway {
namespace {

struct Days {
  int first;
  int last;
};

Days Months(int year, int first, int last) {
  return {year * 10000 + first * 100 + 1, year * 10000 + last * 100 + 31};
}

std::optional<Days> SinglePeriod(absl::string_view text) {
  int year = 0;
  int part = 0;
  int day = 0;
  if (text.size() < 4 || !absl::SimpleAtoi(text.substr(0, 4), &year)) return std::nullopt;
  const absl::string_view rest = text.substr(4);
  if (rest.empty()) return Months(year, 1, 12);
  if (rest.size() == 3 && rest[0] == '-') {
    const bool quarter = rest[1] == 'Q';
    const bool half = rest[1] == 'H';
    if (!absl::SimpleAtoi(rest.substr(quarter || half ? 2 : 1), &part)) return std::nullopt;
    if (quarter) return Months(year, part * 3 - 2, part * 3);
    if (half) return Months(year, part * 6 - 5, part * 6);
    return Months(year, part, part);
  }
  if (rest.size() == 6 && absl::SimpleAtoi(rest.substr(1, 2), &part) &&
      absl::SimpleAtoi(rest.substr(4, 2), &day)) {
    const int date = year * 10000 + part * 100 + day;
    return Days{date, date};
  }
  return std::nullopt;
}

}  // namespace

PeriodOrder OrderOf(absl::string_view period) {
  const size_t slash = period.find('/');
  const std::optional<Days> first = SinglePeriod(period.substr(0, slash));
  const std::optional<Days> last =
      slash == absl::string_view::npos ? first : SinglePeriod(period.substr(slash + 1));
  if (!first.has_value() || !last.has_value()) return {};
  return {.end = last->last, .negative_start = -first->first};
}

}  // namespace cityinfo::gateway
