#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/base/error.h"
#include "services/gateway/routes/route_table.h"
#include "services/gateway/transcoding/json_decoder.h"
#include "services/gateway/transcoding/json_encoder.h"
#include "services/gateway/transcoding/json_reader.h"
#include "services/gateway/transcoding/query_decoder.h"
#include "services/gateway/transcoding/request_transcoder.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace av1 = articles::v1;
namespace mv1 = metrics::v1;

// "field REASON", the way a client would take an error apart.
std::string Complaint(const absl::Status& status) {
  if (status.ok()) return "ok";
  const auto violations = base::FieldViolations(status);
  return absl::StrCat(violations.empty() ? "?" : violations[0].field, " ",
                      base::ErrorReason(status));
}

template <typename Request>
absl::Status Query(absl::string_view query, Request* request) {
  return DecodeQuery(
      query, [](absl::string_view) { return ""; }, request);
}

template <typename Request>
std::string QueryComplaint(absl::string_view query) {
  Request request;
  return Complaint(Query(query, &request));
}

TEST(QueryDecoder, ReadsNamesOfValuesInAnyCase) {
  mv1::QueryObservationsRequest query;
  ASSERT_OK(Query("units=pc1&measures=level&measures=YoY_growth&kinds=2", &query));
  EXPECT_EQ(query.units(), mv1::PC1);
  EXPECT_THAT(query.measures(), ElementsAre(mv1::LEVEL, mv1::YOY_GROWTH));
  EXPECT_THAT(query.kinds(), ElementsAre(mv1::TARGET));
  EXPECT_EQ(QueryComplaint<mv1::QueryObservationsRequest>("units=pc9"),
            "units INVALID_QUERY_PARAMETER");
}

TEST(QueryDecoder, ReadsEveryKindOfField) {
  av1::ListArticlesRequest list;
  ASSERT_OK(
      Query("page_size=20&pageToken=a%2Bb+c&tag=%E5%86%9C%E4%B8%9A&state=DRAFT&view=2&"
            "publish_date_from=2021-12-20&publish_date_to.year=2022&publishDateTo.month=1",
            &list));
  EXPECT_EQ(list.page_size(), 20);
  EXPECT_EQ(list.page_token(), "a+b c");
  EXPECT_EQ(list.tag(), "农业");
  EXPECT_EQ(list.state(), av1::DRAFT);
  EXPECT_EQ(list.view(), av1::FULL);
  EXPECT_EQ(list.publish_date_from().day(), 20);
  EXPECT_EQ(list.publish_date_to().year(), 2022);
  EXPECT_EQ(list.publish_date_to().month(), 1);

  mv1::QueryObservationsRequest query;
  ASSERT_OK(
      Query("indicators=gdp&indicators=retail_sales&kinds=ACTUAL&kinds=2&"
            "as_of=2021-12-20T08:00:00Z&last_n=3",
            &query));
  EXPECT_THAT(query.indicators(), ElementsAre("gdp", "retail_sales"));
  EXPECT_THAT(query.kinds(), ElementsAre(mv1::ACTUAL, mv1::TARGET));
  EXPECT_EQ(query.as_of().seconds(), 1639987200);

  mv1::ListFiguresRequest figures;
  ASSERT_OK(Query("show_retracted=true", &figures));
  EXPECT_TRUE(figures.show_retracted());
}

