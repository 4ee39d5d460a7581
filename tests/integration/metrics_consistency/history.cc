#include "tests/integration/metrics_consistency/history.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kMostLines = 10;

// The newest value by a moment; moments are asked for in any order once all are known.
class NewestBy {
 public:
  void Add(absl::Time at, std::int64_t value) { values_.emplace_back(at, value); }

  void Sort() {
    std::sort(values_.begin(), values_.end());
    std::int64_t newest = 0;
    for (auto& [at, value] : values_) value = newest = std::max(newest, value);
  }

  // Of what was added strictly before `moment`; 0 when nothing was.
  std::int64_t Before(absl::Time moment) const {
    const auto after = std::lower_bound(values_.begin(), values_.end(), moment,
                                        [](const std::pair<absl::Time, std::int64_t>& one,
                                           absl::Time at) { return one.first < at; });
    return after == values_.begin() ? 0 : std::prev(after)->second;
  }

 private:
  std::vector<std::pair<absl::Time, std::int64_t>> values_;
};

struct Register {
  NewestBy begun;
  NewestBy acknowledged;
  std::map<int, NewestBy> acknowledged_by;  // the replica that took the write
};

std::string Line(const Operation& read, absl::string_view what, std::int64_t expected) {
  return absl::StrCat(read.kind == Operation::Kind::kStrongRead ? "strong read" : "read",
                      " of key ", read.key, " on replica ", read.replica, " begun at ",
                      absl::FormatTime("%H:%M:%E6S", read.begin, absl::UTCTimeZone()), " gave ",
                      read.value, ", ", what, " ", expected);
}

}  // namespace

std::vector<std::string> FindViolations(const std::vector<Operation>& history,
                                        absl::Duration bound) {
  std::map<int, Register> registers;
  for (const Operation& operation : history) {
    if (operation.kind != Operation::Kind::kWrite) continue;
    Register& one = registers[operation.key];
    one.begun.Add(operation.begin, operation.value);
    if (!operation.acknowledged) continue;
    one.acknowledged.Add(operation.end, operation.value);
    one.acknowledged_by[operation.replica].Add(operation.end, operation.value);
  }
  for (auto& [key, one] : registers) {
    one.begun.Sort();
    one.acknowledged.Sort();
    for (auto& [replica, here] : one.acknowledged_by) here.Sort();
  }
  std::vector<std::string> violations;
  for (const Operation& read : history) {
    if (read.kind == Operation::Kind::kWrite || violations.size() == kMostLines) continue;
    Register& one = registers[read.key];
    const std::int64_t least = read.kind == Operation::Kind::kStrongRead
                                   ? one.acknowledged.Before(read.begin)
                                   : std::max(one.acknowledged_by[read.replica].Before(read.begin),
                                              one.acknowledged.Before(read.begin - bound));
    if (read.value < least) {
      violations.push_back(Line(read, "older than the acknowledged", least));
    } else if (const std::int64_t most = one.begun.Before(read.end); read.value > most) {
      violations.push_back(Line(read, "but nothing was written beyond", most));
    }
  }
  return violations;
}

}  // namespace cityinfo::metrics
