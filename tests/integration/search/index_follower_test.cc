#include "services/articles/search/index_follower.h"

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/clock.h"
#include "platform/sqlite/backup.h"
#include "services/articles/search/indexed_search.h"
#include "services/articles/storage/open_article_store.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

// A real store, a real index, and what may come between them.
namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

class Follower : public ::testing::Test {
 protected:
  // An index file that outlives its followers, as it does in a service.
  struct Following {
    std::unique_ptr<SearchIndex> index;
    telemetry::Metrics metrics;
    std::unique_ptr<IndexFollower> follower;
    std::unique_ptr<IndexedSearch> search;

    bool CatchUp() {
      return testing::WaitUntil([&] { return follower->changes_behind() == 0; });
    }
    double rebuilds() {
      return metrics.GetCounter("cityinfo_articles_search_rebuilds_total", "").Value();
    }
  };

  std::unique_ptr<ArticleStore> OpenStore(const std::string& name) {
    auto store = OpenArticleStore({.database = {.store = "sqlite:" + dir_.File(name),
                                                .synchronous = sqlite::Synchronous::kNormal},
                                   .deleted_retention = absl::Hours(24),
                                   .change_retention = absl::Hours(24),
                                   .clock = &clock_});
    EXPECT_OK(store);
    return store.ok() ? *std::move(store) : nullptr;
  }

  std::unique_ptr<Following> Follow(ArticleStore& store) {
    auto following = std::make_unique<Following>();
    auto index = SearchIndex::Open({.path = dir_.File("search.db")});
    EXPECT_OK(index);
    if (!index.ok()) return nullptr;
    following->index = *std::move(index);
    following->follower =
        std::make_unique<IndexFollower>(store, *following->index, following->metrics,
                                        IndexFollower::Options{.gather = absl::ZeroDuration()});
    following->search = std::make_unique<IndexedSearch>(
        store, *following->index, *following->follower, following->metrics, clock_);
    return following;
  }

  static Article Publish(ArticleStore& store, const std::string& title) {
    ArticleContent content = SampleContent();
    content.title = title;
    content.blocks = {{.text = "正文。"}};
    absl::StatusOr<Article> article =
        store.Create({.content = std::move(content), .publish = true}, Soon());
    EXPECT_OK(article);
    return article.ok() ? *article : Article{};
  }

  static std::vector<std::string> TitlesFor(Following& following, const std::string& text) {
    EXPECT_TRUE(following.CatchUp());
    const auto page =
        following.search->Search({.text = text, .order = SearchOrder::kNewest}, Soon());
    EXPECT_OK(page);
    std::vector<std::string> titles;
    if (!page.ok()) return titles;
    EXPECT_EQ(page->changes_behind, 0);
    for (const SearchHit& hit : page->hits) titles.push_back(hit.article.content.title);
    return titles;
  }

  testing::TempDir dir_;
  base::FakeClock clock_;
};

TEST_F(Follower, TakesUpWhatIsThereAndWhatComes) {
  const auto store = OpenStore("articles.db");
  Publish(*store, "步道一");
  const auto following = Follow(*store);
  EXPECT_THAT(TitlesFor(*following, "步道"), ElementsAre("步道一"));
  Publish(*store, "步道二");
  EXPECT_THAT(TitlesFor(*following, "步道"), ElementsAre("步道二", "步道一"));
}

TEST_F(Follower, GoesOnWhereItStopped) {
  const auto store = OpenStore("articles.db");
  Publish(*store, "步道一");
  ASSERT_TRUE(Follow(*store)->CatchUp());
  Publish(*store, "步道二");
  const auto again = Follow(*store);
  EXPECT_THAT(TitlesFor(*again, "步道"), ElementsAre("步道二", "步道一"));
  EXPECT_EQ(again->rebuilds(), 0);
  EXPECT_EQ(again->metrics.GetCounter("cityinfo_articles_search_changes_total", "").Value(), 1);
}

TEST_F(Follower, WhatIsPurgedIsGone) {
  const auto store = OpenStore("articles.db");
  const Article gone = Publish(*store, "步道一");
  Publish(*store, "步道二");
  const auto following = Follow(*store);
  ASSERT_TRUE(following->CatchUp());
  ASSERT_OK(store->ChangeState({.id = gone.id, .transition = Transition::kDelete}, Soon()));
  EXPECT_THAT(TitlesFor(*following, "步道"), ElementsAre("步道二"));
  clock_.Advance(absl::Hours(25));
  ASSERT_OK_AND_ASSIGN(const Upkeep upkeep, store->KeepUp(Soon()));
  ASSERT_EQ(upkeep.purged, 1);
  EXPECT_THAT(TitlesFor(*following, "步道"), ElementsAre("步道二"));
  EXPECT_EQ(following->rebuilds(), 1) << "but for the beginning";
}

TEST_F(Follower, WhatIsPurgedUnseenIsLeftOutOfTheAnswer) {
  const auto store = OpenStore("articles.db");
  const Article gone = Publish(*store, "步道一");
  Publish(*store, "步道二");
  const auto following = Follow(*store);
  ASSERT_TRUE(following->CatchUp());
  following->follower->Stop();
  ASSERT_OK(store->ChangeState({.id = gone.id, .transition = Transition::kDelete}, Soon()));
  clock_.Advance(absl::Hours(25));
  ASSERT_OK(store->KeepUp(Soon()));
  ASSERT_OK_AND_ASSIGN(const SearchPage page, following->search->Search({.text = "步道"}, Soon()));
  ASSERT_EQ(page.hits.size(), 1);
  EXPECT_EQ(page.hits[0].article.content.title, "步道二");
  EXPECT_GT(page.changes_behind, 0);
}

