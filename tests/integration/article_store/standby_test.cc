#include <set>
#include <string>
#include <vector>

#include "services/articles/rpc/read_handlers.h"
#include "tests/integration/article_store/postgres_city.h"
#include "tests/unit/articles/search_over_store.h"

// A store with a real hot standby, whose replay is stopped where a test needs a past to look at.
namespace cityinfo::articles {
namespace {

using ::testing::Contains;
using ::testing::Not;

constexpr int kArticles = 6;

class Standby : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(primary_, testing::PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(url_, primary_->NewDatabase("standby"));
    direct_ = OpenReplica(url_);
    ASSERT_NE(direct_, nullptr);
    for (int i = 1; i <= kArticles; ++i) articles_.push_back(Publish(*direct_, i));
    ASSERT_OK_AND_ASSIGN(standby_, primary_->StartStandby());
    ASSERT_OK(standby_->WaitForReplay(*primary_));
    const std::string name = url_.substr(url_.rfind('/') + 1, url_.find('?') - url_.rfind('/') - 1);
    trailing_ = OpenReplica(url_, standby_->url(name));
    ASSERT_NE(trailing_, nullptr);
  }

  // From here on the standby shows the past; `direct_` has no standby.
  void StopTime() { ASSERT_OK(standby_->PauseReplay()); }

  static std::set<std::string> Ids(const absl::StatusOr<ArticlePage>& page) {
    EXPECT_OK(page);
    std::set<std::string> ids;
    if (page.ok()) {
      for (const Article& article : page->articles) ids.insert(article.id);
    }
    return ids;
  }

  static absl::StatusOr<ArticlePage> List(ArticleStore& store, const ArticleFilter& filter = {},
                                          int64_t min_feed_position = 0) {
    return store.List(filter, {.limit = 100, .min_feed_position = min_feed_position},
                      ArticleView::kBasic, Soon());
  }

  std::unique_ptr<testing::PostgresServer> primary_;
  std::unique_ptr<testing::PostgresServer> standby_;
  std::string url_;
  std::vector<Article> articles_;  // Published, and replayed by the standby.
  std::unique_ptr<ArticleStore> direct_;
  std::unique_ptr<ArticleStore> trailing_;
};

TEST_F(Standby, AListMayTrailButNotBehindWhatItsTokenSaw) {
  StopTime();
  const Article late = Publish(*trailing_, 100);
  const absl::StatusOr<ArticlePage> past = List(*trailing_);
  EXPECT_EQ(Ids(past).size(), kArticles) << "the standby was not asked";
  EXPECT_EQ(past->feed_position, kArticles);
  EXPECT_THAT(Ids(List(*trailing_, {}, kArticles)), Not(Contains(late.id)));
  const absl::StatusOr<ArticlePage> present = List(*trailing_, {}, kArticles + 1);
  EXPECT_THAT(Ids(present), Contains(late.id));
  EXPECT_EQ(present->feed_position, kArticles + 1);
  EXPECT_THAT(Ids(List(*direct_)), Contains(late.id));
  ASSERT_OK_AND_ASSIGN(const std::vector<LabelCount> tags, trailing_->CountTags(1, Soon()));
  EXPECT_EQ(tags[0].count, kArticles);

  ASSERT_OK(standby_->ResumeReplay());
  ASSERT_OK(standby_->WaitForReplay(*primary_));
  EXPECT_THAT(Ids(List(*trailing_)), Contains(late.id));
}

TEST_F(Standby, NothingElseTrails) {
  StopTime();
  ASSERT_OK_AND_ASSIGN(const Article draft,
                       trailing_->Create({.content = SampleContent(100)}, Soon()));
  EXPECT_OK(trailing_->Get(draft.id, 0, ArticleView::kFull, Soon()));
  EXPECT_OK(trailing_->BatchGet({draft.id}, ArticleView::kFull, Soon()));
  EXPECT_OK(trailing_->ListRevisions(draft.id, 0, 10, Soon()));
  EXPECT_THAT(Ids(List(*trailing_, {.state = ArticleState::kDraft})), Contains(draft.id))
      << "those who write must find their drafts";
  ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> tail,
                       trailing_->ReadChanges(kArticles, {}, Soon()));
  EXPECT_EQ(tail.size(), 1);
}

