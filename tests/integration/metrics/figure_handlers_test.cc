// The rpcs about figures over a real store: who may review, what is refused, and what is shown.
#include "services/metrics/rpc/figure_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/base/clock.h"
#include "platform/base/error.h"
#include "services/metrics/storage/sql_metric_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::IsEmpty;

class FigureHandlersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(
        store_, OpenMetricStore({.store = "sqlite:" + dir_.File("metrics.db")}, clock_, versions_));
    handlers_ = std::make_unique<FigureHandlers>(*store_, Catalogue::Embedded());
    Figure figure;
    figure.indicator = "gdp";
    figure.indicator_text = "生产总值";
    figure.place = "522601";
    figure.period = Period::Year(2021);
    figure.value = {.printed = "281.76亿元", .exact_value = "28176000000", .unit = "元"};
    figure.citation.article = "articles/a";
    figure.citation.quote = "上年完成生产总值281.76亿元。";
    figure.publish_date = figure.citation.publish_date = {.year = 2021, .month = 12, .day = 20};
    figure.confidence = 0.5;
    std::vector<Figure> figures = {figure};
    AssignFigureIds("articles/a", figures);
    name_ = "figures/" + figures[0].id;
    const ArticleChange change{.feed_position = 1,
                               .article = "articles/a",
                               .revision = 1,
                               .published = true,
                               .figures = figures};
    ASSERT_OK(store_->ApplyArticleChanges({}, std::span(&change, 1)));
  }

  static rpc::RequestContext As(const std::string& role, const std::string& name = "") {
    rpc::RequestContext context;
    context.role = role;
    context.principal = name;
    return context;
  }

  v1::ReviewFigureRequest Request(v1::ReviewFigureRequest::Action action) const {
    v1::ReviewFigureRequest request;
    request.set_name(name_);
    request.set_action(action);
    request.set_comment("看错了年份");
    return request;
  }

  absl::StatusOr<v1::Figure> Review(const v1::ReviewFigureRequest& request) {
    return handlers_->ReviewFigure(As("editor", "lin"), request);
  }
  absl::StatusOr<v1::Figure> Get(const rpc::RequestContext& context) {
    v1::GetFigureRequest request;
    request.set_name(name_);
    return handlers_->GetFigure(context, request);
  }

  // The one field that a refused review names.
  std::string RefusedFor(const v1::ReviewFigureRequest& request) {
    const auto violations = base::FieldViolations(Review(request).status());
    return violations.size() == 1 ? violations[0].field : "";
  }

  testing::TempDir dir_;
  base::FakeClock clock_;
  DataVersions versions_;
  std::unique_ptr<SqlMetricStore> store_;
  std::unique_ptr<FigureHandlers> handlers_;
  std::string name_;
};

