#include "services/metrics/domain/measure.h"

#include <iterator>

namespace cityinfo::metrics {
namespace {

constexpr const char* kMeasures[] = {"LEVEL",  "YOY_GROWTH", "AVERAGE_GROWTH", "SHARE",
                                     "CHANGE", "RANK",       "MULTIPLE"};
constexpr const char* kKinds[] = {"ACTUAL", "TARGET", "FORECAST"};
constexpr const char* kQualifiers[] = {"EXACT", "ABOUT", "AT_LEAST", "AT_MOST", "OVER", "RANGE"};

template <typename Enum, size_t N>
std::optional<Enum> Parse(absl::string_view name, const char* const (&names)[N]) {
  for (size_t i = 0; i < N; ++i) {
    if (name == names[i]) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

absl::string_view ToString(Measure measure) { return kMeasures[static_cast<int>(measure)]; }
absl::string_view ToString(Kind kind) { return kKinds[static_cast<int>(kind)]; }
absl::string_view ToString(Qualifier qualifier) { return kQualifiers[static_cast<int>(qualifier)]; }

std::optional<Measure> ParseMeasure(absl::string_view name) {
  return Parse<Measure>(name, kMeasures);
}
std::optional<Kind> ParseKind(absl::string_view name) { return Parse<Kind>(name, kKinds); }
std::optional<Qualifier> ParseQualifier(absl::string_view name) {
  return Parse<Qualifier>(name, kQualifiers);
}

}  // namespace cityinfo::metrics
