#include "cli/event_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace cityinfo::cli {
namespace {

std::string DateText(const Json& date) {
  std::string text = absl::StrFormat("%04d", date.value("year", 0));
  if (date.value("month", 0) != 0) absl::StrAppendFormat(&text, "-%02d", date.value("month", 0));
  if (date.value("day", 0) != 0) absl::StrAppendFormat(&text, "-%02d", date.value("day", 0));
  return text;
}

}  // namespace

std::string EventDateText(const Json& event) {
  const Json date = event.value("date", Json::object());
  const Json end = event.value("endDate", Json());
  return end.is_object() ? absl::StrCat(DateText(date), "..", DateText(end)) : DateText(date);
}

}  // namespace cityinfo::cli