TEST_F(FigureHandlersTest, OnlyWhoMayReviewDoesAndSeesWhoDid) {
  const auto request = Request(v1::ReviewFigureRequest::CONFIRM);
  for (const char* role : {"reader", "visitor"}) {
    EXPECT_THAT(handlers_->ReviewFigure(As(role, "eve"), request),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
  EXPECT_EQ(Get(As("reader"))->review_state(), v1::UNREVIEWED);
  const auto reviewed = Review(request);
  ASSERT_OK(reviewed);
  EXPECT_EQ(reviewed->reviewer(), "lin");

  const auto public_view = Get(As("reader"));
  ASSERT_OK(public_view);
  EXPECT_EQ(public_view->review_state(), v1::CONFIRMED);
  EXPECT_TRUE(public_view->has_review_time());
  EXPECT_THAT(public_view->reviewer(), IsEmpty());
  EXPECT_THAT(public_view->review_comment(), IsEmpty());
  const auto list = [&](const char* role) {
    return handlers_->ListFigures(As(role), v1::ListFiguresRequest())->figures(0);
  };
  EXPECT_THAT(list("reader").reviewer(), IsEmpty());
  EXPECT_THAT(list("reader").review_comment(), IsEmpty());
  EXPECT_EQ(list("editor").reviewer(), "lin");
  EXPECT_EQ(list("editor").review_comment(), "看错了年份");
  EXPECT_EQ(list("").reviewer(), "lin") << "a service of ours";
}

TEST_F(FigureHandlersTest, AnAmendedFigureShowsWhatWasRead) {
  auto request = Request(v1::ReviewFigureRequest::AMEND);
  request.mutable_amended()->set_period("2020");
  request.mutable_amended()->set_stage(v1::PRELIMINARY);
  request.mutable_amended()->set_printed("ignored");
  const auto amended = Review(request);
  ASSERT_OK(amended);
  EXPECT_EQ(amended->period(), "2020");
  EXPECT_EQ(amended->stage(), v1::PRELIMINARY);
  EXPECT_EQ(amended->printed(), "281.76亿元");
  EXPECT_EQ(amended->citation().quote(), "上年完成生产总值281.76亿元。");
  ASSERT_TRUE(amended->has_extracted());
  EXPECT_EQ(amended->extracted().period(), "2021");
  EXPECT_EQ(amended->extracted().exact_value(), "28176000000");
  EXPECT_THAT(amended->extracted().printed(), IsEmpty());
  EXPECT_FALSE(amended->extracted().has_citation());
  // The next amendment begins from what was read, not from this one.
  auto next = Request(v1::ReviewFigureRequest::AMEND);
  next.mutable_amended()->set_exact_value("28180000000");
  const auto again = Review(next);
  ASSERT_OK(again);
  EXPECT_EQ(again->period(), "2021");
  EXPECT_EQ(again->exact_value(), "28180000000");
  EXPECT_EQ(again->stage(), v1::REVISION_STAGE_UNSPECIFIED);
}

TEST_F(FigureHandlersTest, ABadReviewNamesItsField) {
  using Word = v1::ReviewFigureRequest;
  EXPECT_EQ(RefusedFor(Request(Word::ACTION_UNSPECIFIED)), "action");
  EXPECT_EQ(RefusedFor(Request(Word::AMEND)), "amended");
  auto request = Request(Word::CONFIRM);
  request.set_name("figure/1");
  EXPECT_EQ(RefusedFor(request), "name");
  request = Request(Word::CONFIRM);
  request.mutable_amended()->set_period("2020");
  EXPECT_EQ(RefusedFor(request), "amended");
  request = Request(Word::REJECT);
  std::string comment;
  for (int i = 0; i <= FigureReview::kMaxComment; ++i) comment += "字";
  request.set_comment(comment);
  EXPECT_EQ(RefusedFor(request), "comment");
  request.set_comment(comment.substr(3));
  EXPECT_EQ(RefusedFor(request), "");
  request = Request(Word::AMEND);
  request.mutable_amended()->set_unit("亿元");
  EXPECT_EQ(RefusedFor(request), "amended.unit");
  request = Request(Word::AMEND);
  request.mutable_amended()->set_measure(static_cast<v1::Measure>(99));
  EXPECT_EQ(RefusedFor(request), "amended.measure");
  request = Request(Word::CONFIRM);
  request.set_name("figures/0123");
  EXPECT_EQ(base::ErrorReason(Review(request).status()), "FIGURE_NOT_FOUND");
}

TEST_F(FigureHandlersTest, AListIsAskedForByAnchorAndOrder) {
  v1::ListFiguresRequest request;
  request.set_anchor(v1::BROKEN);
  const auto needs_retracted = handlers_->ListFigures(As("reader"), request);
  EXPECT_THAT(needs_retracted, StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_show_retracted(true);
  EXPECT_EQ(handlers_->ListFigures(As("reader"), request)->figures_size(), 0);
  request.set_anchor(v1::VALID);
  request.set_order_by(v1::ListFiguresRequest::DOUBT);
  const auto valid = handlers_->ListFigures(As("reader"), request);
  ASSERT_OK(valid);
  ASSERT_EQ(valid->figures_size(), 1);
  EXPECT_EQ(valid->figures(0).anchor(), v1::VALID);
  request.set_order_by(static_cast<v1::ListFiguresRequest::OrderBy>(9));
  EXPECT_THAT(handlers_->ListFigures(As("reader"), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cityinfo::metrics
