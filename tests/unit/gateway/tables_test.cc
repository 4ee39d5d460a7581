#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "services/gateway/tables/csv_row.h"
#include "services/gateway/tables/observation_csv.h"
#include "services/gateway/tables/observation_sdmx_csv.h"
#include "services/gateway/tables/sdmx_period.h"
#include "services/gateway/tables/table_choice.h"
#include "services/gateway/tables/table_walk.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;
namespace mv1 = metrics::v1;

mv1::Observation Gdp() {
  mv1::Observation o;
  o.set_name("observations/gdp.522601.LEVEL.ACTUAL.2020");
  o.set_indicator("gdp");
  o.set_indicator_name("地区生产总值");
  o.set_place("522601");
  o.set_measure(mv1::LEVEL);
  o.set_kind(mv1::ACTUAL);
  o.set_period("2020");
  o.set_printed("281.76亿元");
  o.set_exact_value("28176000000");
  o.set_value(28176000000);
  o.set_unit("元");
  o.set_qualifier(mv1::EXACT);
  o.set_stage(mv1::PRELIMINARY);
  o.set_vintage(2);
  o.mutable_publish_date()->set_year(2021);
  o.mutable_publish_date()->set_month(3);
  o.mutable_publish_date()->set_day(1);
  o.mutable_record_time()->set_seconds(1795132800);
  mv1::Citation* citation = o.add_citations();
  citation->set_article("articles/7");
  citation->set_revision(3);
  citation->set_article_title("一年\"答卷\"");
  citation->set_publication("河畔报");
  citation->set_quote("全年生产总值281.76亿元,\n比上年增长。");
  return o;
}

// A reader of RFC 4180 of the test's own: what was written must come back.
std::vector<std::vector<std::string>> ReadCsv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        rows.back().back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        rows.back().back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      ++i;
      rows.push_back({""});
    } else {
      rows.back().back() += c;
    }
  }
  rows.pop_back();  // the last record ends like all others
  return rows;
}

std::string FieldOf(const std::vector<std::vector<std::string>>& rows, const std::string& column) {
  for (size_t i = 0; i < rows[0].size(); ++i) {
    if (rows[0][i] == column) return rows.at(1).at(i);
  }
  return "no such column";
}

TEST(CsvRow, QuotesWhatMustBeQuoted) {
  std::string out;
  CsvRow(out).Add("a").Add("b,c").Add("say \"x\"").Add("two\nlines").Add("").Add(" d ").End();
  EXPECT_EQ(out, "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",, d \r\n");
}

TEST(CsvRow, TextsThatBeginLikeFormulasAreDisarmed) {
  for (const char* formula :
       {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1元",
        "＠A", "-281.76亿元", "-", "+1.2.3", "-5.%"}) {
    EXPECT_TRUE(LooksLikeFormula(formula)) << formula;
    std::string out;
    CsvRow(out).AddText(formula).End();
    EXPECT_EQ(ReadCsv(out)[0][0], absl::StrCat("'", formula));
  }
  for (const char* text : {"", "281.76亿元", "-5.2%", "-5", "+0.7", "'=1", "a=1", " =1"}) {
    EXPECT_FALSE(LooksLikeFormula(text)) << text;
    std::string out;
    CsvRow(out).AddText(text).End();
    EXPECT_EQ(ReadCsv(out)[0][0], text);
  }
}

TEST(ObservationCsv, EveryFieldHasItsColumnAndComesBack) {
  std::string out;
  WriteCsvHeader(out);
  WriteCsvRow(Gdp(), out);
  const auto rows = ReadCsv(out);
  ASSERT_EQ(rows.size(), 2u);
  ASSERT_EQ(rows[0].size(), rows[1].size());
  EXPECT_EQ(FieldOf(rows, "exact_value"), "28176000000");
  EXPECT_EQ(std::stod(FieldOf(rows, "value")), 28176000000.0);
  EXPECT_EQ(FieldOf(rows, "printed"), "281.76亿元");
  EXPECT_EQ(FieldOf(rows, "publish_date"), "2021-03-01");
  EXPECT_EQ(FieldOf(rows, "record_time"), "2026-11-20T00:00:00Z");
  EXPECT_EQ(FieldOf(rows, "superseded_time"), "");
  EXPECT_EQ(FieldOf(rows, "stage"), "PRELIMINARY");
  EXPECT_EQ(FieldOf(rows, "computed"), "false");
  EXPECT_EQ(FieldOf(rows, "citations"), "1");
  EXPECT_EQ(FieldOf(rows, "citation_article"), "articles/7");
  EXPECT_EQ(FieldOf(rows, "citation_title"), "一年\"答卷\"");
  EXPECT_EQ(FieldOf(rows, "citation_quote"), "全年生产总值281.76亿元,\n比上年增长。");
  // Every field of the message that is not a message of its own has a column of its name.
  const auto* type = mv1::Observation::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    EXPECT_THAT(rows[0], ::testing::Contains(type->field(i)->name()));
  }
}

