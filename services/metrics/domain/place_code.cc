#include "services/metrics/domain/place_code.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {

absl::StatusOr<std::string> NormalizePlaceCode(absl::string_view code) {
  const auto invalid = [code](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", code.substr(0, 40), "\" is not a division code: ", why));
  };
  if (!std::all_of(code.begin(), code.end(),
                   [](unsigned char c) { return absl::ascii_isdigit(c); })) {
    return invalid("it must consist of digits");
  }
  const size_t size = code.size();
  if (size != 2 && size != 4 && size != 6 && size != 9 && size != 12) {
    return invalid("it must have 2, 4, 6, 9 or 12 digits");
  }
  if (code[0] == '0') return invalid("no province has a code below 10");
  absl::string_view rest = code;
  if (rest.size() == 12 && absl::EndsWith(rest, "000")) rest.remove_suffix(3);
  if (rest.size() == 9 && absl::EndsWith(rest, "000")) rest.remove_suffix(3);
  if (rest == kNationCode) return std::string(kNationCode);
  if (rest.size() == 6 && absl::EndsWith(rest, "00")) rest.remove_suffix(2);
  if (rest.size() == 4 && absl::EndsWith(rest, "00")) rest.remove_suffix(2);
  return std::string(rest);
}

}  // namespace cityinfo::metrics
