#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/rpc/stream_writer.h"
#include "tests/integration/articles/articles_process.h"
#include "tests/support/wait_until.h"

// Bulk import by client stream, over gRPC, into a service that is a process of its own.
namespace cityinfo::articles {
namespace {

using absl::StatusCode;
using ::testing::HasSubstr;
using testing::WaitUntil;
using Writer = rpc::StreamWriter<v1::ImportArticlesRequest, v1::ImportArticlesResponse>;
using Answer = absl::StatusOr<v1::ImportArticlesResponse>;
using Result = v1::ImportArticleResult;

v1::ImportArticlesRequest Item(int number, bool publish = true) {
  v1::ImportArticlesRequest request;
  *request.mutable_article() = SampleArticle(number).article();
  request.set_publish(publish);
  return request;
}

rpc::CallOptions InTime(const std::string& role = "editor") {
  rpc::CallOptions options = ArticlesProcess::As(role);
  options.deadline = absl::Now() + absl::Minutes(2);
  return options;
}

class ImportTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(service_.Start()); }

  // Sends items [first, last).
  Answer Import(int first, int last) {
    auto writer = Writer::Open(service_.stub(), &Stub::ImportArticles, InTime());
    for (int i = first; i < last && writer->Write(Item(i)); ++i) {
    }
    return writer->Finish();
  }

  // How often each title is in the service.
  std::map<std::string, int> Titles() {
    std::map<std::string, int> titles;
    v1::ListArticlesRequest request;
    request.set_page_size(200);
    do {
      auto page = service_.Call(&Stub::ListArticles, request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::Article& article : page->articles()) ++titles[article.title()];
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return titles;
  }
  void ExpectEachOnce(int count) {
    const std::map<std::string, int> titles = Titles();
    EXPECT_EQ(titles.size(), count);
    for (const auto& [title, times] : titles) EXPECT_EQ(times, 1) << title;
  }

  ArticlesProcess service_;
};

TEST_F(ImportTest, TenThousandGoInOnceHoweverOftenTheyAreSent) {
  constexpr int kCount = 10'000;
  ASSERT_OK_AND_ASSIGN(const auto first, Import(0, kCount));
  EXPECT_EQ(first.created_count(), kCount);
  ASSERT_EQ(first.results_size(), kCount);
  ASSERT_OK_AND_ASSIGN(const auto second, Import(0, kCount));
  EXPECT_EQ(second.existing_count(), kCount);
  EXPECT_EQ(second.created_count(), 0);
  ASSERT_EQ(second.results_size(), kCount);
  for (int i = 0; i < kCount; ++i) {
    ASSERT_EQ(first.results(i).item(), i + 1);
    ASSERT_EQ(first.results(i).outcome(), Result::CREATED);
    ASSERT_EQ(second.results(i).outcome(), Result::EXISTING);
    ASSERT_EQ(second.results(i).name(), first.results(i).name());
  }
  ExpectEachOnce(kCount);
}

TEST_F(ImportTest, MoreThanThatIsRefusedAtTheOneTooMany) {
  const Answer answer = Import(0, 10'001);
  EXPECT_THAT(answer, FailsWith(StatusCode::kInvalidArgument, "TOO_MANY_ITEMS"));
}

TEST_F(ImportTest, OneThatIsWrongKeepsNoOtherOut) {
  auto writer = Writer::Open(service_.stub(), &Stub::ImportArticles, InTime());
  for (int i = 0; i < 600; ++i) {
    v1::ImportArticlesRequest item = Item(i);
    if (i == 300) item.mutable_article()->mutable_blocks(0)->set_text("a\x01");
    ASSERT_TRUE(writer->Write(item));
  }
  ASSERT_OK_AND_ASSIGN(const auto answer, writer->Finish());
  EXPECT_EQ(answer.created_count(), 599);
  EXPECT_EQ(answer.failed_count(), 1);
  const Result& bad = answer.results(300);
  EXPECT_EQ(bad.outcome(), Result::FAILED);
  EXPECT_THAT(bad.error().message(), HasSubstr("article.blocks[0].text"));
  ExpectEachOnce(599);
}

TEST_F(ImportTest, OneThatIsBrokenOffAndSentAgainIsStoredOnce) {
  constexpr int kCount = 3'000;
  auto writer = Writer::Open(service_.stub(), &Stub::ImportArticles, InTime());
  for (int i = 0; i < kCount / 2; ++i) ASSERT_TRUE(writer->Write(Item(i)));
  ASSERT_TRUE(WaitUntil([&] { return !Titles().empty(); })) << "groups are stored while they come";
  writer->Cancel();
  EXPECT_THAT(writer->Finish(), FailsWith(StatusCode::kCancelled, "UPSTREAM_CANCELLED"));
  ASSERT_OK_AND_ASSIGN(const auto again, Import(0, kCount));
  EXPECT_EQ(again.created_count() + again.existing_count(), kCount);
  EXPECT_GT(again.existing_count(), 0);
  ExpectEachOnce(kCount);
}

TEST_F(ImportTest, OneThatIsKilledAndSentAgainIsStoredOnce) {
  constexpr int kCount = 3'000;
  auto writer = Writer::Open(service_.stub(), &Stub::ImportArticles, InTime());
  for (int i = 0; i < kCount / 2; ++i) ASSERT_TRUE(writer->Write(Item(i)));
  ASSERT_TRUE(WaitUntil([&] { return !Titles().empty(); }));
  service_.Kill();
  EXPECT_FALSE(writer->Finish().ok());
  ASSERT_OK(service_.Start());
  ASSERT_OK_AND_ASSIGN(const auto again, Import(0, kCount));
  EXPECT_GT(again.existing_count(), 0);
  ExpectEachOnce(kCount);
}

TEST_F(ImportTest, OfTwoAtOnceOneStoresAnArticleAndBothKnowIt) {
  constexpr int kCount = 2'000;
  Answer answers[2] = {absl::UnknownError(""), absl::UnknownError("")};
  {
    std::vector<std::jthread> importers;
    for (Answer& answer : answers) {
      importers.emplace_back([&] { answer = Import(0, kCount); });
    }
  }
  ASSERT_OK(answers[0]);
  ASSERT_OK(answers[1]);
  EXPECT_EQ(answers[0]->created_count() + answers[1]->created_count(), kCount);
  EXPECT_EQ(answers[0]->existing_count() + answers[1]->existing_count(), kCount);
  for (int i = 0; i < kCount; ++i) {
    ASSERT_EQ(answers[0]->results(i).name(), answers[1]->results(i).name());
  }
  ExpectEachOnce(kCount);
}

TEST_F(ImportTest, ReadersAndStrangersMayNot) {
  auto writer = Writer::Open(service_.stub(), &Stub::ImportArticles, InTime("reader"));
  writer->Write(Item(1));
  EXPECT_THAT(writer->Finish(), FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
  EXPECT_TRUE(Titles().empty());
}

TEST_F(ImportTest, AServiceThatStopsSendsAnImportThatWaitsAway) {
  auto writer = Writer::Open(service_.stub(), &Stub::ImportArticles, InTime());
  ASSERT_TRUE(writer->Write(Item(1)));
  service_.process().Terminate();
  ASSERT_TRUE(WaitUntil([&] { return !writer->Write(Item(1)); }));
  // The service says SERVER_STOPPING; whoever is writing just then may only find the line cut.
  EXPECT_EQ(writer->Finish().status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(service_.process().Wait()->code, 0);
}

}  // namespace
}  // namespace cityinfo::articles
