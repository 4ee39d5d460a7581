#include "services/articles/rpc/import_handler.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "platform/rpc/byte_buffer.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Result = v1::ImportArticleResult;

// A stream of what a test has prepared; `end` is how it ends.
class FakeSource : public rpc::StreamSource {
 public:
  FakeSource(const std::vector<v1::ImportArticlesRequest>& requests, absl::Status end)
      : requests_(requests), end_(std::move(end)) {}

  bool Read(grpc::ByteBuffer* message) override {
    if (next_ == requests_.size()) {
      status_ = end_;
      return false;
    }
    return rpc::Serialize(requests_[next_++], message);
  }
  absl::Status status() const override { return status_; }
  size_t read() const { return next_; }

 private:
  const std::vector<v1::ImportArticlesRequest>& requests_;
  const absl::Status end_;
  absl::Status status_;
  size_t next_ = 0;
};

class ImportHandlerTest : public HandlerTest {
 protected:
  absl::StatusOr<v1::ImportArticlesResponse> Import(
      const std::vector<v1::ImportArticlesRequest>& requests,
      rpc::RequestContext context = Editor(), absl::Status end = absl::OkStatus()) {
    ImportHandler handler(*store_);
    FakeSource source(requests, std::move(end));
    rpc::ServerReader<v1::ImportArticlesRequest> reader(source);
    auto response = handler.ImportArticles(context, reader);
    read_messages_ = source.read();
    return response;
  }

  static v1::ImportArticlesRequest Item(int number, bool publish = false) {
    v1::ImportArticlesRequest request;
    *request.mutable_article() = SampleProto(number);
    request.set_publish(publish);
    return request;
  }
  static std::vector<v1::ImportArticlesRequest> Items(int count) {
    std::vector<v1::ImportArticlesRequest> items;
    for (int i = 1; i <= count; ++i) items.push_back(Item(i));
    return items;
  }

