#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Codes of places after GB/T 2260: 2 digits a province, 4 a prefecture, 6 a county, 9 a street or
// town; 100000 is the nation. Which exist is compiled in from data/catalogue/places.tsv.
namespace cityinfo::articles {

// The short form: "522600" is "5226", "520000" is "52", "522601000" is "522601". "100000" stays.
// Anything that is not digits is returned as it is.
std::string NormalisePlaceCode(absl::string_view code);

// `code` is in its short form.
bool IsKnownPlace(absl::string_view code);

// The short form of a known place; INVALID_ARGUMENT on `field` (INVALID_PLACE, UNKNOWN_PLACE) else.
absl::StatusOr<std::string> ParsePlaceCode(absl::string_view code, absl::string_view field);

}  // namespace cityinfo::articles
