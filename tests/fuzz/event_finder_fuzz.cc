// Looks for events in whatever bytes come and stops at the first that does not hold together.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/extraction/event_finder.h"

namespace {

using cityinfo::metrics::DatePrecision;
using cityinfo::metrics::ExtractedEvent;

bool IsDate(const cityinfo::base::Date& date, DatePrecision precision) {
  const bool month = precision != DatePrecision::kYear;
  const bool day = precision == DatePrecision::kDay;
  if ((date.month != 0) != month || (date.day != 0) != day) return false;
  return cityinfo::base::IsValidDate({date.year, month ? date.month : 1, day ? date.day : 1});
}

const char* FaultOf(const ExtractedEvent& event, absl::string_view text) {
  if (!IsDate(event.date, event.precision)) return "the date is none";
  if (event.end_date && !IsDate(*event.end_date, event.precision)) return "the last day is none";
  if (event.end_date && *event.end_date <= event.date) return "it ends before it begins";
  if (event.summary.empty()) return "nothing happened";
  if (event.date_span.start >= event.date_span.end ||
      event.date_span.start < event.quote_span.start ||
      event.date_span.end > event.quote_span.end) {
    return "the date does not stand in the sentence";
  }
  const absl::string_view quote =
      cityinfo::base::SubstrCodePoints(text, event.quote_span.start, event.quote_span.end);
  return quote == event.quote ? nullptr : "the sentence is not the text's";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  static const char* const kPublished[] = {"2021-12-20", "2021-12-01", "2021-12", "2021"};
  const char* published = kPublished[size % 4];
  for (const ExtractedEvent& event : cityinfo::metrics::FindEvents(
           text, {.publish_date = *cityinfo::metrics::Period::Parse(published),
                 .place_code = "522601",
                 .catalogue = &cityinfo::metrics::Catalogue::Embedded()})) {
    if (const char* fault = FaultOf(event, text); fault != nullptr) {
      std::fprintf(stderr, "event_finder_fuzz: %s: %s\n", fault, event.summary.c_str());
      std::abort();
    }
  }
  return 0;
}