TEST_F(Follower, BeginsAgainWhenItsPlaceHasLeftTheFeed) {
  const auto store = OpenStore("articles.db");
  const Article gone = Publish(*store, "步道一");
  const Article kept = Publish(*store, "步道二");
  ASSERT_TRUE(Follow(*store)->CatchUp());
  // While nobody follows, an article goes for good and so do the changes that said so.
  ASSERT_OK(store->ChangeState({.id = gone.id, .transition = Transition::kDelete}, Soon()));
  for (const char* title : {"步道三", "步道四", "步道五"}) {
    ASSERT_OK(store->Update({.id = kept.id, .patch = {.title = title}}, Soon()));
  }
  clock_.Advance(absl::Hours(25));
  Publish(*store, "步道六");
  Upkeep upkeep;
  do {
    ASSERT_OK_AND_ASSIGN(upkeep, store->KeepUp(Soon()));
  } while (upkeep.more);
  ASSERT_FALSE(store->ReadChanges(2, {}, Soon()).ok()) << "nothing was trimmed";
  const auto again = Follow(*store);
  EXPECT_THAT(TitlesFor(*again, "步道"), UnorderedElementsAre("步道五", "步道六"));
  EXPECT_EQ(again->rebuilds(), 1);
}

TEST_F(Follower, AnotherStoreWithTheSamePositionsIsNotTakenForTheOwn) {
  const auto own = OpenStore("own.db");
  for (int i = 0; i < 3; ++i) Publish(*own, "步道");
  ASSERT_TRUE(Follow(*own)->CatchUp());
  const auto other = OpenStore("other.db");
  for (int i = 0; i < 5; ++i) Publish(*other, "书房");
  const auto following = Follow(*other);
  EXPECT_THAT(TitlesFor(*following, "书房"), ::testing::SizeIs(5));
  EXPECT_THAT(TitlesFor(*following, "步道"), IsEmpty());
  EXPECT_EQ(following->rebuilds(), 1);
}

TEST_F(Follower, AStoreThatEndsBeforeTheIndexIsFollowedFromTheBeginning) {
  const auto own = OpenStore("own.db");
  for (int i = 0; i < 5; ++i) Publish(*own, "步道");
  ASSERT_TRUE(Follow(*own)->CatchUp());
  const auto other = OpenStore("other.db");
  Publish(*other, "书房");
  const auto following = Follow(*other);
  ASSERT_TRUE(testing::WaitUntil([&] { return following->index->position() == 1; }));
  EXPECT_THAT(TitlesFor(*following, "书房"), ElementsAre("书房"));
  EXPECT_THAT(TitlesFor(*following, "步道"), IsEmpty());
}

TEST_F(Follower, ARestoredStoreIsToldFromTheOneBefore) {
  {
    const auto store = OpenStore("articles.db");
    Publish(*store, "步道一");
  }
  ASSERT_OK(sqlite::Backup(dir_.File("articles.db"), dir_.File("backup.db")));
  {
    const auto store = OpenStore("articles.db");
    Publish(*store, "步道二");
    Publish(*store, "步道三");
    ASSERT_TRUE(Follow(*store)->CatchUp());
  }
  // Goes on from the backup, farther than the index has got.
  clock_.Advance(absl::Minutes(1));
  const auto restored = OpenStore("backup.db");
  for (int i = 0; i < 4; ++i) Publish(*restored, "书房");
  const auto following = Follow(*restored);
  EXPECT_THAT(TitlesFor(*following, "书房"), ::testing::SizeIs(4));
  EXPECT_THAT(TitlesFor(*following, "步道"), ElementsAre("步道一"));
}

TEST_F(Follower, ARestoredStoreThatHasAllTheIndexHasIsGoneOnWith) {
  {
    const auto store = OpenStore("articles.db");
    Publish(*store, "步道一");
    ASSERT_TRUE(Follow(*store)->CatchUp());
  }
  ASSERT_OK(sqlite::Backup(dir_.File("articles.db"), dir_.File("backup.db")));
  const auto restored = OpenStore("backup.db");
  Publish(*restored, "步道二");
  const auto following = Follow(*restored);
  EXPECT_THAT(TitlesFor(*following, "步道"), ElementsAre("步道二", "步道一"));
  EXPECT_EQ(following->rebuilds(), 0);
}

TEST_F(Follower, StopsInTheMiddleOfCatchingUp) {
  const auto store = OpenStore("articles.db");
  for (int page = 1; page <= 6; ++page) {
    PageImport import{.text = absl::StrCat("第", page, "页"),
                      .publication = "样例晚报",
                      .publish_date = {.year = 2021, .month = 12, .day = 20},
                      .label = "A2",
                      .place = "522601",
                      .publish = true};
    for (int i = 0; i < 400; ++i) import.articles.push_back(SampleContent(page * 1000 + i));
    ASSERT_OK(store->ImportPage(import, Soon()));
  }
  {
    const auto following = Follow(*store);
    ASSERT_TRUE(testing::WaitUntil([&] { return following->index->position() > 0; }));
    following->follower->Stop();
    const int64_t position = following->index->position();
    EXPECT_GT(position, 0);
    EXPECT_EQ(following->follower->changes_behind(), 2400 - position);
  }
  const auto again = Follow(*store);
  ASSERT_TRUE(again->CatchUp());
  EXPECT_EQ(again->index->position(), 2400);
  EXPECT_EQ(again->rebuilds(), 0);
}

}  // namespace
}  // namespace cityinfo::articles
