#include "services/articles/domain/revision_diff.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_join.h"
#include "platform/base/date.h"
#include "services/articles/domain/block_pairing.h"
#include "services/articles/domain/sequence_alignment.h"
#include "services/articles/domain/text_difference.h"

namespace cityinfo::articles {
namespace {

// Two times 2,000 blocks without anything in common need 8 million.
constexpr int64_t kMaxBlockSteps = 16'000'000;
// Of all changed blocks together.
constexpr int64_t kMaxTextSteps = 40'000'000;

using Blocks = std::span<const Block>;

std::string DateText(const base::Date& date) {
  return date == base::Date{} ? std::string() : base::FormatDate(date);
}

std::vector<FieldDifference> DiffFields(const ArticleContent& before, const ArticleContent& after) {
  std::vector<FieldDifference> fields;
  const auto compare = [&](absl::string_view name, std::string older, std::string newer) {
    if (older == newer) return;
    fields.push_back({std::string(name), std::move(older), std::move(newer)});
  };
  compare("title", before.title, after.title);
  compare("subtitle", before.subtitle, after.subtitle);
  compare("byline", before.byline, after.byline);
  compare("section", before.section, after.section);
  compare("tags", absl::StrJoin(before.tags, "\n"), absl::StrJoin(after.tags, "\n"));
  compare("publication", before.publication, after.publication);
  compare("publish_date", DateText(before.publish_date), DateText(after.publish_date));
  compare("page", before.page, after.page);
  compare("place", before.place, after.place);
  compare("printed_date", DateText(before.printed_date.value_or(base::Date{})),
          DateText(after.printed_date.value_or(base::Date{})));
  compare("continued_from", before.continued_from, after.continued_from);
  return fields;
}

// Equal numbers for equal blocks, through both texts.
class BlockNumbers {
 public:
  std::vector<uint32_t> Of(Blocks blocks) {
    std::vector<uint32_t> numbers;
    numbers.reserve(blocks.size());
    for (const Block& block : blocks) {
      const auto next = static_cast<uint32_t>(known_.size());
      numbers.push_back(known_.try_emplace({block.kind, block.text}, next).first->second);
    }
    return numbers;
  }

 private:
  absl::flat_hash_map<std::pair<BlockKind, absl::string_view>, uint32_t> known_;
};

// Writes down the blocks of both articles from the first to the last.
class BlockWriter {
 public:
  BlockWriter(Blocks before, Blocks after) : before_(before), after_(after) {}

  // What lies between here and the run that stays has changed; then the run.
  void StaysFrom(const CommonRun& run) {
    ChangeUntil(run.before_begin, run.after_begin);
    for (size_t i = 0; i < run.length; ++i)
      Add(BlockOperation::kEqual, next_before_++, next_after_++);
  }

  std::vector<BlockDifference> Finish() {
    ChangeUntil(before_.size(), after_.size());
    return std::move(differences_);
  }

 private:
  void ChangeUntil(size_t before_end, size_t after_end) {
    const size_t b = next_before_;
    const size_t a = next_after_;
    for (const BlockPair& pair :
         PairBlocks(before_.subspan(b, before_end - b), after_.subspan(a, after_end - a))) {
      ReplaceUntil(b + pair.removed, a + pair.inserted);
      BlockDifference& changed = Add(BlockOperation::kChanged, next_before_, next_after_);
      TextDifference text =
          DifferenceOf(before_[next_before_++].text, after_[next_after_++].text, &text_steps_);
      changed.before_spans = std::move(text.before);
      changed.after_spans = std::move(text.after);
    }
    ReplaceUntil(before_end, after_end);
  }

  void ReplaceUntil(size_t before_end, size_t after_end) {
    while (next_before_ < before_end) Add(BlockOperation::kRemoved, next_before_++, std::nullopt);
    while (next_after_ < after_end) Add(BlockOperation::kInserted, std::nullopt, next_after_++);
  }

  BlockDifference& Add(BlockOperation operation, std::optional<size_t> before,
                       std::optional<size_t> after) {
    differences_.push_back({.operation = operation,
                            .before_index = before ? static_cast<int>(*before) : -1,
                            .after_index = after ? static_cast<int>(*after) : -1});
    return differences_.back();
  }

  const Blocks before_;
  const Blocks after_;
  size_t next_before_ = 0;
  size_t next_after_ = 0;
  int64_t text_steps_ = kMaxTextSteps;
  std::vector<BlockDifference> differences_;
};

}  // namespace

ContentDifference DiffContents(const ArticleContent& before, const ArticleContent& after) {
  BlockNumbers numbers;
  const std::vector<uint32_t> older = numbers.Of(before.blocks);
  const std::vector<uint32_t> newer = numbers.Of(after.blocks);
  int64_t steps = kMaxBlockSteps;
  BlockWriter writer(before.blocks, after.blocks);
  for (const CommonRun& run : AlignSequences(older, newer, &steps)) writer.StaysFrom(run);
  return {.fields = DiffFields(before, after), .blocks = writer.Finish()};
}

}  // namespace cityinfo::articles
