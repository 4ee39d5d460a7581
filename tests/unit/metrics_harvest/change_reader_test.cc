#include "services/metrics/harvest/change_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::IsOkAndHolds;
using ::cityinfo::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

articles::v1::ArticleChange Entry() {
  articles::v1::ArticleChange entry;
  articles::v1::Article& article = *entry.mutable_article();
  article.set_name("articles/a1");
  article.set_revision(3);
  article.set_state(articles::v1::PUBLISHED);
  article.set_place("522601");
  article.mutable_publish_date()->set_year(2021);
  article.mutable_publish_date()->set_month(12);
  article.mutable_publish_date()->set_day(20);
  article.add_blocks()->set_text("完成投资");
  article.add_blocks()->set_text("5亿元。");
  return entry;
}

ExtractedFigure Found(int value_start, int value_end) {
  ExtractedFigure figure;
  figure.indicator = "gdp";
  figure.value.printed = "5亿元";
  figure.value.span = {value_start, value_end};
  figure.quote_span = {0, value_end};
  return figure;
}

TEST(ChangeReaderTest, TellsTheExtractorWhenAndWhere) {
  std::string text;
  ExtractionContext context;
  const ChangeReader reader(Catalogue::Embedded(), [&](absl::string_view seen, const auto& given) {
    text = std::string(seen);
    context = given;
    return std::vector<ExtractedFigure>();
  });
  ASSERT_OK(reader.Read(Entry(), 7));
  EXPECT_EQ(text, "完成投资\n5亿元。");
  EXPECT_EQ(context.publish_date, Period::Day(2021, 12, 20));
  EXPECT_EQ(context.place_code, "522601");
  EXPECT_EQ(context.catalogue, &Catalogue::Embedded());
}

TEST(ChangeReaderTest, FiguresAreAnchoredAndNamed) {
  const ChangeReader reader(Catalogue::Embedded(), [](absl::string_view, const auto&) {
    return std::vector<ExtractedFigure>{Found(5, 8)};
  });
  ASSERT_OK_AND_ASSIGN(const ReadChange read, reader.Read(Entry(), 7));
  EXPECT_EQ(read.change.feed_position, 7);
  EXPECT_EQ(read.change.article, "articles/a1");
  EXPECT_EQ(read.change.revision, 3);
  EXPECT_TRUE(read.change.published);
  ASSERT_THAT(read.change.figures, SizeIs(1));
  EXPECT_THAT(read.change.figures[0].id, SizeIs(24));
  EXPECT_EQ(read.change.figures[0].citation.quote, "5亿元");
  EXPECT_EQ(read.change.figures[0].citation.block, 1);
  EXPECT_EQ(read.change.figures[0].citation.article, "articles/a1");
  EXPECT_EQ(read.uncitable_figures, 0);
}

TEST(ChangeReaderTest, EventsAreAnchoredAndNamed) {
  articles::v1::ArticleChange entry = Entry();
  entry.mutable_article()->set_title("答卷");
  entry.mutable_article()->mutable_blocks(1)->set_text("回顾。2021年9月29日，新厂点火投产。");
  const ChangeReader reader(Catalogue::Embedded());
  ASSERT_OK_AND_ASSIGN(const ReadChange read, reader.Read(entry, 7));
  ASSERT_THAT(read.change.events, SizeIs(1));
  const Event& event = read.change.events[0];
  EXPECT_THAT(event.id, SizeIs(24));
  EXPECT_EQ(event.date, (base::Date{2021, 9, 29}));
  EXPECT_EQ(event.summary, "新厂点火投产");
  EXPECT_EQ(event.place, "522601");
  EXPECT_EQ(event.citation.article, "articles/a1");
  EXPECT_EQ(event.citation.revision, 3);
  EXPECT_EQ(event.citation.article_title, "答卷");
  EXPECT_EQ(event.citation.block, 1);
  EXPECT_EQ(event.citation.quote, "2021年9月29日，新厂点火投产。");
  EXPECT_EQ(event.citation.start, 3);
  EXPECT_EQ(event.citation.value_start, 3);
  EXPECT_EQ(event.citation.value_end, 13);
}

TEST(ChangeReaderTest, AnEventKeepsItsNameWhereverItsSentenceStands) {
  articles::v1::ArticleChange entry = Entry();
  const ChangeReader reader(Catalogue::Embedded());
  entry.mutable_article()->mutable_blocks(1)->set_text("2021年9月29日，新厂点火投产。");
  ASSERT_OK_AND_ASSIGN(const ReadChange first, reader.Read(entry, 7));
  entry.mutable_article()->set_revision(4);
  entry.mutable_article()->mutable_blocks(0)->set_text("导语。2021年9月29日，新厂点火投产。");
  entry.mutable_article()->mutable_blocks(1)->set_text("另一段。");
  ASSERT_OK_AND_ASSIGN(const ReadChange second, reader.Read(entry, 8));
  ASSERT_THAT(first.change.events, SizeIs(1));
  ASSERT_THAT(second.change.events, SizeIs(1));
  EXPECT_EQ(first.change.events[0].id, second.change.events[0].id);
  EXPECT_NE(first.change.events[0].citation.block, second.change.events[0].citation.block);
}

