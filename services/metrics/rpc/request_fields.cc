#include "services/metrics/rpc/request_fields.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/observation_query.h"
#include "services/metrics/domain/place_code.h"

namespace cityinfo::metrics {
namespace {

constexpr int kQuotedCodePoints = 40;
constexpr std::int64_t kFirstSecond = -62135596800;  // 0001-01-01, as Timestamp has it
constexpr std::int64_t kLastSecond = 253402300799;   // 9999-12-31

template <typename Read>
absl::StatusOr<std::vector<std::string>> ReadAll(
    const google::protobuf::RepeatedPtrField<std::string>& values, absl::string_view field,
    Read read) {
  if (values.size() > ObservationQuery::kMaxFilterValues) {
    return base::InvalidArgument(field,
                                 absl::StrCat("at most ", ObservationQuery::kMaxFilterValues,
                                              " may be asked for, not ", values.size()),
                                 "TOO_MANY_VALUES");
  }
  std::vector<std::string> all;
  for (int i = 0; i < values.size(); ++i) {
    CITY_ASSIGN_OR_RETURN(std::string value, read(values.Get(i), absl::StrCat(field, "[", i, "]")));
    all.push_back(std::move(value));
  }
  return all;
}

std::string DateText(const google::type::Date& date) {
  return absl::StrCat(date.year(), "-", date.month(), "-", date.day());
}

}  // namespace

std::string Quoted(absl::string_view text) {
  std::string shown;
  for (const char c : base::SubstrCodePoints(text, 0, kQuotedCodePoints)) {
    shown.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
  return absl::StrCat("\"", shown, shown.size() < text.size() ? "…\"" : "\"");
}

absl::StatusOr<base::Date> ReadDate(const google::type::Date& date, absl::string_view field) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) {
    return base::InvalidArgument(field, "is required", "REQUIRED");
  }
  const base::Date day{.year = date.year(), .month = date.month(), .day = date.day()};
  if (!base::IsValidDate(day)) {
    return base::InvalidArgument(
        field, absl::StrCat(DateText(date), " is not a day of the calendar"), "INVALID_DATE");
  }
  return day;
}

absl::StatusOr<Period> ReadPartialDate(const google::type::Date& date, absl::string_view field) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) {
    return base::InvalidArgument(field, "is required", "REQUIRED");
  }
  const base::Date first{.year = date.year(),
                         .month = date.month() == 0 ? 1 : date.month(),
                         .day = date.day() == 0 ? 1 : date.day()};
  if (!base::IsValidDate(first) || (date.month() == 0 && date.day() != 0)) {
    return base::InvalidArgument(
        field, absl::StrCat(DateText(date), " is neither a day nor a month nor a year"),
        "INVALID_DATE");
  }
  if (date.month() == 0) return Period::Year(date.year());
  if (date.day() == 0) return Period::Month(date.year(), date.month());
  return Period::Day(date.year(), date.month(), date.day());
}

absl::StatusOr<absl::Time> ReadMoment(const google::protobuf::Timestamp& moment,
                                      absl::string_view field) {
  if (moment.seconds() < kFirstSecond || moment.seconds() > kLastSecond || moment.nanos() < 0 ||
      moment.nanos() >= 1'000'000'000) {
    return base::InvalidArgument(field, "is not a moment between the years 1 and 9999",
                                 "INVALID_TIMESTAMP");
  }
  return absl::FromUnixSeconds(moment.seconds()) + absl::Microseconds(moment.nanos() / 1000);
}

absl::StatusOr<Period> ReadPeriod(absl::string_view text, absl::string_view field) {
  absl::StatusOr<Period> period = Period::Parse(text);
  if (!period.ok()) {
    return base::InvalidArgument(field, period.status().message(), "INVALID_PERIOD");
  }
  return period;
}

absl::StatusOr<std::string> ReadIndicator(absl::string_view id, const Catalogue& catalogue,
                                          absl::string_view field) {
  if (catalogue.FindIndicator(id) == nullptr) {
    return base::InvalidArgument(field,
                                 absl::StrCat(Quoted(id), " is not an indicator of the catalogue"),
                                 "UNKNOWN_INDICATOR");
  }
  return std::string(id);
}

absl::StatusOr<std::string> ReadPlace(absl::string_view code, const Catalogue& catalogue,
                                      absl::string_view field) {
  absl::StatusOr<std::string> normal = NormalizePlaceCode(code);
  if (!normal.ok()) {
    return base::InvalidArgument(field, normal.status().message(), "INVALID_PLACE");
  }
  if (catalogue.FindPlace(*normal) == nullptr) {
    return base::InvalidArgument(
        field, absl::StrCat(Quoted(code), " is not a place of the catalogue"), "UNKNOWN_PLACE");
  }
  return normal;
}

absl::StatusOr<std::vector<std::string>> ReadIndicators(
    const google::protobuf::RepeatedPtrField<std::string>& ids, const Catalogue& catalogue) {
  return ReadAll(ids, "indicators", [&](absl::string_view id, absl::string_view field) {
    return ReadIndicator(id, catalogue, field);
  });
}

absl::StatusOr<std::vector<std::string>> ReadPlaces(
    const google::protobuf::RepeatedPtrField<std::string>& codes, const Catalogue& catalogue,
    absl::string_view field) {
  return ReadAll(codes, field, [&](absl::string_view code, absl::string_view element) {
    return ReadPlace(code, catalogue, element);
  });
}

absl::StatusOr<std::string> ReadName(absl::string_view name, absl::string_view collection,
                                     absl::string_view field) {
  if (name.empty()) return base::InvalidArgument(field, "is required", "REQUIRED");
  const std::string prefix = absl::StrCat(collection, "/");
  if (!absl::StartsWith(name, prefix) || name.size() == prefix.size() ||
      absl::StrContains(name.substr(prefix.size()), '/')) {
    return base::InvalidArgument(
        field, absl::StrCat(Quoted(name), " is not of the form ", prefix, "{id}"), "INVALID_NAME");
  }
  return std::string(name.substr(prefix.size()));
}

}  // namespace cityinfo::metrics
