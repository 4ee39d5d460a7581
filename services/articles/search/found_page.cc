#include "services/articles/search/found_page.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/search/folded_match.h"
#include "services/articles/search/indexed_document.h"
#include "services/articles/search/ordered_matches.h"
#include "services/articles/search/relevance.h"
#include "services/articles/search/search_token.h"

namespace cityinfo::articles {
namespace {

using In = MatchStream::In;

struct Found {
  int64_t row = 0;
  ListPosition position;
  std::optional<int64_t> score;  // Of ranked ones.

  auto Key() const { return std::tie(score, position.publish_date, position.sequence); }
};

// Before everything.
const ListPosition kTop = {.publish_date = {9999, 12, 31}, .sequence = int64_t{1} << 62};

auto Key(const ListPosition& position) {
  return std::tie(position.publish_date, position.sequence);
}

// What is counted of the first page's matches.
class Tally {
 public:
  explicit Tally(IndexReader& reader) : reader_(reader) {}

  int64_t count() const { return count_; }

  absl::Status Add(int64_t row) {
    ++count_;
    const int64_t day = reader_.layout().DayOf(row);
    if (day != day_) {
      day_ = day;
      year_ = base::DateFromDays(day).year;
    }
    ++years_[year_];
    CITY_ASSIGN_OR_RETURN(const int64_t section, reader_.Section(row));
    if (section != 0) ++sections_[section];
    return absl::OkStatus();
  }

  absl::Status WriteTo(FoundPage* page) const {
    for (const auto& [section, count] : sections_) {
      CITY_ASSIGN_OR_RETURN(std::string label, reader_.Label(section));
      page->sections.push_back({.label = std::move(label), .count = count});
    }
    std::sort(page->sections.begin(), page->sections.end(),
              [](const LabelCount& a, const LabelCount& b) {
                return a.count != b.count ? a.count > b.count : a.label < b.label;
              });
    if (page->sections.size() > kMaxSectionFacets) page->sections.resize(kMaxSectionFacets);
    for (auto year = years_.rbegin(); year != years_.rend(); ++year) {
      if (page->years.size() == kMaxYearFacets) break;
      page->years.push_back({.year = year->first, .count = year->second});
    }
    return absl::OkStatus();
  }

 private:
  IndexReader& reader_;
  int64_t count_ = 0;
  int64_t day_ = RowLayout::kLastDay + 1;
  int year_ = 0;
  std::map<int64_t, int64_t> sections_;
  std::map<int, int64_t> years_;
};

class PageFinder {
 public:
  PageFinder(IndexReader& reader, const SearchQuery& query, const ParsedQuery& parsed)
      : reader_(reader),
        query_(query),
        parsed_(parsed),
        body_(PlanBodyMatch(parsed, query.filter)),
        title_(PlanTitleMatch(parsed, query.filter)),
        rows_(RowsOf(query.filter, reader.layout())),
        wanted_(static_cast<size_t>(query.limit) + 1) {}

  absl::StatusOr<FoundPage> Find();

 private:
  bool first_page() const { return query_.after.empty(); }
  absl::Status FindNewest();
  absl::Status FindRelevant();
  absl::Status RankMatches(RankedWalk* walk);
  absl::Status RankTitles(RankedWalk* walk);
  RowRange RowsDownTo(const std::optional<ListPosition>& end) const;
  absl::Status AddRanked(const RankedWalk& walk, int64_t row, const ListPosition& position);
  absl::Status AddRest(const RankedWalk& walk);
  absl::StatusOr<bool> IsRankedTitle(const RankedWalk& walk, const Found& found);
  absl::Status CountOn(OrderedMatches& matches);
  absl::StatusOr<FoundPage> MakePage();