TEST(ObservationCsv, AMissingValueIsEmptyAndASmallOneExact) {
  mv1::Observation o;
  std::string out;
  WriteCsvHeader(out);
  WriteCsvRow(o, out);
  auto rows = ReadCsv(out);
  EXPECT_EQ(FieldOf(rows, "value"), "");
  EXPECT_EQ(FieldOf(rows, "vintage"), "");
  o.set_exact_value("-0.123456789012");
  o.set_value(-0.123456789012);
  out.clear();
  WriteCsvHeader(out);
  WriteCsvRow(o, out);
  rows = ReadCsv(out);
  EXPECT_EQ(FieldOf(rows, "exact_value"), "-0.123456789012") << "never disarmed";
  EXPECT_EQ(std::stod(FieldOf(rows, "value")), -0.123456789012);
}

TEST(SdmxPeriod, HasTheFormsOfTheStandard) {
  const std::vector<std::tuple<const char*, const char*, const char*>> cases = {
      {"2021", "A", "2021"},
      {"2021-H1", "S", "2021-S1"},
      {"2021-Q3", "Q", "2021-Q3"},
      {"2021-09", "M", "2021-09"},
      {"2021-09-29", "D", "2021-09-29"},
      {"2021-01/2021-09", "_O", "2021-01-01/P9M"},
      {"2020-10/2021-03", "_O", "2020-10-01/P6M"},
      {"2016/2020", "_O", "2016-01-01/P5Y"},
      {"later", "_U", "later"},
      {"x/y", "_U", "x/y"}};
  for (const auto& [period, frequency, time_period] : cases) {
    const SdmxPeriod sdmx = ToSdmxPeriod(period);
    EXPECT_EQ(sdmx.frequency, frequency) << period;
    EXPECT_EQ(sdmx.time_period, time_period);
  }
}

TEST(ObservationSdmxCsv, IsADataMessageOfVersion2) {
  std::string out;
  WriteSdmxCsvHeader(out);
  WriteSdmxCsvRow(Gdp(), out);
  const auto rows = ReadCsv(out);
  ASSERT_EQ(rows[0].size(), rows[1].size());
  EXPECT_EQ(rows[0][0], "STRUCTURE");
  EXPECT_EQ(rows[0][1], "STRUCTURE_ID");
  EXPECT_EQ(rows[0][2], "ACTION");
  EXPECT_EQ(FieldOf(rows, "STRUCTURE"), "dataflow");
  EXPECT_EQ(FieldOf(rows, "STRUCTURE_ID"), "CITYINFO:OBSERVATIONS(1.0.0)");
  EXPECT_EQ(FieldOf(rows, "ACTION"), "I");
  EXPECT_EQ(FieldOf(rows, "REF_AREA"), "522601");
  EXPECT_EQ(FieldOf(rows, "TRANSFORMATION"), "LIN");
  EXPECT_EQ(FieldOf(rows, "TIME_PERIOD"), "2020");
  EXPECT_EQ(FieldOf(rows, "OBS_VALUE"), "28176000000");
  EXPECT_EQ(FieldOf(rows, "UNIT_MULT"), "0");
  EXPECT_EQ(FieldOf(rows, "OBS_STATUS"), "P");
  EXPECT_EQ(FieldOf(rows, "SOURCE_REF"), "articles/7");
  mv1::Observation computed = Gdp();
  computed.set_computed(true);
  computed.set_units(mv1::PC1);
  computed.clear_stage();
  out.clear();
  WriteSdmxCsvHeader(out);
  WriteSdmxCsvRow(computed, out);
  EXPECT_EQ(FieldOf(ReadCsv(out), "TRANSFORMATION"), "PC1");
  EXPECT_EQ(FieldOf(ReadCsv(out), "OBS_STATUS"), "A");
}