  size_t StoredArticles() {
    auto changes = store_->ReadChanges(0, {.changes = 20'000, .text_bytes = 256 << 20},
                                       absl::Now() + absl::Seconds(10));
    EXPECT_OK(changes);
    return changes.ok() ? changes->size() : 0;
  }

  size_t read_messages_ = 0;
};

TEST_F(ImportHandlerTest, SaysOfEachArticleWhatBecameOfIt) {
  const std::vector<v1::ImportArticlesRequest> items = {Item(1), Item(2, true), Item(1)};
  ASSERT_OK_AND_ASSIGN(const auto response, Import(items));
  ASSERT_EQ(response.results_size(), 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(response.results(i).item(), i + 1);
  EXPECT_EQ(response.results(0).outcome(), Result::CREATED);
  EXPECT_EQ(response.results(1).outcome(), Result::CREATED);
  EXPECT_EQ(response.results(2).outcome(), Result::EXISTING);
  EXPECT_EQ(response.results(2).name(), response.results(0).name());
  EXPECT_EQ(response.created_count(), 2);
  EXPECT_EQ(response.existing_count(), 1);
  EXPECT_EQ(response.failed_count(), 0);

  ASSERT_OK_AND_ASSIGN(const v1::Article draft, Get(Editor(), response.results(0).name()));
  EXPECT_EQ(draft.title(), SampleProto(1).title());
  EXPECT_EQ(draft.state(), v1::DRAFT);
  ASSERT_OK_AND_ASSIGN(const v1::Article published, Get(Reader(), response.results(1).name()));
  EXPECT_EQ(published.state(), v1::PUBLISHED);

  ASSERT_OK_AND_ASSIGN(const auto again, Import(items));
  EXPECT_EQ(again.existing_count(), 3);
  EXPECT_EQ(again.results(1).name(), response.results(1).name());
  EXPECT_EQ(StoredArticles(), 2);
}

TEST_F(ImportHandlerTest, OneThatIsWrongKeepsNoOtherOut) {
  std::vector<v1::ImportArticlesRequest> items = Items(4);
  items[1].mutable_article()->set_title(" ");
  items[2].clear_article();
  ASSERT_OK_AND_ASSIGN(const auto response, Import(items));
  EXPECT_EQ(response.created_count(), 2);
  EXPECT_EQ(response.failed_count(), 2);
  EXPECT_EQ(response.results(0).outcome(), Result::CREATED);
  EXPECT_EQ(response.results(3).outcome(), Result::CREATED);
  EXPECT_FALSE(response.results(3).has_error());

  const Result& blank = response.results(1);
  EXPECT_EQ(blank.outcome(), Result::FAILED);
  EXPECT_EQ(blank.name(), "");
  EXPECT_EQ(blank.error().code(), static_cast<int>(StatusCode::kInvalidArgument));
  EXPECT_THAT(blank.error().message(), HasSubstr("article.title"));
  ASSERT_EQ(blank.error().details_size(), 2);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(blank.error().details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "REQUIRED");
  EXPECT_EQ(info.domain(), "cityinfo");
  google::rpc::BadRequest bad;
  ASSERT_TRUE(blank.error().details(1).UnpackTo(&bad));
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(), "article.title");
  EXPECT_EQ(response.results(2).error().message(), "article: is required");
}

TEST_F(ImportHandlerTest, CheckingSaysWhatWouldBeAndStoresNothing) {
  ASSERT_OK_AND_ASSIGN(const auto stored, Import({Item(2)}));
  std::vector<v1::ImportArticlesRequest> items = Items(3);
  for (auto& item : items) item.set_validate_only(true);
  items[2].mutable_article()->set_place("999");
  ASSERT_OK_AND_ASSIGN(const auto response, Import(items));
  EXPECT_EQ(response.results(0).outcome(), Result::CREATED);
  EXPECT_EQ(response.results(0).name(), "");
  EXPECT_EQ(response.results(1).outcome(), Result::EXISTING);
  EXPECT_EQ(response.results(1).name(), stored.results(0).name());
  EXPECT_EQ(response.results(2).outcome(), Result::FAILED);
  EXPECT_EQ(response.created_count(), 1);
  EXPECT_EQ(response.existing_count(), 1);
  EXPECT_EQ(response.failed_count(), 1);
  EXPECT_EQ(StoredArticles(), 1);
}

TEST_F(ImportHandlerTest, NothingIsNothing) {
  ASSERT_OK_AND_ASSIGN(const auto response, Import({}));
  EXPECT_EQ(response.results_size(), 0);
}

TEST_F(ImportHandlerTest, OnlyEditorsImport) {
  EXPECT_THAT(Import(Items(1), Reader()),
              FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
  EXPECT_EQ(read_messages_, 0);
  EXPECT_EQ(StoredArticles(), 0);
}

TEST_F(ImportHandlerTest, WhatCameBeforeABreakIsStoredInWholeGroups) {
  const int group = static_cast<int>(kMaxImportBatch);
  const std::vector<v1::ImportArticlesRequest> items = Items(group + 10);
  EXPECT_THAT(Import(items, Editor(), base::Cancelled("gone")),
              FailsWith(StatusCode::kCancelled, "CANCELLED"));
  EXPECT_EQ(StoredArticles(), group);
  ASSERT_OK_AND_ASSIGN(const auto response, Import(items));
  EXPECT_EQ(response.existing_count(), group);
  EXPECT_EQ(response.created_count(), 10);
  EXPECT_EQ(StoredArticles(), items.size());
}

TEST_F(ImportHandlerTest, LargeArticlesMakeSmallGroups) {
  std::vector<v1::ImportArticlesRequest> items = Items(3);
  for (auto& item : items) {
    for (int i = 0; i < 40; ++i) {
      item.mutable_article()->add_blocks()->set_text(std::string(kMaxImportGroupBytes / 60, 'x'));
    }
  }
  EXPECT_THAT(Import(items, Editor(), base::Cancelled("gone")),
              FailsWith(StatusCode::kCancelled, "CANCELLED"));
  EXPECT_EQ(StoredArticles(), 2);
}

TEST_F(ImportHandlerTest, TooManyAreRefusedAndWhatCameBeforeStays) {
  std::vector<v1::ImportArticlesRequest> items = Items(static_cast<int>(kMaxImportItems) + 1);
  for (auto& item : items) item.set_validate_only(true);
  EXPECT_THAT(Import(items), FailsWith(StatusCode::kInvalidArgument, "TOO_MANY_ITEMS"));
  items.pop_back();
  ASSERT_OK_AND_ASSIGN(const auto response, Import(items));
  EXPECT_EQ(response.results_size(), kMaxImportItems);
}

TEST_F(ImportHandlerTest, AStoreThatCannotEndsTheImport) {
  rpc::RequestContext late = Editor();
  late.deadline = absl::Now() - absl::Seconds(1);
  EXPECT_THAT(Import(Items(2), late).status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(StoredArticles(), 0);
}

}  // namespace
}  // namespace cityinfo::articles
