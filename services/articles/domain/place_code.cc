#include "services/articles/domain/place_code.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::articles {
namespace {

constexpr char kNation[] = "100000";

// Sorted.
constexpr const char* kKnownPlaces[] = {
#include "services/articles/domain/known_places.inc"
};

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

std::string NormalisePlaceCode(absl::string_view code) {
  if (!AllDigits(code) || code == kNation) return std::string(code);
  if (code.size() == 9 && code.substr(6) == "000") code = code.substr(0, 6);
  if (code == kNation) return std::string(code);
  if (code.size() == 6 && code.substr(4) == "00") code = code.substr(0, 4);
  if (code.size() == 4 && code.substr(2) == "00") code = code.substr(0, 2);
  return std::string(code);
}

bool IsKnownPlace(absl::string_view code) {
  const auto* found = std::lower_bound(std::begin(kKnownPlaces), std::end(kKnownPlaces), code,
                                       [](const char* known, absl::string_view wanted) {
                                         return absl::string_view(known) < wanted;
                                       });
  return found != std::end(kKnownPlaces) && absl::string_view(*found) == code;
}

absl::StatusOr<std::string> ParsePlaceCode(absl::string_view code, absl::string_view field) {
  if (code.empty()) {
    return base::InvalidArgument(field, "is required: a place code of GB/T 2260, such as 522601",
                                 "INVALID_PLACE");
  }
  constexpr std::array<size_t, 4> kLengths = {2, 4, 6, 9};
  if (!AllDigits(code) ||
      std::find(kLengths.begin(), kLengths.end(), code.size()) == kLengths.end()) {
    return base::InvalidArgument(
        field, "must be a place code of GB/T 2260: 2, 4, 6 or 9 digits, such as 522601",
        "INVALID_PLACE");
  }
  std::string normal = NormalisePlaceCode(code);
  if (!IsKnownPlace(normal)) {
    return base::InvalidArgument(field, absl::StrCat("no place with the code ", code, " is known"),
                                 "UNKNOWN_PLACE");
  }
  return normal;
}

}  // namespace cityinfo::articles