// The name of the form chosen: "json" for none, "406" for nothing.
std::string Chosen(const std::string& accept, const std::string& target = "/v1/observations") {
  RequestHead head;
  head.method = "GET";
  head.target = target;
  if (!accept.empty()) head.fields.push_back({"accept", accept});
  const absl::StatusOr<TableChoice> choice = ChooseTable(head);
  if (!choice.ok()) return base::ErrorReason(choice.status());
  if (!choice->acceptable) return "406";
  return choice->format == nullptr ? "json" : std::string(choice->format->name);
}

TEST(TableChoice, TheAcceptHeaderIsReadAsItsStandardSays) {
  EXPECT_EQ(Chosen(""), "json");
  EXPECT_EQ(Chosen("*/*"), "json");
  EXPECT_EQ(Chosen("application/json"), "json");
  EXPECT_EQ(Chosen("text/csv"), "csv");
  EXPECT_EQ(Chosen("TEXT/CSV; Charset=\"UTF-8\""), "csv");
  EXPECT_EQ(Chosen("text/*"), "csv");
  EXPECT_EQ(Chosen("text/csv, */*"), "csv") << "named exactly";
  EXPECT_EQ(Chosen("text/csv;q=0.5, application/json;q=0.4"), "csv");
  EXPECT_EQ(Chosen("text/csv;q=0.4, application/json;q=0.5"), "json");
  EXPECT_EQ(Chosen("text/csv;q=0, */*;q=0.1"), "json");
  EXPECT_EQ(Chosen("application/json;q=0, */*"), "csv");
  EXPECT_EQ(Chosen("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "json");
  EXPECT_EQ(Chosen("application/vnd.sdmx.data+csv;version=2.0.0"), "sdmx-csv");
  EXPECT_EQ(Chosen("application/vnd.sdmx.data+csv"), "sdmx-csv");
  EXPECT_EQ(
      Chosen("application/vnd.sdmx.data+csv; version=2.0.0; labels=id; q=0.9, text/csv;q=0.8"),
      "sdmx-csv");
  EXPECT_EQ(Chosen("application/vnd.sdmx.data+csv; version=1.0.0"), "406");
  EXPECT_EQ(Chosen("application/vnd.sdmx.data+csv; version=2.0.0; labels=both"), "406");
  EXPECT_EQ(Chosen("text/html"), "406");
  EXPECT_EQ(Chosen("text/csv;charset=gbk"), "406");
  EXPECT_EQ(Chosen("text/csv;q=2"), "406") << "what is no quality names nothing";
  EXPECT_EQ(Chosen("nonsense"), "406");
  EXPECT_EQ(Chosen("*/*;q=0"), "406");
}

TEST(TableChoice, TheParameterDecidesAndLeavesTheQuery) {
  EXPECT_EQ(Chosen("application/json", "/v1/observations?format=csv"), "csv");
  EXPECT_EQ(Chosen("", "/v1/observations?a=1&format=sdmx%2Dcsv&b=2"), "sdmx-csv");
  EXPECT_EQ(Chosen("text/csv", "/v1/observations?format=json"), "json");
  EXPECT_EQ(Chosen("", "/v1/observations?format=xlsx"), "INVALID_QUERY_PARAMETER");
  EXPECT_EQ(Chosen("", "/v1/observations?format=csv&format=csv"), "INVALID_QUERY_PARAMETER");
  RequestHead head;
  head.target = "/v1/observations?indicators=gdp&format=csv&places=52";
  const auto choice = ChooseTable(head);
  ASSERT_OK(choice);
  EXPECT_EQ(choice->query, "indicators=gdp&places=52");
}

// Serves `rows` observations in pages, as the service does, and remembers what was asked for.
struct FakePages {
  int rows = 0;
  std::vector<int> sizes = {};
  size_t quote_bytes = 0;

  void Answer(const std::string& bytes, const TableWalk::Ask& /*ask*/,
              const std::function<void(absl::StatusOr<std::string>)>& callback) {
    mv1::QueryObservationsRequest request;
    ASSERT_TRUE(request.ParseFromString(bytes));
    sizes.push_back(request.page_size());
    int at = request.page_token().empty() ? 0 : std::stoi(request.page_token());
    mv1::QueryObservationsResponse page;
    for (int i = 0; i < request.page_size() && at < rows; ++i, ++at) {
      mv1::Observation* o = page.add_observations();
      o->set_period(absl::StrCat(at));
      o->add_citations()->set_quote(std::string(quote_bytes, 'x'));
    }
    if (at < rows) page.set_next_page_token(absl::StrCat(at));
    callback(page.SerializeAsString());
  }

  TableDocument Walk(int page_size, const std::string& token = "") {
    RequestHead head;
    head.target = "/?format=csv";
    mv1::QueryObservationsRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    TableDocument table;
    TableWalk::Start(
        *ChooseTable(head)->format, request,
        [this](std::string bytes, std::function<void(absl::StatusOr<std::string>)> callback) {
          Answer(bytes, nullptr, callback);
        },
        [&table](absl::StatusOr<TableDocument> written) {
          ASSERT_OK(written);
          table = *std::move(written);
        });
    return table;
  }
};

TEST(TableWalk, WalksThePagesUpToTheRowsWanted) {
  FakePages pages{.rows = 2500};
  TableDocument table = pages.Walk(0);
  EXPECT_EQ(ReadCsv(table.body).size(), 2501u);
  EXPECT_EQ(table.next_page_token, "");
  EXPECT_THAT(pages.sizes, ElementsAre(1000, 1000, 1000));
  pages.sizes.clear();
  table = pages.Walk(1200);
  EXPECT_EQ(ReadCsv(table.body).size(), 1201u);
  EXPECT_EQ(table.next_page_token, "1200");
  EXPECT_THAT(pages.sizes, ElementsAre(1000, 200));
  table = pages.Walk(0, "2400");
  EXPECT_EQ(ReadCsv(table.body).size(), 101u) << "goes on where the part before ended";
}

TEST(TableWalk, EndsAtItsBounds) {
  FakePages many{.rows = 10'500};
  TableDocument table = many.Walk(50'000);
  EXPECT_EQ(ReadCsv(table.body).size(), 10'001u);
  EXPECT_EQ(table.next_page_token, "10000");
  FakePages wide{.rows = 10'000, .quote_bytes = 5'000};
  table = wide.Walk(0);
  EXPECT_GE(table.body.size(), TableWalk::kMaxBytes);
  EXPECT_LT(table.body.size(), TableWalk::kMaxBytes + 6'000'000);
  EXPECT_NE(table.next_page_token, "");
}

TEST(TableWalk, FailsAsThePagesDo) {
  RequestHead head;
  head.target = "/?format=csv";
  absl::StatusOr<TableDocument> result;
  TableWalk::Start(
      *ChooseTable(head)->format, {},
      [](std::string, std::function<void(absl::StatusOr<std::string>)> callback) {
        callback(base::Unavailable("NO_STORE", "the store is away"));
      },
      [&result](absl::StatusOr<TableDocument> table) { result = std::move(table); });
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kUnavailable));
}

TEST(TableWalk, TheNextPartIsAskedForWithTheSameFilters) {
  EXPECT_EQ(NextPartQuery("places=52&page_token=a&format=csv", "b"),
            "places=52&format=csv&page_token=b");
  EXPECT_EQ(NextPartQuery("", "b"), "page_token=b");
  EXPECT_EQ(NextPartQuery("pageToken=a", "b"), "page_token=b");
}

}  // namespace
}  // namespace cityinfo::gateway
