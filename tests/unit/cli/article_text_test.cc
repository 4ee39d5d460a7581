#include "cli/article_text.h"

#include "cli/marked_text.h"
#include "cli/revision_diff_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::cli {
namespace {

using testing::IsOkAndHolds;
using testing::StatusIs;
const Marks kBrackets = {.open = "[", .close = "]"};

TEST(MarkSpans, CountsCodePoints) {
  EXPECT_EQ(MarkSpans("新桥𠀀通车", {{0, 2}, {3, 5}}, kBrackets), "[新桥]𠀀[通车]");
  EXPECT_EQ(MarkSpans("新桥", {}, kBrackets), "新桥");
  EXPECT_EQ(MarkSpans("新桥", {{0, 2}}, BoldOn(true)), "\x1b[1m新桥\x1b[0m");
  EXPECT_EQ(MarkSpans("新桥", {{0, 2}}, BoldOn(false)), "新桥");
}

TEST(MarkSpans, LeavesOutWhatDoesNotFit) {
  EXPECT_EQ(MarkSpans("新桥通车", {{1, 9}, {2, 2}, {3, 2}, {-1, 1}}, kBrackets), "新桥通车");
  EXPECT_EQ(MarkSpans("新桥通车", {{1, 3}, {2, 4}, {0, 1}, {3, 4}}, kBrackets), "新[桥通][车]");
}

TEST(ArticlePath, TakesIdsAndNames) {
  EXPECT_THAT(ArticlePath("7"), IsOkAndHolds("/v1/articles/7"));
  EXPECT_THAT(ArticlePath("articles/7"), IsOkAndHolds("/v1/articles/7"));
  for (const char* bad : {"", "articles/", "pages/7", "articles/7/8"}) {
    EXPECT_THAT(ArticlePath(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(LifeText, SaysWhatHappensByItself) {
  const absl::TimeZone local = absl::FixedTimeZone(8 * 3600);
  EXPECT_EQ(LifeText(Json{{"name", "articles/7"},
                          {"state", "SCHEDULED"},
                          {"title", "新桥通车"},
                          {"publishTime", "2026-12-01T00:00:00Z"},
                          {"unpublishTime", "2026-12-31T10:00:00Z"}},
                     local),
            "articles/7  SCHEDULED  新桥通车\n"
            "  public from 2026-12-01 08:00:00 +08:00\n"
            "  until       2026-12-31 18:00:00 +08:00\n");
  EXPECT_EQ(LifeText(Json{{"name", "articles/7"},
                          {"state", "DELETED"},
                          {"title", "新桥通车"},
                          {"deleteTime", "2026-12-01T00:00:00Z"},
                          {"purgeTime", "2026-12-31T00:00:00Z"}},
                     local),
            "articles/7  DELETED  新桥通车\n"
            "  deleted     2026-12-01 08:00:00 +08:00\n"
            "  gone from   2026-12-31 08:00:00 +08:00\n");
}

TEST(ResultText, MarksTheWordsThatWereFound) {
  const Json result = Json::parse(R"({
      "article": {"id": "7", "title": "新桥通车", "page": "B2",
                  "publishDate": {"year": 2026, "month": 12, "day": 1}},
      "titleSpans": [{"begin": "0", "end": "2"}],
      "excerpt": "昨天，新桥通了车。", "excerptSpans": [{"begin": "3", "end": "5"}]})");
  EXPECT_EQ(ResultText(result, kBrackets),
            "7  2026-12-01  B2  [新桥]通车\n    昨天，[新桥]通了车。\n");
  EXPECT_EQ(ResultText(Json{{"article", {{"id", "7"}, {"title", "新桥"}}}}, kBrackets),
            "7    新桥\n");
}

TEST(SearchSummaryText, SaysHowManyAndOfWhat) {
  const Json answer = Json::parse(R"({
      "totalSize": "1200", "totalSizeIsLowerBound": true,
      "sectionFacets": [{"label": "要闻", "count": "12"}, {"label": "", "count": "3"}],
      "yearFacets": [{"year": 2021, "count": "15"}], "changesBehind": "4"})");
  EXPECT_EQ(SearchSummaryText(answer),
            "at least 1200 articles\nsections: 要闻 12, - 3\nyears: 2021 15\n"
            "the index is 4 changes behind\n");
  EXPECT_EQ(SearchSummaryText(Json{{"totalSize", "1"}}), "1 article\n");
  EXPECT_EQ(SearchSummaryText(Json::object()), "0 articles\n");
}

Json Change(const std::string& operation, const std::string& before, const std::string& after) {
  Json change = {{"operation", operation}};
  if (operation != "INSERTED") change["before"] = {{"kind", "PARAGRAPH"}, {"text", before}};
  if (operation == "INSERTED" || operation == "CHANGED") {
    change["after"] = {{"kind", "PARAGRAPH"}, {"text", after}};
  }
  return change;
}

Json Spans(std::initializer_list<std::pair<int, int>> spans) {
  Json json = Json::array();
  for (const auto& [begin, end] : spans) {
    json.push_back({{"begin", std::to_string(begin)}, {"end", std::to_string(end)}});
  }
  return json;
}

std::string DiffText(Json blocks, Json fields = Json::array()) {
  return RevisionDiffText(Json{{"fromRevision", "2"},
                               {"toRevision", "3"},
                               {"fields", std::move(fields)},
                               {"blocks", std::move(blocks)}});
}

TEST(RevisionDiffText, ShowsWhatIsGoneWhatHasComeAndWhatChanged) {
  Json changed = Change("CHANGED", "桥长三百米，宽二十米。", "桥长三百二十米，宽米。");
  changed["beforeSpans"] = Spans({{7, 9}});
  changed["afterSpans"] = Spans({{4, 6}});
  EXPECT_EQ(DiffText(Json::array({Change("EQUAL", "头一段。", ""), changed,
                                  Change("REMOVED", "去掉的。", ""),
                                  Change("INSERTED", "", "新来的。")})),
            "revision 2 -> 3\n"
            "  头一段。\n"
            "~ 桥长三百{+二十+}米，宽[-二十-]米。\n"
            "- 去掉的。\n"
            "+ 新来的。\n");
}

TEST(RevisionDiffText, OneWordForAnother) {
  Json changed = Change("CHANGED", "将通车。", "已通车。");
  changed["beforeSpans"] = Spans({{0, 1}});
  changed["afterSpans"] = Spans({{0, 1}});
  changed["after"]["kind"] = "HEADING";
  EXPECT_EQ(DiffText(Json::array({changed})),
            "revision 2 -> 3\n~ (PARAGRAPH -> HEADING) [-将-]{+已+}通车。\n");
}

TEST(RevisionDiffText, SpansThatDoNotFitShowBothTexts) {
  Json changed = Change("CHANGED", "甲乙", "丙丁");
  for (const Json& spans : {Spans({}), Spans({{0, 9}}), Spans({{1, 0}}), Spans({{-1, 1}})}) {
    changed["beforeSpans"] = spans;
    EXPECT_EQ(DiffText(Json::array({changed})), "revision 2 -> 3\n~ \n- 甲乙\n+ 丙丁\n");
  }
}

TEST(RevisionDiffText, FieldsComeFirst) {
  EXPECT_EQ(DiffText(Json::array({Change("EQUAL", "一。", "")}),
                     Json::array({{{"field", "title"}, {"before", "旧"}, {"after", "新"}},
                                  {{"field", "tags"}, {"before", "甲\n乙"}, {"after", ""}}})),
            "revision 2 -> 3\n~ title: [-旧-] {+新+}\n~ tags: [-甲, 乙-]\n  一。\n");
}

TEST(RevisionDiffText, LeavesOutMostOfWhatDidNotChange) {
  Json blocks = Json::array();
  for (int i = 0; i < 5; ++i) blocks.push_back(Change("EQUAL", "上" + std::to_string(i), ""));
  blocks.push_back(Change("INSERTED", "", "中"));
  for (int i = 0; i < 3; ++i) blocks.push_back(Change("EQUAL", "间" + std::to_string(i), ""));
  blocks.push_back(Change("REMOVED", "下", ""));
  for (int i = 0; i < 4; ++i) blocks.push_back(Change("EQUAL", "尾" + std::to_string(i), ""));
  EXPECT_EQ(DiffText(blocks),
            "revision 2 -> 3\n"
            "  ... 4 blocks unchanged\n"
            "  上4\n"
            "+ 中\n"
            "  间0\n  间1\n  间2\n"
            "- 下\n"
            "  尾0\n"
            "  ... 3 blocks unchanged\n");
  EXPECT_EQ(DiffText(Json::array({Change("EQUAL", "一。", "")})),
            "revision 2 -> 3\nno difference\n");
}

}  // namespace
}  // namespace cityinfo::cli
