#include "services/articles/domain/article_validation.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "platform/base/error.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

using ::testing::HasSubstr;

std::string FieldOf(const absl::Status& status) {
  const std::vector<base::FieldViolation> violations = base::FieldViolations(status);
  return violations.size() == 1 ? violations[0].field : "(no single field)";
}

std::string Repeated(const char* text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST(ValidateContent, TakesAGoodArticle) { EXPECT_OK(ValidateContent(SampleContent())); }

struct BadContent {
  const char* name;
  std::function<void(ArticleContent&)> spoil;
  const char* field;
  const char* message;
};

class ValidateBadContent : public ::testing::TestWithParam<BadContent> {};

TEST_P(ValidateBadContent, NamesTheFieldAndTheReason) {
  ArticleContent content = SampleContent();
  GetParam().spoil(content);
  const absl::Status status = ValidateContent(content);
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(FieldOf(status), GetParam().field);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ValidateBadContent,
    ::testing::Values(
        BadContent{"NoTitle", [](auto& c) { c.title = ""; }, "article.title", "required"},
        BadContent{"BlankTitle", [](auto& c) { c.title = " \u3000"; }, "article.title", "blank"},
        BadContent{"LongTitle", [](auto& c) { c.title = Repeated("长", 501); }, "article.title",
                   "501 characters; at most 500"},
        BadContent{"TitleOfTwoLines", [](auto& c) { c.title = "一\n二"; }, "article.title",
                   "U+000a at position 1"},
        BadContent{"TitleNotUtf8", [](auto& c) { c.title = "ab\xB0\xB2"; }, "article.title",
                   "not UTF-8 at byte 2"},
        BadContent{"ControlInByline", [](auto& c) { c.byline = "记者\x01"; }, "article.byline",
                   "control character"},
        BadContent{"ManyTags", [](auto& c) { c.tags.assign(10'000, "t"); }, "article.tags",
                   "10000 entries; at most 50"},
        BadContent{"LongTag",
                   [](auto& c) {
                     c.tags = {"短", Repeated("长", 51)};
                   },
                   "article.tags[1]", "51 characters"},
        BadContent{"EmptyTag", [](auto& c) { c.tags = {""}; }, "article.tags[0]", "required"},
        BadContent{"TagTwice",
                   [](auto& c) {
                     c.tags = {"a", "b", "a"};
                   },
                   "article.tags[2]", "twice"},
        BadContent{"NoPublication", [](auto& c) { c.publication = ""; }, "article.publication",
                   "required"},
        BadContent{"NoDate", [](auto& c) { c.publish_date = {}; }, "article.publish_date",
                   "required"},
        BadContent{"Month13",
                   [](auto& c) {
                     c.publish_date = {2021, 13, 40};
                   },
                   "article.publish_date", "13"},
        BadContent{"February30",
                   [](auto& c) {
                     c.publish_date = {2021, 2, 30};
                   },
                   "article.publish_date", "2021-02-30"},
        BadContent{"NegativeDay",
                   [](auto& c) {
                     c.publish_date = {2021, 2, -3};
                   },
                   "article.publish_date", "not a date"},
        BadContent{"LongAgo",
                   [](auto& c) {
                     c.publish_date = {1699, 2, 3};
                   },
                   "article.publish_date", "before"},
        BadContent{"LongPage", [](auto& c) { c.page = Repeated("A", 21); }, "article.page", "21"},
        BadContent{"NoPlace", [](auto& c) { c.place = ""; }, "article.place", "required"},
        BadContent{"PlaceName", [](auto& c) { c.place = "凯里"; }, "article.place", "digits"},
        BadContent{"UnknownPlace", [](auto& c) { c.place = "990000"; }, "article.place",
                   "no place with the code 990000"},
        BadContent{"PrintedDate",
                   [](auto& c) {
                     c.printed_date = base::Date{2021, 0, 1};
                   },
                   "article.printed_date", "not a date"},
        BadContent{"ManyBlocks", [](auto& c) { c.blocks.assign(2001, {.text = "x"}); },
                   "article.blocks", "2001 entries"},
        BadContent{"EmptyBlock", [](auto& c) { c.blocks[1].text = ""; }, "article.blocks[1].text",
                   "required"},
        BadContent{"LongBlock", [](auto& c) { c.blocks[2].text = Repeated("长", 20'001); },
                   "article.blocks[2].text", "20001"},
        BadContent{"MuchText",
                   [](auto& c) { c.blocks.assign(110, {.text = Repeated("x", 20'000)}); },
                   "article.blocks", "2097152 bytes"},
        BadContent{"FiveMegabytes",
                   [](auto& c) { c.blocks = {{.text = std::string(5 << 20, 'x')}}; },
                   "article.blocks", "2097152 bytes"},
        BadContent{"LongDoubt", [](auto& c) { c.doubts = {{.detail = Repeated("长", 40'001)}}; },
                   "article.doubts[0].detail", "40001"},
        BadContent{"BadSpan",
                   [](auto& c) {
                     c.blocks[0].spans = {{5, 4}};
                   },
                   "article.blocks[0].source_spans", "[5, 4)"}),
    [](const auto& info) { return std::string(info.param.name); });

// Every text of an article, by the name its error has.
struct TextField {
  const char* name;
  std::function<std::string&(ArticleContent&)> text;
};

std::vector<TextField> TextFields() {
  return {{"article.title", [](auto& c) -> std::string& { return c.title; }},
          {"article.subtitle", [](auto& c) -> std::string& { return c.subtitle; }},
          {"article.byline", [](auto& c) -> std::string& { return c.byline; }},
          {"article.section", [](auto& c) -> std::string& { return c.section; }},
          {"article.tags[1]", [](auto& c) -> std::string& { return c.tags[1]; }},
          {"article.publication", [](auto& c) -> std::string& { return c.publication; }},
          {"article.page", [](auto& c) -> std::string& { return c.page; }},
          {"article.place", [](auto& c) -> std::string& { return c.place; }},
          {"article.continued_from", [](auto& c) -> std::string& { return c.continued_from; }},
          {"article.blocks[2].text", [](auto& c) -> std::string& { return c.blocks[2].text; }},
          {"article.doubts[0].detail", [](auto& c) -> std::string& { return c.doubts[0].detail; }}};
}

TEST(ValidateContent, NoFieldTakesWhatIsNoText) {
  ArticleContent good = SampleContent();
  good.doubts = {{.detail = "a doubt"}};
  ASSERT_OK(ValidateContent(good));
  // Ill-formed UTF-8 of every kind, and control characters of every range.
  for (const std::string& bad :
       {std::string("\xFF"), std::string("\xC3"), std::string("\xC0\x80"),
        std::string("\xED\xA0\x80"), std::string("\xF4\x90\x80\x80"), std::string("\xE6\xB8"),
        std::string("\0", 1), std::string("\x01\x02\x03"), std::string("\t"), std::string("\n"),
        std::string("\x1B[31m"), std::string("\x7F"), std::string("\u0085")}) {
    for (const TextField& field : TextFields()) {
      ArticleContent content = good;
      field.text(content) += bad;
      const absl::Status status = ValidateContent(content);
      EXPECT_TRUE(absl::IsInvalidArgument(status)) << field.name;
      EXPECT_EQ(FieldOf(status), field.name);
    }
  }
}

TEST(ValidateContent, CountsCodePointsNotBytes) {
  ArticleContent content = SampleContent();
  content.title = Repeated("题", 500);
  EXPECT_OK(ValidateContent(content));
}

TEST(ValidateContent, PutsThePrefixBeforeTheField) {
  ArticleContent content = SampleContent();
  content.title.clear();
  EXPECT_EQ(FieldOf(ValidateContent(content, "items[3].")), "items[3].title");
}

TEST(ValidatePageText, SaysWhatIsWrong) {
  EXPECT_OK(ValidatePageText("一页"));
  EXPECT_EQ(base::ErrorReason(ValidatePageText("")), "PAGE_EMPTY");
  EXPECT_EQ(base::ErrorReason(ValidatePageText(" \n\t\n")), "PAGE_EMPTY");
  EXPECT_EQ(base::ErrorReason(ValidatePageText(std::string(kMaxPageTextBytes + 1, 'x'))),
            "PAGE_TOO_LARGE");
  // "凯里" in GBK after two characters of ASCII.
  const absl::Status gbk = ValidatePageText("ok\xBF\xAD\xC0\xEF");
  EXPECT_EQ(base::ErrorReason(gbk), "NOT_UTF8");
  EXPECT_EQ(FieldOf(gbk), "text");
  EXPECT_THAT(std::string(gbk.message()), HasSubstr("offset 2"));
  EXPECT_THAT(std::string(gbk.message()), HasSubstr("GBK"));
  const absl::Status nul = ValidatePageText(std::string("页\0", 4));
  EXPECT_EQ(base::ErrorReason(nul), "NUL_CHARACTER");
  EXPECT_EQ(FieldOf(nul), "text");
  EXPECT_THAT(std::string(nul.message()), HasSubstr("byte 3"));
}

TEST(ValidatePage, NamesTheField) {
  const PageImport good{.text = "一页",
                        .publication = "样例晚报",
                        .publish_date = {.year = 2021, .month = 12, .day = 20},
                        .label = "A2",
                        .place = "522601",
                        .author = "yang",
                        .articles = {SampleContent()}};
  EXPECT_OK(ValidatePage(good));
  const auto spoilt = [&](auto spoil) {
    PageImport page = good;
    spoil(page);
    return FieldOf(ValidatePage(page));
  };
  EXPECT_EQ(spoilt([](auto& p) { p.text.clear(); }), "text");
  EXPECT_EQ(spoilt([](auto& p) { p.publication.clear(); }), "publication");
  EXPECT_EQ(spoilt([](auto& p) { p.publish_date.month = 13; }), "publish_date");
  EXPECT_EQ(spoilt([](auto& p) { p.label = "A\n2"; }), "page");
  EXPECT_EQ(spoilt([](auto& p) { p.place = "999999"; }), "place");
  EXPECT_EQ(spoilt([](auto& p) { p.author.push_back('\0'); }), "author");
  EXPECT_EQ(spoilt([](auto& p) { p.articles[0].title.clear(); }), "article.title");
}

TEST(ValidateRequestId, TakesPrintableAsciiOnly) {
  EXPECT_OK(ValidateRequestId(""));
  EXPECT_OK(ValidateRequestId("page-7/line 12"));
  EXPECT_OK(ValidateRequestId(std::string(64, 'x')));
  EXPECT_FALSE(ValidateRequestId(std::string(65, 'x')).ok());
  EXPECT_FALSE(ValidateRequestId("两").ok());
  EXPECT_FALSE(ValidateRequestId("a\nb").ok());
}

}  // namespace
}  // namespace cityinfo::articles
