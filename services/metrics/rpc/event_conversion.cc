#include "services/metrics/rpc/event_conversion.h"

#include "absl/strings/str_cat.h"
#include "services/metrics/rpc/proto_values.h"

namespace cityinfo::metrics {
namespace {

v1::DatePrecision PrecisionOf(const Event& event) {
  switch (event.precision) {
    case DatePrecision::kDay:
      return v1::DAY;
    case DatePrecision::kMonth:
      return v1::MONTH;
    case DatePrecision::kYear:
      return v1::YEAR;
  }
  return v1::DATE_PRECISION_UNSPECIFIED;
}

// Months and days that are not known stay 0; a date of the calendar has none such.
void SetDate(const base::Date& date, google::type::Date* message) {
  message->set_year(date.year);
  message->set_month(date.month);
  message->set_day(date.day);
}

}  // namespace

v1::EventMention ToProto(const Event& event) {
  v1::EventMention message;
  if (!event.id.empty()) message.set_name(absl::StrCat("events/", event.id));
  SetDate(event.date, message.mutable_date());
  if (event.end_date.has_value()) SetDate(*event.end_date, message.mutable_end_date());
  message.set_precision(PrecisionOf(event));
  message.set_place(event.place);
  message.set_summary(event.summary);
  message.set_planned(event.planned);
  *message.mutable_citation() = ToProto(event.citation);
  return message;
}

}  // namespace cityinfo::metrics