TEST(QueryDecoder, NamesWhatIsWrong) {
  using List = av1::ListArticlesRequest;
  EXPECT_EQ(QueryComplaint<List>("pages=1"), "pages UNKNOWN_QUERY_PARAMETER");
  EXPECT_EQ(QueryComplaint<List>("page_size.x=1"), "page_size.x UNKNOWN_QUERY_PARAMETER");
  EXPECT_EQ(QueryComplaint<List>("=1"), " UNKNOWN_QUERY_PARAMETER");
  for (absl::string_view size : {"", "x", "1.5", "99999999999", "+1", " 1", "1e99", "0x10"}) {
    EXPECT_EQ(QueryComplaint<List>(absl::StrCat("page_size=", size)),
              "page_size INVALID_QUERY_PARAMETER")
        << size;
  }
  EXPECT_EQ(QueryComplaint<List>("page_size=1&page_size=2"), "page_size INVALID_QUERY_PARAMETER");
  EXPECT_EQ(QueryComplaint<List>("state=LOUD"), "state INVALID_QUERY_PARAMETER");
  EXPECT_EQ(QueryComplaint<List>("state=99"), "state INVALID_QUERY_PARAMETER");
  EXPECT_EQ(QueryComplaint<List>("tag=%ff"), "tag INVALID_QUERY_PARAMETER");
  for (absl::string_view date : {"2021-13-40", "2021-02-29", "20211220", "2021-12-20T00:00:00Z"}) {
    EXPECT_EQ(QueryComplaint<List>(absl::StrCat("publish_date_from=", date)),
              "publish_date_from INVALID_QUERY_PARAMETER")
        << date;
  }
  EXPECT_EQ(QueryComplaint<mv1::QueryObservationsRequest>("as_of=yesterday"),
            "as_of INVALID_QUERY_PARAMETER");
  EXPECT_EQ(QueryComplaint<mv1::ListFiguresRequest>("show_retracted=1"),
            "show_retracted INVALID_QUERY_PARAMETER");
  EXPECT_EQ(QueryComplaint<mv1::ReviewFigureRequest>("amended=x"),
            "amended INVALID_QUERY_PARAMETER");
}

TEST(QueryDecoder, HasABound) {
  std::string query;
  for (int i = 0; i < 1001; ++i) absl::StrAppend(&query, "indicators=a&");
  EXPECT_EQ(QueryComplaint<mv1::QueryObservationsRequest>(query), "query INVALID_QUERY_PARAMETER");
}

std::string JsonProblem(absl::string_view json) {
  av1::ImportPageRequest request;
  return std::string(DecodeJson(json, "", &request).status().message());
}

TEST(JsonDecoder, SaysWhereTextIsMalformed) {
  EXPECT_THAT(JsonProblem(""), HasSubstr("malformed JSON"));
  EXPECT_THAT(JsonProblem("[]"), HasSubstr("expected an object (line 1, column 1)"));
  EXPECT_THAT(JsonProblem("{\"text\":\"凯里\"\n \"page\":1}"), HasSubstr("(line 2, column 2)"));
  EXPECT_THAT(JsonProblem("{\"text\":\"凯里\" x}"), HasSubstr("(line 1, column 14)"));
  for (absl::string_view json : {"{",
                                 "{\"text\"}",
                                 "{\"text\":}",
                                 "{\"text\":\"a}",
                                 "{'text':\"a\"}",
                                 "{text:\"a\"}",
                                 "{\"text\":\"a\",}",
                                 "{\"text\":\"a\"} x",
                                 "{\"text\":\"\\x\"}",
                                 "{\"text\":\"\\ud800\"}",
                                 "{\"text\":\"\\udc00\"}",
                                 "{\"text\":\"\\ud800\\u0041\"}",
                                 "{\"text\":\"\n\"}",
                                 "{\"text\":\"\xff\"}",
                                 "\xef\xbb\xbf{}",
                                 "{\"publish\":tru}",
                                 "{/**/}",
                                 "{\"publishDate\":{\"year\":01}}",
                                 "{\"publishDate\":{\"year\":1.}}",
                                 "{\"publishDate\":{\"year\":-}}",
                                 "{\"publishDate\":{\"year\":+1}}"}) {
    av1::ImportPageRequest request;
    EXPECT_EQ(Complaint(DecodeJson(json, "", &request).status()), "body MALFORMED_JSON") << json;
  }
  EXPECT_THAT(JsonProblem(std::string(100000, '[')), HasSubstr("expected an object"));
}

