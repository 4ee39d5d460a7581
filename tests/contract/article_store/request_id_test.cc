#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/articles/domain/article_lifecycle.h"
#include "tests/contract/article_store/store_contract.h"

// Request ids: what is sent again is answered again, and nothing happens twice.
namespace cityinfo::articles {
namespace {

ArticleUpdate Retitling(const Article& article, const std::string& title) {
  return {.id = article.id, .patch = {.title = title}, .author = "yang", .request_id = "request-1"};
}

TEST_P(ArticleStoreContract, AnUpdateSentAgainGivesTheFirstAnswer) {
  const Article article = Create(SampleContent());
  ArticleUpdate update = Retitling(article, "第二版");
  update.etag = Etag(article);
  ASSERT_OK_AND_ASSIGN(const Article first, store().Update(update, Soon()));
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Retitle(article, "第三版"));
  ASSERT_OK(Change(article, Transition::kPublish));
  ASSERT_OK_AND_ASSIGN(const Article again, store().Update(update, Soon()));
  EXPECT_EQ(again, first);
  ASSERT_OK(Change(article, Transition::kDelete));
  ASSERT_OK_AND_ASSIGN(const Article once_more, store().Update(update, Soon()));
  EXPECT_EQ(once_more, first) << "it is not refused for what came later";
  EXPECT_EQ(Feed().size(), 5);
}

TEST_P(ArticleStoreContract, ARollbackSentAgainGivesTheFirstAnswer) {
  const Article article = Create(SampleContent());
  ASSERT_OK(Retitle(article, "第二版"));
  const ArticleRollback rollback = {.id = article.id, .revision = 1, .request_id = "request-1"};
  ASSERT_OK_AND_ASSIGN(const Article first, store().Rollback(rollback, Soon()));
  ASSERT_OK(Retitle(article, "第四版"));
  ASSERT_OK_AND_ASSIGN(const Article again, store().Rollback(rollback, Soon()));
  EXPECT_EQ(again, first);
  EXPECT_EQ(again.revision, 3);
  EXPECT_EQ(Feed().size(), 4);
}

TEST_P(ArticleStoreContract, AChangeOfStateSentAgainGivesTheFirstAnswer) {
  const Article article = Create(SampleContent());
  const absl::Time moment = clock_.Now() + absl::Hours(1);
  int number = 0;
  std::vector<std::pair<StateChange, Article>> answered;
  for (StateChange change :
       {StateChange{.transition = Transition::kPublish, .publish_time = moment},
        StateChange{.transition = Transition::kUnpublish},
        StateChange{.transition = Transition::kPublish},
        StateChange{.transition = Transition::kUnpublish, .unpublish_time = moment},
        StateChange{.transition = Transition::kDelete},
        StateChange{.transition = Transition::kUndelete}}) {
    change.id = article.id;
    change.request_id = absl::StrCat("step-", ++number);
    ASSERT_OK_AND_ASSIGN(Article first, store().ChangeState(change, Soon()));
    answered.emplace_back(change, std::move(first));
    clock_.Advance(absl::Minutes(1));
  }
  const size_t changes = Feed().size();
  // Also after the moments that were asked for have passed.
  clock_.Advance(absl::Hours(5));
  for (const auto& [change, first] : answered) {
    ASSERT_OK_AND_ASSIGN(const Article again, store().ChangeState(change, Soon()));
    EXPECT_EQ(again, first) << change.request_id;
  }
  EXPECT_EQ(Feed().size(), changes);
}

TEST_P(ArticleStoreContract, ARequestThatChangedNothingIsRememberedToo) {
  const Article article = Published();
  const StateChange publish = {.id = article.id, .request_id = "publish"};
  const ArticleUpdate update = Retitling(article, article.content.title);
  ASSERT_OK_AND_ASSIGN(const Article first, store().ChangeState(publish, Soon()));
  ASSERT_OK_AND_ASSIGN(const Article updated, store().Update(update, Soon()));
  EXPECT_EQ(first, article);
  EXPECT_EQ(updated, article);
  ASSERT_OK(Change(article, Transition::kUnpublish));
  ASSERT_OK(Retitle(article, "后来的标题"));
  ASSERT_OK_AND_ASSIGN(const Article again, store().ChangeState(publish, Soon()));
  EXPECT_EQ(again, article) << "it does not publish again";
  ASSERT_OK_AND_ASSIGN(const Article updated_again, store().Update(update, Soon()));
  EXPECT_EQ(updated_again, article) << "it does not bring the old title back";
  EXPECT_EQ(Feed().size(), 3);
}

TEST_P(ArticleStoreContract, ARequestIdStandsForOneMethodAndOneBody) {
  const Article article = Create(SampleContent(1));
  const Article other = Create(SampleContent(2));
  ASSERT_OK(Retitle(article, "第二版"));
  ASSERT_OK(store().Update(Retitling(article, "第三版"), Soon()));
  const size_t changes = Feed().size();
  const std::string used = "request-1";
  ArticleUpdate with_etag = Retitling(article, "第三版");
  with_etag.etag = Etag(article);
  ArticleUpdate more = Retitling(article, "第三版");
  more.patch.subtitle = "";
  const std::vector<std::function<absl::Status()>> others = {
      [&] { return store().Update(Retitling(article, "第四版"), Soon()).status(); },
      [&] { return store().Update(Retitling(other, "第三版"), Soon()).status(); },
      [&] { return store().Update(with_etag, Soon()).status(); },
      [&] { return store().Update(more, Soon()).status(); },
      [&] {
        return store().Create({.content = SampleContent(3), .request_id = used}, Soon()).status();
      },
      [&] {
        return store()
            .Rollback({.id = article.id, .revision = 1, .request_id = used}, Soon())
            .status();
      },
      [&] { return store().ChangeState({.id = article.id, .request_id = used}, Soon()).status(); },
      [&] {
        return store()
            .ChangeState({.id = article.id, .transition = Transition::kDelete, .request_id = used},
                         Soon())
            .status();
      }};
  for (size_t i = 0; i < others.size(); ++i) {
    const absl::Status status = others[i]();
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << i << " " << base::ErrorText(status);
    EXPECT_EQ(base::ErrorReason(status), "REQUEST_ID_REUSED") << i;
  }
  EXPECT_EQ(Feed().size(), changes);
  // The same method at another moment is another request.
  const absl::Time now = clock_.Now();
  StateChange schedule = {
      .id = article.id, .publish_time = now + absl::Hours(1), .request_id = "request-2"};
  ASSERT_OK(store().ChangeState(schedule, Soon()));
  schedule.publish_time = now + absl::Hours(2);
  EXPECT_THAT(store().ChangeState(schedule, Soon()), HasReason("REQUEST_ID_REUSED"));
  schedule.publish_time = now + absl::Hours(1);
  schedule.unpublish_time = now + absl::Hours(2);
  EXPECT_THAT(store().ChangeState(schedule, Soon()), HasReason("REQUEST_ID_REUSED"));
}

TEST_P(ArticleStoreContract, ARefusedRequestMayBeSentAgain) {
  const Article article = Create(SampleContent());
  ASSERT_OK(Change(article, Transition::kDelete));
  EXPECT_THAT(store().Update(Retitling(article, "第二版"), Soon()), HasReason("ARTICLE_DELETED"));
  ASSERT_OK(Change(article, Transition::kUndelete));
  ASSERT_OK_AND_ASSIGN(const Article updated, store().Update(Retitling(article, "第二版"), Soon()));
  EXPECT_EQ(updated.content.title, "第二版");
}

TEST_P(ArticleStoreContract, OneRequestIdFromManyThreadsMakesOneChange) {
  const Article article = Create(SampleContent());
  std::vector<Article> answers(8);
  {
    std::vector<std::jthread> threads;
    for (Article& answer : answers) {
      threads.emplace_back([&] {
        const auto updated = store().Update(Retitling(article, "第二版"), Soon());
        EXPECT_OK(updated);
        if (updated.ok()) answer = *updated;
      });
    }
  }
  EXPECT_EQ(answers[0].revision, 2);
  EXPECT_THAT(answers, ::testing::Each(answers[0]));
  EXPECT_EQ(Feed().size(), 2);
}

TEST_P(ArticleStoreContract, WhatIsNoRequestIdIsRefusedEverywhere) {
  const Article article = Create(SampleContent());
  for (const std::string& odd : {std::string("两"), std::string("a\0b", 3), std::string(65, 'x')}) {
    ArticleUpdate update = Retitling(article, "第二版");
    update.request_id = odd;
    EXPECT_THAT(store().Update(update, Soon()), BlamesField("request_id"));
    EXPECT_THAT(store().Rollback({.id = article.id, .revision = 1, .request_id = odd}, Soon()),
                BlamesField("request_id"));
    EXPECT_THAT(store().ChangeState({.id = article.id, .request_id = odd}, Soon()),
                BlamesField("request_id"));
  }
  EXPECT_EQ(Feed().size(), 1);
}

}  // namespace
}  // namespace cityinfo::articles
