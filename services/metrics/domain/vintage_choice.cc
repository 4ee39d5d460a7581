#include "services/metrics/domain/vintage_choice.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cityinfo::metrics {
namespace {

// What names no round is a first estimate, as far as anyone can tell.
RevisionStage RoundOf(RevisionStage stage) { return std::max(stage, RevisionStage::kPreliminary); }

// By day, and within a day the winner first.
bool Precedes(const BackingStatement& a, const BackingStatement& b) {
  const RevisionStage round_a = RoundOf(a.stage), round_b = RoundOf(b.stage);
  return std::tie(a.publish_date, round_b, b.vouched_for, b.learned_at, b.confidence, a.ordinal,
                  a.id) < std::tie(b.publish_date, round_a, a.vouched_for, a.learned_at,
                                   a.confidence, b.ordinal, b.id);
}

// The vintages chosen so far, day by day.
class Choice {
 public:
  // The statements of the next day, the winner first.
  void AddDay(const BackingStatement* begin, const BackingStatement* end) {
    const auto* winner =
        std::find_if(begin, end, [&](const auto& statement) { return !IsOutdated(statement); });
    if (winner == end) return;
    RevisionStage stage = RevisionStage::kNone;
    for (const auto* statement = begin; statement != end; ++statement) {
      if (statement->value.SaysTheSameAs(winner->value)) stage = std::max(stage, statement->stage);
    }
    const bool begins_vintage = chosen_.empty() ||
                                !chosen_.back().value.SaysTheSameAs(winner->value) ||
                                RoundOf(stage) > RoundOf(chosen_.back().stage);
    if (begins_vintage) {
      newest_round_ = std::max(newest_round_, RoundOf(stage));
      rounds_.push_back(newest_round_);
      chosen_.push_back(
          {.value = winner->value, .publish_date = winner->publish_date, .stage = stage});
    }
    for (const auto* statement = begin; statement != end; ++statement) {
      if (!statement->value.SaysTheSameAs(winner->value)) continue;
      chosen_.back().statements.push_back(statement->id);
      // The words of whoever said it first, so that an echo never changes how a value is printed.
      if (begins_vintage) chosen_.back().value.printed = statement->value.printed;
    }
  }

  std::vector<ChosenVintage> Take() { return std::move(chosen_); }

 private:
  bool IsOutdated(const BackingStatement& statement) const {
    if (chosen_.empty() || chosen_.back().value.SaysTheSameAs(statement.value)) return false;
    if (statement.stage != RevisionStage::kNone) return statement.stage < newest_round_;
    for (size_t i = chosen_.size(); i-- > 0;) {
      if (chosen_[i].value.SaysTheSameAs(statement.value)) return rounds_[i] < newest_round_;
    }
    return false;
  }

  std::vector<ChosenVintage> chosen_;
  // The latest round that had been published by the time each of them was.
  std::vector<RevisionStage> rounds_;
  RevisionStage newest_round_ = RevisionStage::kPreliminary;
};

SupersededReason WhyFollowed(RevisionStage before, RevisionStage after) {
  return RoundOf(after) > RoundOf(before) ? SupersededReason::kRevision
                                          : SupersededReason::kLaterPublication;
}

}  // namespace

std::vector<ChosenVintage> ChooseVintages(std::vector<BackingStatement> statements) {
  std::sort(statements.begin(), statements.end(), Precedes);
  Choice choice;
  for (size_t begin = 0; begin < statements.size();) {
    size_t end = begin;
    while (end < statements.size() &&
           statements[end].publish_date == statements[begin].publish_date) {
      ++end;
    }
    choice.AddDay(statements.data() + begin, statements.data() + end);
    begin = end;
  }
  return choice.Take();
}

SupersededReason WhyOutdone(const ChosenVintage& before, const std::vector<ChosenVintage>& chosen) {
  const ChosenVintage* by = nullptr;
  for (const ChosenVintage& next : chosen) {
    if (next.publish_date <= before.publish_date) by = &next;
  }
  if (by == nullptr) return SupersededReason::kRetraction;
  const SupersededReason followed = WhyFollowed(before.stage, by->stage);
  if (by->value.SaysTheSameAs(before.value) && by->publish_date < before.publish_date &&
      followed != SupersededReason::kRevision) {
    return SupersededReason::kEarlierPublication;
  }
  return followed;
}

void MarkReplaced(std::vector<Vintage>& history) {
  std::vector<Vintage*> standing;
  for (Vintage& vintage : history) {
    if (vintage.superseded_at == absl::InfiniteFuture()) standing.push_back(&vintage);
  }
  std::sort(standing.begin(), standing.end(),
            [](const Vintage* a, const Vintage* b) { return a->publish_date < b->publish_date; });
  for (size_t i = 0; i + 1 < standing.size(); ++i) {
    const Vintage& next = *standing[i + 1];
    standing[i]->superseded_at = std::max(standing[i]->record_time, next.record_time);
    standing[i]->superseded_reason = WhyFollowed(standing[i]->stage, next.stage);
  }
}

}  // namespace cityinfo::metrics
