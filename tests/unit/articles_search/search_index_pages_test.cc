#include <algorithm>
#include <filesystem>
#include <set>

#include "platform/base/error.h"
#include "services/articles/search/found_page.h"
#include "tests/unit/articles_search/search_index_fixture.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;

class SearchIndexPagesTest : public SearchIndexTest {
 protected:
  // Walks to the end, calling `between` before each further page.
  template <typename Between>
  std::vector<int64_t> Walk(SearchQuery query, Between&& between) {
    std::vector<int64_t> all;
    for (int pages = 0; pages < 3000; ++pages) {
      const auto page = Find(query);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const int64_t sequence : SequencesOf(*page)) all.push_back(sequence);
      query.after = page->next;
      if (query.after.empty()) return all;
      EXPECT_EQ(page->ids.size(), query.limit);
      between(pages);
    }
    ADD_FAILURE() << "the walk does not end";
    return all;
  }
  std::vector<int64_t> Walk(const SearchQuery& query) {
    return Walk(query, [](int) {});
  }
  static base::Date Day(int64_t sequence) {
    return base::DateFromDays(18'000 + sequence * 7 % 100);
  }
};

TEST_F(SearchIndexPagesTest, NewestIsByDayThenBySequenceWhateverCameFirst) {
  Add(Published(2, "步道", {}, {2021, 12, 20}));
  Add(Published(5, "步道", {}, {2021, 12, 20}));
  Add(Published(3, "步道", {}, {2021, 12, 20}));
  Add(Published(1, "步道", {}, {2021, 12, 21}));
  Add(Published(4, "步道", {}, {2021, 12, 19}));
  for (const int limit : {1, 2, 3, 10}) {
    EXPECT_THAT(Walk({.text = "步道", .order = SearchOrder::kNewest, .limit = limit}),
                ElementsAre(1, 5, 3, 2, 4));
  }
}

TEST_F(SearchIndexPagesTest, ReplicasThatSawAnotherOrderGiveTheSamePages) {
  std::vector<Article> articles;
  for (int i = 1; i <= 60; ++i) articles.push_back(Published(i, "步道", {}, {2021, 12, 1 + i % 4}));
  auto other = SearchIndex::Open({.path = folder_.File("other.db")});
  ASSERT_OK(other);
  for (size_t i = 0; i < articles.size(); ++i) {
    Add(articles[i]);
    ASSERT_OK((*other)->Apply({{.position = feed_, .article = articles[i * 37 % 60]}}, feed_,
                              absl::InfiniteFuture()));
  }
  for (const SearchOrder order : {SearchOrder::kNewest, SearchOrder::kRelevance}) {
    const std::vector<int64_t> alone = Walk({.text = "步道", .order = order, .limit = 7});
    EXPECT_EQ(alone.size(), 60);
    SearchQuery query{.text = "步道", .order = order, .limit = 7};
    std::vector<int64_t> in_turn;
    for (int page = 0; page == 0 || !query.after.empty(); ++page) {
      SearchIndex& replica = page % 2 == 0 ? *index_ : **other;
      ASSERT_OK_AND_ASSIGN(const FoundPage found,
                           replica.Find(query, kNow, absl::InfiniteFuture()));
      for (const int64_t sequence : SequencesOf(found)) in_turn.push_back(sequence);
      query.after = found.next;
    }
    EXPECT_EQ(in_turn, alone);
  }
}

TEST_F(SearchIndexPagesTest, NothingIsSkippedOrRepeatedWhileArticlesAreAdded) {
  std::vector<ArticleChange> changes;
  for (int i = 1; i <= 300; ++i) {
    changes.push_back(Next(Published(i, i % 9 == 0 ? "步道贯通" : "消息",
                                     {i % 5 == 0 ? "步道步道" : "步道"}, Day(i))));
  }
  Apply(changes);
  for (const SearchOrder order : {SearchOrder::kNewest, SearchOrder::kRelevance}) {
    int64_t next = 1000;
    const std::vector<int64_t> all =
        Walk({.text = "步道", .order = order, .limit = 11}, [&](int page) {
          Add(Published(++next, page % 2 == 0 ? "步道" : "别的", {"步道"}, Day(page * 13)));
          // Comes from before and goes again.
          Article back = Published(5000, "步道", {}, Day(page));
          back.state = page % 2 == 0 ? ArticleState::kPublished : ArticleState::kUnpublished;
          Add(back);
        });
    std::set<int64_t> seen;
    for (const int64_t sequence : all) {
      if (sequence == 5000) continue;
      EXPECT_TRUE(seen.insert(sequence).second) << sequence;
    }
    for (int i = 1; i <= 300; ++i) EXPECT_TRUE(seen.contains(i)) << i;
  }
}

TEST_F(SearchIndexPagesTest, AWalkGoesOnWhenWhereItStoodIsGone) {
  for (int i = 1; i <= 9; ++i) Add(Published(i, "步道", {}, {2021, 12, 1 + i / 4}));
  const std::vector<int64_t> all =
      Walk({.text = "步道", .order = SearchOrder::kNewest, .limit = 3}, [&](int page) {
        Apply({Next({.id = "x", .sequence = page == 0 ? 7 : 4}, /*purged=*/true)});
      });
  EXPECT_THAT(all, ElementsAre(9, 8, 7, 6, 5, 4, 3, 2, 1));
}