  IndexReader& reader_;
  const SearchQuery& query_;
  const ParsedQuery& parsed_;
  const MatchPlan body_;
  const MatchPlan title_;
  const RowRange rows_;
  const size_t wanted_;  // One more than the page holds, to know whether there is a next one.
  SearchToken token_;    // Of the page before, and then what the next one has to know.
  std::optional<Tally> tally_;
  std::vector<Found> found_;
};

absl::StatusOr<FoundPage> PageFinder::Find() {
  const bool relevant = query_.order == SearchOrder::kRelevance;
  if (first_page()) {
    tally_.emplace(reader_);
  } else {
    CITY_ASSIGN_OR_RETURN(token_, DecodeSearchToken(query_.after, parsed_.words.size()));
    if (token_.ranked.has_value() != relevant) {
      return base::InvalidArgument("page_token", "is of a search in another order",
                                   "INVALID_PAGE_TOKEN");
    }
  }
  CITY_RETURN_IF_ERROR(relevant ? FindRelevant() : FindNewest());
  return MakePage();
}

absl::Status PageFinder::FindNewest() {
  const auto after = first_page() ? std::nullopt : std::optional(token_.after);
  CITY_ASSIGN_OR_RETURN(OrderedMatches matches,
                        OrderedMatches::Open(reader_, body_, In::kBody, rows_, after));
  while (found_.size() < wanted_) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, matches.Next());
    if (!row) break;
    CITY_ASSIGN_OR_RETURN(const ListPosition position, reader_.Position(*row));
    found_.push_back({.row = *row, .position = position});
    if (tally_) CITY_RETURN_IF_ERROR(tally_->Add(*row));
  }
  return tally_ && found_.size() == wanted_ ? CountOn(matches) : absl::OkStatus();
}

// Counts what comes behind the matches that the page itself needs.
absl::Status PageFinder::CountOn(OrderedMatches& matches) {
  matches.LimitTexts(kMaxCountedTexts);
  while (tally_->count() < kMaxCounted) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, matches.Next());
    if (!row) {
      token_.total_is_lower_bound = matches.gave_up();
      return absl::OkStatus();
    }
    CITY_RETURN_IF_ERROR(tally_->Add(*row));
  }
  CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> another, matches.Next());
  token_.total_is_lower_bound = another.has_value() || matches.gave_up();
  return absl::OkStatus();
}

absl::Status PageFinder::FindRelevant() {
  if (first_page()) {
    token_.ranked.emplace();
    CITY_ASSIGN_OR_RETURN(token_.ranked->model, MakeRelevanceModel(reader_, parsed_));
  }
  RankedWalk& walk = *token_.ranked;
  if (first_page() || walk.after_score) {
    CITY_RETURN_IF_ERROR(RankMatches(&walk));
    CITY_RETURN_IF_ERROR(RankTitles(&walk));
    const size_t kept = std::min(found_.size(), wanted_);
    std::partial_sort(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(kept),
                      found_.end(),
                      [](const Found& a, const Found& b) { return a.Key() > b.Key(); });
    found_.resize(kept);
  }
  return found_.size() < wanted_ && walk.text_end ? AddRest(walk) : absl::OkStatus();
}

// Ranks the newest matches: on the first page a number of them, then down to where that was.
absl::Status PageFinder::RankMatches(RankedWalk* walk) {
  CITY_ASSIGN_OR_RETURN(
      OrderedMatches matches,
      OrderedMatches::Open(reader_, body_, In::kBody, RowsDownTo(walk->text_end), std::nullopt));
  if (tally_) matches.LimitTexts(kMaxRankedTexts);
  ListPosition last = kTop;
  for (int ranked = 0;; ++ranked) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, matches.Next());
    if (!row) {
      if (!matches.gave_up()) return absl::OkStatus();
      token_.total_is_lower_bound = true;
      walk->text_end = last;
      return absl::OkStatus();
    }
    if (tally_) CITY_RETURN_IF_ERROR(tally_->Add(*row));
    if (tally_ && ranked == kMaxRankedMatches) {
      walk->text_end = last;
      return CountOn(matches);
    }
    CITY_ASSIGN_OR_RETURN(const ListPosition position, reader_.Position(*row));
    if (!tally_ && walk->text_end && Key(position) < Key(*walk->text_end)) return absl::OkStatus();
    CITY_RETURN_IF_ERROR(AddRanked(*walk, *row, position));
    last = position;
  }
}

