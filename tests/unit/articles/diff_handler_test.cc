#include "services/articles/rpc/diff_handler.h"

#include "absl/strings/str_cat.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;

class DiffHandlerTest : public HandlerTest {
 protected:
  void SetUp() override {
    HandlerTest::SetUp();
    diff_ = std::make_unique<DiffHandler>(*store_);
  }
  absl::StatusOr<v1::DiffArticleRevisionsResponse> Diff(const rpc::RequestContext& context,
                                                        const std::string& name, int64_t from = 0,
                                                        int64_t to = 0) {
    v1::DiffArticleRevisionsRequest request;
    request.set_name(name);
    request.set_from_revision(from);
    request.set_to_revision(to);
    return diff_->DiffArticleRevisions(context, request);
  }
  void Write(const std::string& name, const std::vector<std::string>& paragraphs) {
    v1::UpdateArticleRequest request;
    request.mutable_article()->set_name(name);
    for (const std::string& text : paragraphs) {
      request.mutable_article()->add_blocks()->set_text(text);
    }
    ASSERT_OK(write_->UpdateArticle(Editor(), request));
  }
  void Publish(const std::string& name) {
    v1::PublishArticleRequest request;
    request.set_name(name);
    ASSERT_OK(write_->PublishArticle(Editor(), request));
  }

  std::unique_ptr<DiffHandler> diff_;
};

TEST_F(DiffHandlerTest, SaysWhatChangedParagraphByParagraph) {
  const std::string name = Create().name();
  Write(name, {"步道桥今天通行。", "桥长三百米，总投资一亿元。", "夜里有灯。"});
  Write(name, {"步道桥今天通行。", "桥长三百二十米，总投资一亿元。", "居民说方便多了。"});
  ASSERT_OK_AND_ASSIGN(const auto diff, Diff(Editor(), name));
  EXPECT_EQ(diff.from_revision(), 2);
  EXPECT_EQ(diff.to_revision(), 3);
  EXPECT_EQ(diff.fields_size(), 0);
  ASSERT_EQ(diff.blocks_size(), 4);

  EXPECT_EQ(diff.blocks(0).operation(), v1::BlockChange::EQUAL);
  EXPECT_EQ(diff.blocks(0).before().text(), "步道桥今天通行。");
  EXPECT_FALSE(diff.blocks(0).has_after());

  const v1::BlockChange& changed = diff.blocks(1);
  EXPECT_EQ(changed.operation(), v1::BlockChange::CHANGED);
  EXPECT_EQ(changed.before_index(), 1);
  EXPECT_EQ(changed.after_index(), 1);
  EXPECT_EQ(changed.before().text(), "桥长三百米，总投资一亿元。");
  EXPECT_EQ(changed.after().text(), "桥长三百二十米，总投资一亿元。");
  EXPECT_EQ(changed.before_spans_size(), 0);
  ASSERT_EQ(changed.after_spans_size(), 1);
  EXPECT_EQ(changed.after_spans(0).begin(), 4);
  EXPECT_EQ(changed.after_spans(0).end(), 6);

  EXPECT_EQ(diff.blocks(2).operation(), v1::BlockChange::REMOVED);
  EXPECT_EQ(diff.blocks(2).before().text(), "夜里有灯。");
  EXPECT_EQ(diff.blocks(2).after_index(), -1);
  EXPECT_FALSE(diff.blocks(2).has_after());
  EXPECT_EQ(diff.blocks(3).operation(), v1::BlockChange::INSERTED);
  EXPECT_EQ(diff.blocks(3).after().text(), "居民说方便多了。");
  EXPECT_EQ(diff.blocks(3).before_index(), -1);
  EXPECT_FALSE(diff.blocks(3).has_before());
}

TEST_F(DiffHandlerTest, NamesTheFields) {
  const std::string name = Create().name();
  v1::UpdateArticleRequest request;
  request.mutable_article()->set_name(name);
  request.mutable_article()->set_title("另一座桥");
  request.mutable_article()->set_section("要闻");
  ASSERT_OK(write_->UpdateArticle(Editor(), request));
  ASSERT_OK_AND_ASSIGN(const auto diff, Diff(Editor(), name, 1, 2));
  ASSERT_EQ(diff.fields_size(), 2);
  EXPECT_EQ(diff.fields(0).field(), "title");
  EXPECT_EQ(diff.fields(0).before(), "第1座桥");
  EXPECT_EQ(diff.fields(0).after(), "另一座桥");
  EXPECT_EQ(diff.fields(1).field(), "section");
  ASSERT_EQ(diff.blocks_size(), 1);
  EXPECT_EQ(diff.blocks(0).operation(), v1::BlockChange::EQUAL);
}