TEST(ChangeReaderTest, AnArticleThatIsNotPublicTellsNoEvents) {
  articles::v1::ArticleChange entry = Entry();
  entry.mutable_article()->mutable_blocks(1)->set_text("2021年9月29日，新厂点火投产。");
  entry.mutable_article()->set_state(articles::v1::UNPUBLISHED);
  const ChangeReader reader(Catalogue::Embedded());
  ASSERT_OK_AND_ASSIGN(const ReadChange read, reader.Read(entry, 7));
  EXPECT_FALSE(read.change.published);
  EXPECT_THAT(read.change.events, IsEmpty());
}

TEST(ChangeReaderTest, AFigureWithoutACitationIsLeftOut) {
  const ChangeReader reader(Catalogue::Embedded(), [](absl::string_view, const auto&) {
    return std::vector<ExtractedFigure>{Found(3, 8), Found(5, 8)};
  });
  ASSERT_OK_AND_ASSIGN(const ReadChange read, reader.Read(Entry(), 7));
  EXPECT_THAT(read.change.figures, SizeIs(1));
  EXPECT_EQ(read.uncitable_figures, 1);
}

TEST(ChangeReaderTest, WhatIsNotPublishedIsNotEvenRead) {
  const ChangeReader reader(Catalogue::Embedded(),
                            [](absl::string_view, const auto&) -> std::vector<ExtractedFigure> {
                              throw std::logic_error("must not be called");
                            });
  articles::v1::ArticleChange entry = Entry();
  entry.mutable_article()->clear_publish_date();
  for (const auto state : {articles::v1::DRAFT, articles::v1::SCHEDULED, articles::v1::UNPUBLISHED,
                           articles::v1::DELETED, articles::v1::ARTICLE_STATE_UNSPECIFIED}) {
    entry.mutable_article()->set_state(state);
    ASSERT_OK_AND_ASSIGN(const ReadChange read, reader.Read(entry, 7));
    EXPECT_FALSE(read.change.published);
    EXPECT_THAT(read.change.figures, IsEmpty());
    EXPECT_EQ(read.change.feed_position, 7);
  }
}

TEST(ChangeReaderTest, APurgedArticleIsOnlyAName) {
  const ChangeReader reader(Catalogue::Embedded());
  articles::v1::ArticleChange entry;
  entry.set_purged(true);
  entry.mutable_article()->set_name("articles/a1");
  entry.mutable_article()->set_state(articles::v1::DELETED);
  ASSERT_OK_AND_ASSIGN(const ReadChange read, reader.Read(entry, 7));
  EXPECT_FALSE(read.change.published);
  EXPECT_EQ(read.change.article, "articles/a1");
  EXPECT_EQ(read.change.feed_position, 7);
  // Whatever else it may say.
  articles::v1::ArticleChange full = Entry();
  full.set_purged(true);
  ASSERT_OK_AND_ASSIGN(const ReadChange bare, reader.Read(full, 8));
  EXPECT_FALSE(bare.change.published);
  EXPECT_THAT(bare.change.figures, IsEmpty());
}

TEST(ChangeReaderTest, SaysWhatAnArticleLacks) {
  const ChangeReader reader(Catalogue::Embedded());
  articles::v1::ArticleChange nameless = Entry();
  nameless.mutable_article()->clear_name();
  EXPECT_THAT(reader.Read(nameless, 1),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("article.name")));
  articles::v1::ArticleChange undated = Entry();
  undated.mutable_article()->mutable_publish_date()->set_day(32);
  EXPECT_THAT(reader.Read(undated, 1),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("article.publish_date")));
}

TEST(ChangeReaderTest, AnExtractorThatThrowsIsAnError) {
  const ChangeReader reader(Catalogue::Embedded(),
                            [](absl::string_view, const auto&) -> std::vector<ExtractedFigure> {
                              throw std::out_of_range("somewhere");
                            });
  const absl::Status status = reader.Read(Entry(), 1).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(base::ErrorReason(status), "EXTRACTION_FAILED");
}

TEST(ChangeReaderTest, PositionsAreDecimalNumbers) {
  EXPECT_THAT(ChangeReader::ParsePosition(""), IsOkAndHolds(0));
  EXPECT_THAT(ChangeReader::ParsePosition("42"), IsOkAndHolds(42));
  for (const char* token : {"x", "-1", "1.5", "99999999999999999999"}) {
    EXPECT_THAT(ChangeReader::ParsePosition(token), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace cityinfo::metrics
