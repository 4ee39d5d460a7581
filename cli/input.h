// What users hand to cityctl: files and dates.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "cli/api_client.h"

namespace cityinfo::cli {

// The whole file as UTF-8 text, "-" for standard input. Refuses, naming the file and the reason: a
// file that cannot be read, one over 2 MiB, one that is empty, one that is not UTF-8 (a byte offset
// and a hint at iconv).
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// "2021-12-20" as the API's {"year": 2021, "month": 12, "day": 20}. With `partial`, "2021-12" and
// "2021" give dates without day and month.
absl::StatusOr<Json> DateToJson(const std::string& text, bool partial = false);

// {"year": 2021, ...} as "2021-12-20"; empty for none.
std::string DateFromJson(const Json& message, const std::string& field);

// A printed range as its two ends: "6.0%—6.5%" gives "6.0%" and "6.5%". The second is empty when
// `printed` is no range.
std::pair<std::string, std::string> SplitRange(const std::string& printed);

}  // namespace cityinfo::cli
