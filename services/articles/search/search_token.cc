#include "services/articles/search/search_token.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/search/row_layout.h"

namespace cityinfo::articles {
namespace {

// A token is numbers with dots between them; what may be absent has a 0 or 1 before it.
class Numbers {
 public:
  explicit Numbers(absl::string_view text) {
    for (const absl::string_view part : absl::StrSplit(text, '.')) {
      int64_t number = 0;
      good_ = good_ && list_.size() < kMost && absl::SimpleAtoi(part, &number);
      list_.push_back(number);
      if (!good_) return;
    }
  }
  // Smaller or greater ones make the whole bad, and are taken as `least`.
  int64_t Next(int64_t least, int64_t most) {
    good_ = good_ && next_ < list_.size() && list_[next_] >= least && list_[next_] <= most;
    return good_ ? list_[next_++] : least;
  }
  bool Flag() { return Next(0, 1) == 1; }
  ListPosition Position() {
    const int64_t day = Next(RowLayout::kFirstDay, RowLayout::kLastDay);
    return {.publish_date = base::DateFromDays(day), .sequence = Next(0, kAny)};
  }
  bool AllGood() const { return good_ && next_ == list_.size(); }

  static constexpr int64_t kAny = int64_t{1} << 62;

 private:
  static constexpr size_t kMost = 64;
  std::vector<int64_t> list_;
  size_t next_ = 0;
  bool good_ = true;
};

void Add(const ListPosition& position, std::vector<int64_t>* numbers) {
  numbers->push_back(base::DaysSinceEpoch(position.publish_date));
  numbers->push_back(position.sequence);
}

void Add(const std::optional<ListPosition>& position, std::vector<int64_t>* numbers) {
  numbers->push_back(position.has_value());
  if (position) Add(*position, numbers);
}

std::optional<ListPosition> OptionalPosition(Numbers& numbers) {
  if (!numbers.Flag()) return std::nullopt;
  return numbers.Position();
}

RankedWalk ReadRankedWalk(Numbers& numbers, size_t words) {
  RankedWalk walk;
  walk.model.typical_units = numbers.Next(1, Numbers::kAny);
  walk.model.today = numbers.Next(RowLayout::kFirstDay, RowLayout::kLastDay);
  for (size_t i = 0; i < words; ++i) walk.model.rarity.push_back(numbers.Next(0, 1'000'000));
  walk.text_end = OptionalPosition(numbers);
  walk.title_end = OptionalPosition(numbers);
  if (numbers.Flag()) walk.after_score = numbers.Next(0, Numbers::kAny);
  return walk;
}

}  // namespace

std::string EncodeSearchToken(const SearchToken& token) {
  std::vector<int64_t> numbers;
  Add(token.after, &numbers);
  numbers.push_back(token.total);
  numbers.push_back(token.total_is_lower_bound);
  numbers.push_back(token.ranked.has_value());
  if (token.ranked) {
    const RankedWalk& walk = *token.ranked;
    numbers.push_back(walk.model.typical_units);
    numbers.push_back(walk.model.today);
    numbers.insert(numbers.end(), walk.model.rarity.begin(), walk.model.rarity.end());
    Add(walk.text_end, &numbers);
    Add(walk.title_end, &numbers);
    numbers.push_back(walk.after_score.has_value());
    if (walk.after_score) numbers.push_back(*walk.after_score);
  }
  return absl::StrJoin(numbers, ".");
}

absl::StatusOr<SearchToken> DecodeSearchToken(absl::string_view text, size_t words) {
  Numbers numbers(text);
  SearchToken token{.after = numbers.Position(),
                    .total = numbers.Next(0, Numbers::kAny),
                    .total_is_lower_bound = numbers.Flag()};
  if (numbers.Flag()) token.ranked = ReadRankedWalk(numbers, words);
  if (!numbers.AllGood()) {
    return base::InvalidArgument("page_token", "does not say where the next page begins",
                                 "INVALID_PAGE_TOKEN");
  }
  return token;
}

}  // namespace cityinfo::articles