TEST(JsonDecoder, BoundsTheDepth) {
  JsonReader reader(R"([[[[)");
  EXPECT_TRUE(reader.BeginArray());
  const std::string deep(100, '[');
  JsonReader deep_reader(deep);
  int depth = 0;
  while (deep_reader.BeginArray()) ++depth;
  EXPECT_EQ(depth, 64);
}

TEST(JsonDecoder, NamesTheFieldThatIsWrong) {
  const auto complaint = [](absl::string_view json) {
    av1::CreateArticleRequest request;
    return Complaint(DecodeJson(json, "article", request.mutable_article()).status());
  };
  EXPECT_EQ(complaint(R"({"colour":"red"})"), "article.colour UNKNOWN_FIELD");
  EXPECT_EQ(complaint(R"({"title":5})"), "article.title INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"title":true})"), "article.title INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"title":"a","title":"b"})"), "article.title INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"tags":"a"})"), "article.tags INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"tags":["a",1]})"), "article.tags[1] INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"blocks":[{},{"kind":"SONG"}]})"),
            "article.blocks[1].kind INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"blocks":[{"text":"a","size":1}]})"),
            "article.blocks[0].size UNKNOWN_FIELD");
  EXPECT_EQ(complaint(R"({"publishDate":"2021-12-20"})"),
            "article.publish_date INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"publish_date":{"year":2021.5}})"),
            "article.publish_date.year INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"publishDate":{"year":1e99}})"),
            "article.publish_date.year INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"createTime":"noon"})"), "article.create_time INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"createTime":5})"), "article.create_time INVALID_JSON_VALUE");
  EXPECT_EQ(complaint(R"({"tags":[null]})"), "article.tags[0] INVALID_JSON_VALUE");
}

// protobuf's own reader is the oracle for what both accept.
TEST(JsonDecoder, ReadsWhatProtobufReads) {
  for (absl::string_view json :
       {R"({})", R"( {"title" : "a\u51ef\ud83d\ude00\n\/" , "tags":["x","y"],"revision":"7"} )",
        R"({"revision":7,"publishDate":{"year":2021,"month":12.0,"day":2e1}})",
        R"({"title":null,"blocks":null,"publish_date":null})",
        R"({"state":"PUBLISHED","blocks":[{"kind":2,"text":"x","sourceSpans":[{"begin":"1"}]}]})",
        R"({"createTime":"2021-12-20T08:00:00.5+08:00"})", R"({"title":""})"}) {
    av1::Article ours;
    av1::Article theirs;
    ASSERT_OK(DecodeJson(json, "", &ours)) << json;
    const std::string text(json);
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &theirs).ok()) << json;
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(ours, theirs))
        << json << "\n"
        << ours.DebugString() << theirs.DebugString();
  }
}

TEST(JsonEncoder, PrintsZeroesButNotWhatIsAbsent) {
  mv1::Progress progress;
  const std::string absent = *EncodeJson(mv1::Progress::descriptor(), progress.SerializeAsString());
  EXPECT_THAT(absent, HasSubstr("\"yearsLeft\":0"));
  EXPECT_THAT(absent, HasSubstr("\"notes\":[]"));
  EXPECT_THAT(absent, HasSubstr("\"status\":\"PROGRESS_STATUS_UNSPECIFIED\""));
  EXPECT_THAT(absent, Not(HasSubstr("attainedShare"))) << "a missing value is absent, never 0";
  EXPECT_THAT(absent, Not(HasSubstr("actual")));
  progress.set_attained_share(0);
  EXPECT_THAT(*EncodeJson(mv1::Progress::descriptor(), progress.SerializeAsString()),
              HasSubstr("\"attainedShare\":0"));
}

