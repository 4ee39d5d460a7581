#include "cli/moment.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

std::optional<absl::Time> ParseRfc3339(const std::string& text) {
  absl::Time time;
  std::string error;
  // Abseil also knows "infinite-future" and blanks around.
  if (text.empty() || !absl::ascii_isdigit(text.front()) || absl::ascii_isspace(text.back()) ||
      !absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return std::nullopt;
  }
  return time;
}

std::optional<absl::CivilSecond> ParseWallClock(const std::string& text) {
  const std::string civil = absl::StrReplaceAll(text, {{" ", "T"}});
  absl::CivilMinute minute;
  absl::CivilSecond second;
  if (absl::ParseCivilTime(civil, &second)) return second;
  if (absl::ParseCivilTime(civil, &minute)) return absl::CivilSecond(minute);
  return std::nullopt;
}

}  // namespace

absl::StatusOr<absl::Time> ParseMoment(const std::string& text, const std::string& option,
                                       absl::TimeZone local) {
  if (const std::optional<absl::Time> time = ParseRfc3339(text)) return *time;
  const std::optional<absl::CivilSecond> clock = ParseWallClock(text);
  if (!clock.has_value()) {
    return base::InvalidArgument(
        option, absl::StrCat("\"", text,
                             "\" is not a time such as 2026-12-01T08:00:00+08:00, or in local time "
                             "\"2026-12-01 08:00\""));
  }
  const absl::TimeZone::TimeInfo info = local.At(*clock);
  if (info.kind != absl::TimeZone::TimeInfo::UNIQUE) {
    const bool never = info.kind == absl::TimeZone::TimeInfo::SKIPPED;
    return base::InvalidArgument(
        option, absl::StrCat("\"", text, "\" comes ", never ? "never" : "twice",
                             " in local time, because clocks are changed then; write it with its "
                             "zone, as 2026-12-01T08:00:00+08:00"));
  }
  return info.pre;
}

std::string MomentToJson(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string MomentText(const std::string& rfc3339, absl::TimeZone local) {
  const std::optional<absl::Time> time = ParseRfc3339(rfc3339);
  if (!time.has_value()) return rfc3339;
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Ez", *time, local);
}

}  // namespace cityinfo::cli
