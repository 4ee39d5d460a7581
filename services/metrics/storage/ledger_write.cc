#include "services/metrics/storage/ledger_write.h"

#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/vintage_choice.h"
#include "services/metrics/storage/observation_table.h"
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
                    figure.confidence, figure.doubts, figure.unit_fits);
  };
  return SubjectOf(a.figure) == SubjectOf(b.figure) && rest(a) == rest(b);
}

// A loaded value is known by who brought it, for what and for which day.
std::string LoadedId(const std::string& source, const LoadedValue& value) {
  return absl::StrCat("loaded-", base::Sha256Hex(absl::StrCat(source, "\n", value.key.ToId(), "\n",
                                                              base::FormatDate(value.publish_date)))
                                     .substr(0, 24));
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
  if (next.observation_id != 0) touched_[next.observation_id] = next.figure.indicator;
  if (next.source.empty()) CITY_RETURN_IF_ERROR(statements.ListFigure(next));
  return true;
}

absl::Status LedgerWrite::Retract(const StoredStatement& standing) {
  StatementTable statements(connection_);
  CITY_RETURN_IF_ERROR(statements.Supersede(standing.id, now_));
  CITY_RETURN_IF_ERROR(statements.RetractFigure(standing.figure.id));
  if (standing.observation_id != 0) {
    touched_[standing.observation_id] = standing.figure.indicator;
  }
  return absl::OkStatus();
}

absl::Status LedgerWrite::StateArticle(const std::string& article,
                                       const std::vector<Figure>& figures, AppliedChange& applied) {
  StatementTable statements(connection_);
  CITY_ASSIGN_OR_RETURN(const std::vector<StoredStatement> standing,
                        statements.LoadStanding(article));
  CITY_ASSIGN_OR_RETURN(const auto reviews, statements.LoadReviewStates(article));
  absl::flat_hash_map<std::string, const StoredStatement*> left;
  for (const StoredStatement& statement : standing) left[statement.figure.id] = &statement;
  int ordinal = 0;
  for (const Figure& figure : figures) {
    if (figure.id.empty()) {
      return base::InvalidArgument("figures", "a figure has no id", "FIGURE_WITHOUT_ID");
    }
    StoredStatement next{.figure = figure, .ordinal = ordinal++};
    next.figure.citation.article = article;
    const auto review = reviews.find(figure.id);
    next.figure.review_state = review == reviews.end() ? ReviewState::kUnreviewed : review->second;
    const auto found = left.find(figure.id);
    CITY_ASSIGN_OR_RETURN(const bool stated,
                          Replace(found == left.end() ? nullptr : found->second, std::move(next)));
    if (found != left.end()) left.erase(found);
    if (stated) ++applied.figures_stated;
  }
  for (const StoredStatement& statement : standing) {
    if (!left.contains(statement.figure.id)) continue;
    CITY_RETURN_IF_ERROR(Retract(statement));
    ++applied.figures_retracted;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> LedgerWrite::StateLoaded(const std::string& source,
                                                      const LoadedValue& value, int ordinal) {
  StoredStatement next{.source = source, .ordinal = ordinal};
  next.figure.id = LoadedId(source, value);
  next.figure.indicator = value.key.indicator;
  next.figure.place = value.key.place;
  next.figure.measure = value.key.measure;
  next.figure.kind = value.key.kind;
  next.figure.period = value.key.period;
  next.figure.value = value.value;
  next.figure.publish_date = value.publish_date;
  next.figure.citation.publish_date = value.publish_date;
  StatementTable statements(connection_);
  CITY_ASSIGN_OR_RETURN(const std::optional<StoredStatement> standing,
                        statements.LoadStandingById(next.figure.id));
  // The same value loaded again, at another place in its batch, is no news.
  if (standing.has_value()) next.ordinal = standing->ordinal;
  CITY_RETURN_IF_ERROR(
      Replace(standing.has_value() ? &*standing : nullptr, std::move(next)).status());
  return ObservationTable(connection_).Find(value.key);
}

absl::Status LedgerWrite::Finish() {
  if (touched_.empty()) return absl::OkStatus();
  std::vector<std::int64_t> ids;
  for (const auto& [observation_id, indicator] : touched_) ids.push_back(observation_id);
  VintageTable vintages(connection_);
  CITY_ASSIGN_OR_RETURN(auto backing, StatementTable(connection_).LoadBacking(ids));
  CITY_ASSIGN_OR_RETURN(auto standing, vintages.LoadStanding(ids));
  for (const auto& [observation_id, indicator] : touched_) {
    CITY_ASSIGN_OR_RETURN(
        const ReconciledObservation reconciled,
        vintages.Reconcile(observation_id, standing[observation_id],
                           ChooseVintages(std::move(backing[observation_id])), now_));
    if (!reconciled.changed) continue;
    ++observations_changed_;
    CITY_RETURN_IF_ERROR(feed_.Append(observation_id, indicator, reconciled, now_));
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::metrics
