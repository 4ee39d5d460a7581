#include "services/metrics/domain/event.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "platform/base/digest.h"
#include "platform/base/utf8.h"

namespace cityinfo::metrics {
namespace {

// A line wrapped elsewhere is the same sentence.
std::string WithoutSpace(absl::string_view text) {
  std::string kept = absl::StrReplaceAll(text, {{"\u3000", ""}});
  kept.erase(std::remove_if(kept.begin(), kept.end(),
                            [](unsigned char c) { return absl::ascii_isspace(c); }),
             kept.end());
  return kept;
}

// The date as printed.
std::string PrintedDate(const Citation& citation) {
  return std::string(base::SubstrCodePoints(citation.quote, citation.value_start - citation.start,
                                            citation.value_end - citation.start));
}

}  // namespace

base::Date FirstDay(const Event& event) {
  const base::Date& date = event.date;
  return {date.year, date.month == 0 ? 1 : date.month, date.day == 0 ? 1 : date.day};
}

base::Date LastDay(const Event& event) {
  base::Date date = event.end_date.value_or(event.date);
  if (date.month == 0) date.month = 12;
  if (date.day == 0) date.day = base::LastDayOfMonth(date.year, date.month);
  return date;
}

void AssignEventIds(absl::string_view article, std::vector<Event>& events) {
  std::map<std::pair<std::string, std::string>, int> seen;
  for (Event& event : events) {
    std::string quote = WithoutSpace(event.citation.quote);
    std::string date = WithoutSpace(PrintedDate(event.citation));
    const int occurrence = ++seen[{quote, date}];
    const std::string digest = base::Sha256Hex(
        absl::StrCat("event\n", article, "\n", quote, "\n", date, "\n", occurrence));
    event.id = digest.substr(0, 24);
  }
}

}  // namespace cityinfo::metrics