class RequestTranscoderTest : public ::testing::Test {
 protected:
  template <typename Request>
  absl::StatusOr<Request> Transcode(absl::string_view http_method, absl::string_view path,
                                    absl::string_view query, absl::string_view body) {
    const auto match = std::get<RouteTable::Match>(table_.Find(http_method, path));
    auto message = TranscodeRequest(*match.route, match.bindings, query, body);
    if (!message.ok()) return message.status();
    return *google::protobuf::DynamicCastToGenerated<Request>(message->get());
  }

  const RouteTable table_ = *RouteTable::Build(PublicMethods());
};

TEST_F(RequestTranscoderTest, PathBodyAndQueryMeet) {
  ASSERT_OK_AND_ASSIGN(const auto created,
                       Transcode<av1::CreateArticleRequest>("POST", "/v1/articles", "publish=true",
                                                            R"({"title":"甲"})"));
  EXPECT_TRUE(created.publish());
  EXPECT_EQ(created.article().title(), "甲");

  ASSERT_OK_AND_ASSIGN(const auto published, Transcode<av1::PublishArticleRequest>(
                                                 "POST", "/v1/articles/7:publish", "", ""));
  EXPECT_EQ(published.name(), "articles/7");
}

TEST_F(RequestTranscoderTest, TimesAndRequestIdsTravelWithTheirRequest) {
  ASSERT_OK_AND_ASSIGN(
      const auto scheduled,
      Transcode<av1::PublishArticleRequest>(
          "POST", "/v1/articles/7:publish", "",
          R"({"publishTime":"2026-12-01T08:00:00+08:00","unpublish_time":"2026-12-31T00:00:00Z",)"
          R"("requestId":"r-1","etag":"e"})"));
  EXPECT_EQ(scheduled.publish_time().seconds(), 1796083200);
  EXPECT_EQ(scheduled.unpublish_time().seconds(), 1798675200);
  EXPECT_EQ(scheduled.request_id(), "r-1");

  ASSERT_OK_AND_ASSIGN(const auto taken_back,
                       Transcode<av1::UnpublishArticleRequest>(
                           "POST", "/v1/articles/7:unpublish", "",
                           R"({"unpublishTime":"2026-12-01T00:00:00.5Z","request_id":"r-2"})"));
  EXPECT_EQ(taken_back.unpublish_time().nanos(), 500'000'000);
  EXPECT_EQ(taken_back.request_id(), "r-2");

  // DELETE has no body, so everything but the name stands in the query.
  ASSERT_OK_AND_ASSIGN(const auto deleted,
                       Transcode<av1::DeleteArticleRequest>("DELETE", "/v1/articles/7",
                                                            "requestId=r-3&etag=e%2F1", ""));
  EXPECT_EQ(deleted.name(), "articles/7");
  EXPECT_EQ(deleted.request_id(), "r-3");
  EXPECT_EQ(deleted.etag(), "e/1");

  ASSERT_OK_AND_ASSIGN(const auto updated,
                       Transcode<av1::UpdateArticleRequest>("PATCH", "/v1/articles/7",
                                                            "request_id=r-4", R"({"title":"乙"})"));
  EXPECT_EQ(updated.request_id(), "r-4");
}

TEST_F(RequestTranscoderTest, ATimeThatIsNoneIsNamed) {
  const auto match = std::get<RouteTable::Match>(table_.Find("POST", "/v1/articles/7:publish"));
  for (absl::string_view time : {"\"2026-12-01 08:00\"", "\"2026-12-01T08:00:00\"", "\"soon\"",
                                 "1796083200", "\"2026-13-01T00:00:00Z\""}) {
    EXPECT_EQ(Complaint(TranscodeRequest(*match.route, match.bindings, "",
                                         absl::StrCat("{\"publishTime\":", time, "}"))
                            .status()),
              "publish_time INVALID_JSON_VALUE")
        << time;
  }
}