// More matches than are ranked: the best of the newest and of the titles come first, and then the
// rest; a walk still gives each of them once.
TEST_F(SearchIndexPagesTest, RankedOnesComeFirstAndTheRestFollows) {
  constexpr int kArticles = kMaxCounted + kMaxRankedMatches + kMaxRankedTitles;
  std::vector<ArticleChange> changes;
  for (int i = 1; i <= kArticles; ++i) {
    // Old ones, by day, have it in the title.
    const bool in_title = i <= kMaxRankedTitles + 50;
    changes.push_back(Next(Published(i, in_title ? "步道" : "消息", {"步道的消息"},
                                     base::DateFromDays(18'000 + i / 3))));
  }
  Apply(changes);
  int64_t added = 10'000;
  const std::vector<int64_t> all = Walk({.text = "步道", .limit = 100}, [&](int page) {
    Add(Published(++added, "步道", {}, base::DateFromDays(18'000 + page * 50)));
  });
  std::set<int64_t> seen;
  for (const int64_t sequence : all) EXPECT_TRUE(seen.insert(sequence).second) << sequence;
  for (int i = 1; i <= kArticles; ++i) EXPECT_TRUE(seen.contains(i)) << i;
  // Titles first, newest first among equals: behind the oldest fifty come those of the text alone.
  std::vector<int64_t> old;
  for (const int64_t sequence : all) {
    if (sequence <= kArticles) old.push_back(sequence);
  }
  EXPECT_EQ(old[0], kMaxRankedTitles + 50);
  EXPECT_EQ(old[kMaxRankedTitles - 1], 51);
  EXPECT_EQ(old[kMaxRankedTitles], kArticles);
  EXPECT_EQ(old.back(), 1);
  ASSERT_OK_AND_ASSIGN(const FoundPage first, Find({.text = "步道", .limit = 10}));
  EXPECT_TRUE(first.total_is_lower_bound);
  EXPECT_EQ(first.total, kMaxCounted);
}

// Many texts hold all pairs of the word, few hold the word: looking is bounded where it only serves
// the ranking, and yet everything is found.
TEST_F(SearchIndexPagesTest, AWordThatIsHardToFindIsFoundEverywhere) {
  std::vector<ArticleChange> changes;
  std::vector<int64_t> wanted;
  for (int i = 1; i <= 3 * kMaxRankedTexts; ++i) {
    const bool holds = i % 150 == 0;
    if (holds) wanted.push_back(i);
    const char* text = holds ? "步道路" : "步道与道路";
    changes.push_back(Next(
        Published(i, i % 2 == 0 ? text : "消息", {text}, base::DateFromDays(18'000 + i / 400))));
  }
  // Day after day, and then with days that are not in order.
  for (const bool mixed : {false, true}) {
    index_.reset();
    std::filesystem::remove(Path());
    index_ = Open();
    const size_t half = changes.size() / 2;
    const std::vector<ArticleChange> older(changes.begin(), changes.begin() + half);
    std::vector<ArticleChange> newer(changes.begin() + half, changes.end());
    // Changes of later positions first would be old ones: so they are numbered anew.
    feed_ = 0;
    for (std::vector<ArticleChange> part :
         mixed ? std::vector{newer, older} : std::vector{older, newer}) {
      for (ArticleChange& change : part) change.position = ++feed_;
      Apply(part);
    }
    for (const SearchOrder order : {SearchOrder::kNewest, SearchOrder::kRelevance}) {
      std::vector<int64_t> all = Walk({.text = "步道路", .order = order, .limit = 2});
      EXPECT_TRUE(order != SearchOrder::kNewest || std::is_sorted(all.rbegin(), all.rend()));
      std::sort(all.begin(), all.end());
      EXPECT_EQ(all, wanted);
      ASSERT_OK_AND_ASSIGN(const FoundPage page,
                           Find({.text = "步道路", .order = order, .limit = 3}));
      EXPECT_TRUE(page.total_is_lower_bound);
      EXPECT_GE(page.total, 3);
    }
  }
}

TEST_F(SearchIndexPagesTest, ATokenOfAnotherOrderIsRefused) {
  for (int i = 1; i <= 9; ++i) Add(Published(i, "步道", {}));
  ASSERT_OK_AND_ASSIGN(const FoundPage page,
                       Find({.text = "步道", .order = SearchOrder::kNewest, .limit = 3}));
  EXPECT_EQ(base::ErrorReason(Find({.text = "步道", .after = page.next}).status()),
            "INVALID_PAGE_TOKEN");
  EXPECT_EQ(base::ErrorReason(Find({.text = "步道", .after = "garbage"}).status()),
            "INVALID_PAGE_TOKEN");
}

}  // namespace
}  // namespace cityinfo::articles
