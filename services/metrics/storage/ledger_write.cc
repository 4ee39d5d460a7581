#include "services/metrics/storage/ledger_write.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/vintage_choice.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/review_table.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

auto SubjectOf(const Figure& figure) {
  return std::tie(figure.indicator, figure.place, figure.measure, figure.kind, figure.period,
                  figure.publish_date);
}

bool StatesTheSame(const StoredStatement& a, const StoredStatement& b) {
  const auto rest = [](const StoredStatement& statement) {
    const Figure& figure = statement.figure;
    return std::tie(statement.ordinal, statement.source, statement.observation_id,
                    figure.indicator_text, figure.value, figure.printed_unit, figure.citation,
                    figure.confidence, figure.doubts, figure.unit_fits, figure.stage,
                    figure.review_state, figure.extracted);
  };
  return SubjectOf(a.figure) == SubjectOf(b.figure) && rest(a) == rest(b);
}

// Makes what was read of a figure what a data officer says of it. Without a word it stays.
void Heed(const FigureReview* word, Figure& figure) {
  figure.extracted.reset();
  figure.review_state = word == nullptr ? ReviewState::kUnreviewed : word->state;
  if (word == nullptr || !word->amended.has_value()) return;
  figure.extracted = figure.Reading();
  figure.SetReading(*word->amended);
}

}  // namespace

absl::StatusOr<std::int64_t> LedgerWrite::ObservationOf(const Figure& figure) {
  if (!figure.BacksObservation()) return 0;
  return ObservationTable(connection_)
      .FindOrAdd({.indicator = figure.indicator,
                  .place = figure.place,
                  .measure = figure.measure,
                  .kind = figure.kind,
                  .period = *figure.period});
}

absl::StatusOr<bool> LedgerWrite::Replace(const StoredStatement* standing, StoredStatement next) {
  CITY_ASSIGN_OR_RETURN(next.observation_id, ObservationOf(next.figure));
  next.figure.record_time = now_;
  StatementTable statements(connection_);
  if (standing != nullptr) {
    if (StatesTheSame(*standing, next)) return false;
    if (SubjectOf(standing->figure) == SubjectOf(next.figure) &&
        standing->figure.value.SaysTheSameAs(next.figure.value)) {
      next.figure.record_time = standing->figure.record_time;
    }
    CITY_RETURN_IF_ERROR(statements.Supersede(standing->id, now_));
    if (standing->observation_id != 0) {
      touched_[standing->observation_id] = standing->figure.indicator;
    }
  }
  CITY_ASSIGN_OR_RETURN(next.id, statements.Add(next, now_));
  if (next.observation_id != 0) {
    touched_[next.observation_id] = next.figure.indicator;
    restated_.insert(next.observation_id);
  }
  if (next.source.empty()) CITY_RETURN_IF_ERROR(statements.ListFigure(next));
  return true;
}

absl::Status LedgerWrite::Retract(const StoredStatement& standing) {
  StatementTable statements(connection_);
  CITY_RETURN_IF_ERROR(statements.Supersede(standing.id, now_));
  CITY_RETURN_IF_ERROR(statements.RetractFigure(standing.figure.id));
  retracted_.insert(standing.id);
  if (standing.observation_id != 0) {
    touched_[standing.observation_id] = standing.figure.indicator;
  }
  return absl::OkStatus();
}

absl::Status LedgerWrite::StateArticle(const ArticleChange& change, AppliedChange& applied) {
  StatementTable statements(connection_);
  CITY_ASSIGN_OR_RETURN(const std::vector<StoredStatement> standing,
                        statements.LoadStanding(change.article));
  CITY_ASSIGN_OR_RETURN(const auto words, ReviewTable(connection_).LoadWords(change.article));
  absl::flat_hash_map<std::string, const StoredStatement*> left;
  for (const StoredStatement& statement : standing) left[statement.figure.id] = &statement;
  if (change.published) {
    int ordinal = 0;
    for (const Figure& figure : change.figures) {
      if (figure.id.empty()) {
        return base::InvalidArgument("figures", "a figure has no id", "FIGURE_WITHOUT_ID");
      }
      StoredStatement next{.figure = figure, .ordinal = ordinal++};
      next.figure.citation.article = change.article;
      const auto word = words.find(figure.id);
      Heed(word == words.end() ? nullptr : &word->second, next.figure);
      const auto found = left.find(figure.id);
      CITY_ASSIGN_OR_RETURN(
          const bool stated,
          Replace(found == left.end() ? nullptr : found->second, std::move(next)));
      if (found != left.end()) left.erase(found);
      if (stated) ++applied.figures_stated;
    }
  }
  for (const StoredStatement& statement : standing) {
    if (!left.contains(statement.figure.id)) continue;
    CITY_RETURN_IF_ERROR(Retract(statement));
    ++applied.figures_retracted;
  }
  // Of an article that is not public nobody knows what it states.
  return change.published ? statements.BreakAnchors(change.article) : absl::OkStatus();
}

absl::Status LedgerWrite::StateReviewed(const StoredStatement& standing,
                                        const FigureReview& review) {
  by_review_ = true;
  StoredStatement next = standing;
  if (next.figure.extracted.has_value()) next.figure.SetReading(*next.figure.extracted);
  Heed(&review, next.figure);
  return Replace(&standing, std::move(next)).status();
}

SupersededReason LedgerWrite::WhySuperseded(std::int64_t observation_id,
                                            const VintageTable::Standing& vintage,
                                            const std::vector<BackingStatement>& backing,
                                            const std::vector<ChosenVintage>& chosen) const {
  if (by_review_) return SupersededReason::kReview;
  bool ended = false;
  for (const std::int64_t id : vintage.statements) {
    if (std::any_of(backing.begin(), backing.end(),
                    [&](const BackingStatement& statement) { return statement.id == id; })) {
      continue;
    }
    ended = true;
    // Whatever ended otherwise its own source has replaced.
    if (!retracted_.contains(id)) return SupersededReason::kCorrection;
  }
  if (!ended) {
    return WhyOutdone({.value = vintage.value,
                       .publish_date = vintage.publish_date,
                       .statements = {},
                       .stage = vintage.stage},
                      chosen);
  }
  return restated_.contains(observation_id) ? SupersededReason::kCorrection
                                            : SupersededReason::kRetraction;
}

absl::Status LedgerWrite::Finish() {
  if (touched_.empty()) return absl::OkStatus();
  std::vector<std::int64_t> ids;
  for (const auto& [observation_id, indicator] : touched_) ids.push_back(observation_id);
  VintageTable vintages(connection_);
  CITY_ASSIGN_OR_RETURN(auto backing, StatementTable(connection_).LoadBacking(ids));
  CITY_ASSIGN_OR_RETURN(auto standing, vintages.LoadStanding(ids));
  for (const auto& [observation_id, indicator] : touched_) {
    const std::vector<BackingStatement>& statements = backing[observation_id];
    const std::vector<ChosenVintage> chosen = ChooseVintages(statements);
    const auto why = [&, id = observation_id](const VintageTable::Standing& vintage) {
      return WhySuperseded(id, vintage, statements, chosen);
    };
    CITY_ASSIGN_OR_RETURN(
        const ReconciledObservation reconciled,
        vintages.Reconcile(observation_id, standing[observation_id], chosen, why, now_));
    if (!reconciled.changed) continue;
    ++observations_changed_;
    CITY_RETURN_IF_ERROR(feed_.Append(observation_id, indicator, reconciled, now_));
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::metrics