TEST_F(RequestTranscoderTest, ReadsWhatSearchesAndDiffsAskFor) {
  ASSERT_OK_AND_ASSIGN(const auto suggest,
                       Transcode<av1::SuggestArticlesRequest>(
                           "GET", "/v1/articles:suggest", "prefix=%E5%9F%8E+%22&pageSize=3", ""));
  EXPECT_EQ(suggest.prefix(), "城 \"");
  EXPECT_EQ(suggest.page_size(), 3);
  ASSERT_OK_AND_ASSIGN(const auto diff,
                       Transcode<av1::DiffArticleRevisionsRequest>(
                           "GET", "/v1/articles/7:diff", "from_revision=1&toRevision=3", ""));
  EXPECT_EQ(diff.name(), "articles/7");
  EXPECT_EQ(diff.from_revision(), 1);
  EXPECT_EQ(diff.to_revision(), 3);
  ASSERT_OK_AND_ASSIGN(const auto related, Transcode<av1::ListRelatedArticlesRequest>(
                                               "GET", "/v1/articles/7/related", "", ""));
  EXPECT_EQ(related.name(), "articles/7");
}

TEST(JsonEncoder, PrintsTheTimesOfALifeAsRfc3339) {
  av1::Article article;
  article.set_state(av1::SCHEDULED);
  article.mutable_publish_time()->set_seconds(1796083200);
  article.mutable_unpublish_time()->set_seconds(1798675200);
  article.mutable_unpublish_time()->set_nanos(500'000'000);
  const std::string json = *EncodeJson(av1::Article::descriptor(), article.SerializeAsString());
  EXPECT_THAT(json, HasSubstr("\"state\":\"SCHEDULED\""));
  EXPECT_THAT(json, HasSubstr("\"publishTime\":\"2026-12-01T00:00:00Z\""));
  EXPECT_THAT(json, HasSubstr("\"unpublishTime\":\"2026-12-31T00:00:00.500Z\""));
  EXPECT_THAT(json, Not(HasSubstr("deleteTime")));
}

TEST_F(RequestTranscoderTest, APatchWithoutMaskChangesWhatItsBodyHas) {
  const absl::string_view body =
      R"({"name":"articles/7","etag":"x","subtitle":"","publishDate":{}})";
  ASSERT_OK_AND_ASSIGN(const auto from_body,
                       Transcode<av1::UpdateArticleRequest>("PATCH", "/v1/articles/7", "", body));
  EXPECT_THAT(from_body.update_mask().paths(), ElementsAre("subtitle", "publish_date"));
  EXPECT_EQ(from_body.article().name(), "articles/7");

  ASSERT_OK_AND_ASSIGN(const auto given,
                       Transcode<av1::UpdateArticleRequest>("PATCH", "/v1/articles/7",
                                                            "updateMask=title,publishDate", "{}"));
  EXPECT_THAT(given.update_mask().paths(), ElementsAre("title", "publish_date"));
}

TEST_F(RequestTranscoderTest, EachFieldHasOnePlace) {
  const auto complaint = [this](absl::string_view http_method, absl::string_view path,
                                absl::string_view query, absl::string_view body) {
    const auto match = std::get<RouteTable::Match>(table_.Find(http_method, path));
    return Complaint(TranscodeRequest(*match.route, match.bindings, query, body).status());
  };
  EXPECT_EQ(complaint("GET", "/v1/articles/7", "name=articles/8", ""),
            "name INVALID_QUERY_PARAMETER");
  EXPECT_EQ(complaint("POST", "/v1/articles/7:publish", "etag=x", "{}"),
            "etag INVALID_QUERY_PARAMETER");
  EXPECT_EQ(complaint("POST", "/v1/articles", "article.title=x", "{}"),
            "article.title INVALID_QUERY_PARAMETER");
  EXPECT_EQ(complaint("PATCH", "/v1/articles/7", "", R"({"name":"articles/8"})"),
            "article.name INVALID_FIELD");
}

}  // namespace
}  // namespace cityinfo::gateway