TEST_F(DiffHandlerTest, BeforeTheFirstRevisionThereIsNothing) {
  const std::string name = Create().name();
  ASSERT_OK_AND_ASSIGN(const auto diff, Diff(Editor(), name));
  EXPECT_EQ(diff.from_revision(), 0);
  EXPECT_EQ(diff.to_revision(), 1);
  ASSERT_GT(diff.fields_size(), 0);
  EXPECT_EQ(diff.fields(0).field(), "title");
  EXPECT_EQ(diff.fields(0).before(), "");
  ASSERT_EQ(diff.blocks_size(), 1);
  EXPECT_EQ(diff.blocks(0).operation(), v1::BlockChange::INSERTED);
}

TEST_F(DiffHandlerTest, RevisionsAreChecked) {
  const std::string name = Create().name();
  Write(name, {"新的一段。"});
  EXPECT_THAT(Diff(Editor(), "articles/nobody"),
              FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Diff(Editor(), "nobody"), BlamesField("name"));
  EXPECT_THAT(Diff(Editor(), name, -1, 0), BlamesField("from_revision"));
  EXPECT_THAT(Diff(Editor(), name, 0, -1), BlamesField("to_revision"));
  EXPECT_THAT(Diff(Editor(), name, 2, 1),
              FailsWith(StatusCode::kInvalidArgument, "REVISIONS_OUT_OF_ORDER"));
  EXPECT_THAT(Diff(Editor(), name, 1, 3), FailsWith(StatusCode::kNotFound, "REVISION_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const auto same, Diff(Editor(), name, 2, 2));
  ASSERT_EQ(same.blocks_size(), 1);
  EXPECT_EQ(same.blocks(0).operation(), v1::BlockChange::EQUAL);
}

TEST_F(DiffHandlerTest, ReadersCompareWhatWasPublic) {
  const std::string name = Create().name();
  EXPECT_THAT(Diff(Reader(), name), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  Write(name, {"第二稿。"});
  Publish(name);
  // Before the first public revision there is nothing that a reader may see.
  ASSERT_OK_AND_ASSIGN(const auto first, Diff(Reader(), name));
  EXPECT_EQ(first.from_revision(), 0);
  EXPECT_EQ(first.to_revision(), 2);
  ASSERT_EQ(first.blocks_size(), 1);
  EXPECT_EQ(first.blocks(0).operation(), v1::BlockChange::INSERTED);

  v1::UnpublishArticleRequest unpublish;
  unpublish.set_name(name);
  ASSERT_OK(write_->UnpublishArticle(Editor(), unpublish));
  for (int i = 0; i < 60; ++i) Write(name, {absl::StrCat("没有见报的第", i, "稿。")});
  Write(name, {"定稿。"});
  Publish(name);
  ASSERT_OK_AND_ASSIGN(const auto diff, Diff(Reader(), name));
  EXPECT_EQ(diff.from_revision(), 2) << "the last that was public";
  EXPECT_EQ(diff.to_revision(), 63);
  EXPECT_EQ(diff.blocks(0).before().text(), "第二稿。");
  ASSERT_OK_AND_ASSIGN(const auto of_editor, Diff(Editor(), name));
  EXPECT_EQ(of_editor.from_revision(), 62);
  for (const int64_t hidden : {1, 40}) {
    EXPECT_THAT(Diff(Reader(), name, hidden, 63),
                FailsWith(StatusCode::kNotFound, "REVISION_NOT_FOUND"));
    EXPECT_THAT(Diff(Reader(), name, 0, hidden),
                FailsWith(StatusCode::kNotFound, "REVISION_NOT_FOUND"));
  }
  EXPECT_OK(Diff(Reader(), name, 2, 63));
}

}  // namespace
}  // namespace cityinfo::articles
