#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "platform/base/date.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// Reading single fields of requests. Every error is INVALID_ARGUMENT on `field` and says what is
// wrong.

// A whole, real day.
absl::StatusOr<base::Date> ReadDate(const google::type::Date& date, absl::string_view field);

// A day, a month (day 0) or a year (month and day 0): as exactly as a publish date is known.
absl::StatusOr<Period> ReadPartialDate(const google::type::Date& date, absl::string_view field);

// To the microsecond, cut off. Whether it has come yet is the store's to say: its replicas' clocks
// may differ.
absl::StatusOr<absl::Time> ReadMoment(const google::protobuf::Timestamp& moment,
                                      absl::string_view field);

absl::StatusOr<Period> ReadPeriod(absl::string_view text, absl::string_view field);

// An id of the catalogue.
absl::StatusOr<std::string> ReadIndicator(absl::string_view id, const Catalogue& catalogue,
                                          absl::string_view field);
// The normalised code of a place of the catalogue.
absl::StatusOr<std::string> ReadPlace(absl::string_view code, const Catalogue& catalogue,
                                      absl::string_view field);
// Lists of them, at most ObservationQuery::kMaxFilterValues; errors name the element, "places[3]".
absl::StatusOr<std::vector<std::string>> ReadIndicators(
    const google::protobuf::RepeatedPtrField<std::string>& ids, const Catalogue& catalogue);
absl::StatusOr<std::vector<std::string>> ReadPlaces(
    const google::protobuf::RepeatedPtrField<std::string>& codes, const Catalogue& catalogue,
    absl::string_view field = "places");

// The id in a resource name: "gdp" of "indicators/gdp".
absl::StatusOr<std::string> ReadName(absl::string_view name, absl::string_view collection,
                                     absl::string_view field);

// The text a person may read in an error: quoted, cut, without control characters.
std::string Quoted(absl::string_view text);

}  // namespace cityinfo::metrics