TEST_F(Standby, AWalkByTokensNeverGoesBackInTime) {
  StopTime();
  // The last of the list goes; the standby still shows it.
  const std::string gone = articles_[0].id;
  ASSERT_OK(direct_->ChangeState({.id = gone, .transition = Transition::kUnpublish}, Soon()));
  rpc::RequestContext reader;
  reader.deadline = Soon();
  reader.role = "reader";

  v1::ListArticlesRequest list;
  list.set_page_size(kArticles - 2);
  ASSERT_OK_AND_ASSIGN(const auto past, ReadHandlers(*trailing_).ListArticles(reader, list));
  list.set_page_token(past.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto past_rest, ReadHandlers(*trailing_).ListArticles(reader, list));
  EXPECT_EQ(past_rest.articles_size(), 2) << "one moment of the past, if a walk begins there";

  list.clear_page_token();
  ASSERT_OK_AND_ASSIGN(const auto present, ReadHandlers(*direct_).ListArticles(reader, list));
  list.set_page_token(present.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto rest, ReadHandlers(*trailing_).ListArticles(reader, list));
  ASSERT_EQ(rest.articles_size(), 1);
  EXPECT_NE(rest.articles(0).id(), gone);
}

TEST_F(Standby, ASearchDoesNotTrail) {
  constexpr int kMany = 300;  // Far behind, so that the index begins with what the standby has.
  ASSERT_OK(direct_->ImportPage(SamplePage(1, kMany), Soon()));
  ASSERT_OK(standby_->WaitForReplay(*primary_));
  StopTime();
  const std::string gone = articles_[0].id;
  ASSERT_OK(direct_->ChangeState({.id = gone, .transition = Transition::kUnpublish}, Soon()));
  const Article late = Publish(*direct_, 100);
  ASSERT_TRUE(
      trailing_->change_signal().WaitBeyond(kArticles + kMany + 1, Soon(), [] { return false; }));
  ASSERT_OK_AND_ASSIGN(const auto search, SearchOverStore::Open(*trailing_));
  ASSERT_TRUE(search->CatchUp());

  SearchQuery query = {.text = "步道桥", .order = SearchOrder::kNewest, .limit = 50};
  std::set<std::string> found;
  do {
    ASSERT_OK_AND_ASSIGN(const SearchPage page, search->search().Search(query, Soon()));
    for (const SearchHit& hit : page.hits) EXPECT_TRUE(found.insert(hit.article.id).second);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_EQ(found.size(), kArticles + kMany);  // One went, one came.
  EXPECT_THAT(found, Contains(late.id));
  EXPECT_THAT(found, Not(Contains(gone)));
}

TEST_F(Standby, WhoIsFarBehindInTheFeedReadsFromIt) {
  constexpr int kPages = 3;
  constexpr int kEach = 100;
  const auto import = [&](int from) {
    for (int page = from; page < from + kPages; ++page) {
      ASSERT_OK(direct_->ImportPage(SamplePage(page, kEach), Soon()));
    }
  };
  constexpr int64_t kReplayed = kArticles + kPages * kEach;
  constexpr int64_t kAll = kReplayed + kPages * kEach;
  import(1);
  ASSERT_OK(standby_->WaitForReplay(*primary_));
  StopTime();
  import(1 + kPages);
  ASSERT_TRUE(trailing_->change_signal().WaitBeyond(kAll - 1, Soon(), [] { return false; }));

  // Where the standby's feed ends the primary's goes on, and there is no seam.
  int64_t position = 0;
  while (position < kAll) {
    ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> changes,
                         trailing_->ReadChanges(position, {}, Soon()));
    ASSERT_FALSE(changes.empty()) << "at " << position;
    for (const ArticleChange& change : changes) ASSERT_EQ(change.position, ++position);
  }

  // And it was the standby: it answers with the primary gone, but not for the newest.
  primary_->Stop();
  EXPECT_OK(trailing_->ReadChanges(0, {}, Soon()));
  EXPECT_THAT(trailing_->ReadChanges(kReplayed, {}, absl::Now() + absl::Seconds(1)),
              testing::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(List(*trailing_));
}

TEST_F(Standby, WithoutItThePrimaryAnswers) {
  standby_->Freeze();
  const absl::Time deadline = absl::Now() + absl::Seconds(4);
  const auto page = trailing_->List({}, {.limit = 100}, ArticleView::kBasic, deadline);
  EXPECT_EQ(Ids(page).size(), kArticles);
  EXPECT_LT(absl::Now(), deadline);
  standby_->Thaw();
  standby_->Stop();
  const Article late = Publish(*trailing_, 100);
  EXPECT_THAT(Ids(List(*trailing_)), Contains(late.id));
  ASSERT_OK(standby_->StartAgain());
}

}  // namespace
}  // namespace cityinfo::articles