// Ranks the newest matches in titles that are older than those.
absl::Status PageFinder::RankTitles(RankedWalk* walk) {
  if (!walk->text_end) return absl::OkStatus();
  CITY_ASSIGN_OR_RETURN(OrderedMatches matches,
                        OrderedMatches::Open(reader_, title_, In::kTitle,
                                             RowsDownTo(walk->title_end), walk->text_end));
  if (tally_) matches.LimitTexts(kMaxRankedTitleTexts);
  ListPosition last = kTop;
  for (int ranked = 0;; ++ranked) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, matches.Next());
    if (!row) {
      if (matches.gave_up()) walk->title_end = last;
      return absl::OkStatus();
    }
    if (tally_ && ranked == kMaxRankedTitles) {
      walk->title_end = last;
      return absl::OkStatus();
    }
    CITY_ASSIGN_OR_RETURN(const ListPosition position, reader_.Position(*row));
    if (!tally_ && walk->title_end && Key(position) < Key(*walk->title_end)) {
      return absl::OkStatus();
    }
    CITY_RETURN_IF_ERROR(AddRanked(*walk, *row, position));
    last = position;
  }
}

// The rows of the question that are not of a day before that of `end`.
RowRange PageFinder::RowsDownTo(const std::optional<ListPosition>& end) const {
  RowRange rows = rows_;
  if (end) {
    const int64_t day = base::DaysSinceEpoch(end->publish_date);
    rows.last = std::min(rows.last, reader_.layout().Day(day).last);
  }
  return rows;
}

absl::Status PageFinder::AddRanked(const RankedWalk& walk, int64_t row,
                                   const ListPosition& position) {
  CITY_ASSIGN_OR_RETURN(const std::u16string_view text, reader_.Text(row));
  const Found found{
      .row = row,
      .position = position,
      .score = ScoreText(walk.model, parsed_.words, text, reader_.layout().DayOf(row))};
  const Found before{.position = token_.after, .score = walk.after_score};
  if (first_page() || found.Key() < before.Key()) found_.push_back(found);
  return absl::OkStatus();
}

// Behind the ranked ones come the others, newest first.
absl::Status PageFinder::AddRest(const RankedWalk& walk) {
  const bool among_them = !first_page() && !walk.after_score;
  CITY_ASSIGN_OR_RETURN(
      OrderedMatches matches,
      OrderedMatches::Open(reader_, body_, In::kBody, rows_,
                           among_them ? std::optional(token_.after) : walk.text_end));
  while (found_.size() < wanted_) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, matches.Next());
    if (!row) break;
    CITY_ASSIGN_OR_RETURN(const ListPosition position, reader_.Position(*row));
    const Found found{.row = *row, .position = position};
    CITY_ASSIGN_OR_RETURN(const bool ranked, IsRankedTitle(walk, found));
    if (!ranked) found_.push_back(found);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> PageFinder::IsRankedTitle(const RankedWalk& walk, const Found& found) {
  if (walk.title_end && Key(found.position) < Key(*walk.title_end)) return false;
  CITY_ASSIGN_OR_RETURN(const std::u16string_view text, reader_.Text(found.row));
  const std::u16string_view title = TitleOf(text);
  return std::all_of(parsed_.words.begin(), parsed_.words.end(), [&](const std::u16string& word) {
    return FindFolded(title, word) != std::u16string_view::npos;
  });
}

absl::StatusOr<FoundPage> PageFinder::MakePage() {
  FoundPage page{.query = parsed_};
  if (tally_) {
    CITY_RETURN_IF_ERROR(tally_->WriteTo(&page));
    // Of matches that are hard to find the page may hold more than were counted.
    token_.total = std::max<int64_t>(tally_->count(), static_cast<int64_t>(found_.size()));
  }
  page.total = token_.total;
  page.total_is_lower_bound = token_.total_is_lower_bound;
  const bool more = found_.size() == wanted_;
  if (more) found_.pop_back();
  for (const Found& found : found_) {
    CITY_ASSIGN_OR_RETURN(std::string id, reader_.Id(found.row));
    page.ids.push_back(std::move(id));
  }
  if (more) {
    token_.after = found_.back().position;
    if (token_.ranked) token_.ranked->after_score = found_.back().score;
    page.next = EncodeSearchToken(token_);
  }
  return page;
}

}  // namespace

absl::StatusOr<FoundPage> FindPage(IndexReader& reader, const SearchQuery& query,
                                   const ParsedQuery& parsed) {
  return PageFinder(reader, query, parsed).Find();
}

}  // namespace cityinfo::articles
