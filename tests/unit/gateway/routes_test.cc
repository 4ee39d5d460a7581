#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/routes/path_template.h"
#include "services/gateway/routes/percent_decoding.h"
#include "services/gateway/routes/route_table.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

using testing::StatusIs;

// What the template binds, as "field=value;…"; "-" when it does not match, "?" when it cannot bind.
std::string Bound(absl::string_view pattern, absl::string_view path) {
  const PathTemplate parsed = *PathTemplate::Parse(pattern);
  const std::optional<SplitPath> split = SplitPath::From(path);
  if (!split.has_value() || !parsed.Matches(*split)) return "-";
  const auto bindings = parsed.Bind(*split);
  if (!bindings.has_value()) return "?";
  std::string text;
  for (const PathBinding& binding : *bindings)
    text += binding.field_path + "=" + binding.value + ";";
  return text;
}

TEST(PathTemplate, BindsSegments) {
  EXPECT_EQ(Bound("/v1/articles", "/v1/articles"), "");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/7"), "name=articles/7;");
  EXPECT_EQ(Bound("/v1/{article.name=articles/*}", "/v1/articles/7"), "article.name=articles/7;");
  EXPECT_EQ(Bound("/v1/{name=articles/*}/page", "/v1/articles/7/page"), "name=articles/7;");
  EXPECT_EQ(Bound("/v1/{name}", "/v1/7"), "name=7;");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/places/7"), "-");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/"), "-");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/7/8"), "-");
  EXPECT_EQ(Bound("/v1/articles", "/v1//articles"), "-");
}

TEST(PathTemplate, KnowsVerbs) {
  EXPECT_EQ(Bound("/v1/{name=articles/*}:publish", "/v1/articles/7:publish"), "name=articles/7;");
  EXPECT_EQ(Bound("/v1/{name=articles/*}:publish", "/v1/articles/7"), "-");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/7:publish"), "-");
  EXPECT_EQ(Bound("/v1/articles:search", "/v1/articles:search"), "");
  EXPECT_EQ(Bound("/v1/articles", "/v1/articles:"), "-");
}

TEST(PathTemplate, DecodesAfterCutting) {
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/a%20b"), "name=articles/a b;");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/a%3Ab"), "name=articles/a:b;");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/a+b"), "name=articles/a+b;");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/a%2Fb"), "?");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/a%0Ab"), "?");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/%ff"), "?");
  EXPECT_EQ(Bound("/v1/{name=articles/*}", "/v1/articles/%4"), "?");
}

TEST(PathTemplate, RefusesWhatItCannotDo) {
  for (absl::string_view text : {"v1", "/v1/{name", "/v1/**", "/v1/{name=**}", "/v1//x", "/{=a}"}) {
    EXPECT_THAT(PathTemplate::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(PercentDecoding, IsStrict) {
  EXPECT_EQ(PercentDecode("%E5%87%AF%e9%87%8c", PlusSign::kLiteral), "凯里");
  EXPECT_EQ(PercentDecode("a+b%2B", PlusSign::kSpace), "a b+");
  for (absl::string_view bad : {"%", "%1", "%gg", "%00", "%C0%AF", "%-1"}) {
    EXPECT_EQ(PercentDecode(bad, PlusSign::kLiteral), std::nullopt) << bad;
  }
}

class RouteTableTest : public ::testing::Test {
 protected:
  RouteTableTest() : table_(*RouteTable::Build(PublicMethods())) {}

  // Name of the method found, "404", "400", or "405 " with what is allowed.
  std::string Find(absl::string_view http_method, absl::string_view path) const {
    const RouteTable::Result found = table_.Find(http_method, path);
    if (const auto* match = std::get_if<RouteTable::Match>(&found)) {
      return match->route->method->name();
    }
    if (const auto* others = std::get_if<RouteTable::OtherMethods>(&found)) {
      return "405 " + others->allow;
    }
    return std::holds_alternative<RouteTable::BadPath>(found) ? "400" : "404";
  }

  const RouteTable table_;
};

TEST_F(RouteTableTest, FindsMethodsByTheirAnnotations) {
  EXPECT_EQ(Find("GET", "/v1/articles"), "ListArticles");
  EXPECT_EQ(Find("HEAD", "/v1/articles"), "ListArticles");
  EXPECT_EQ(Find("POST", "/v1/articles"), "CreateArticle");
  EXPECT_EQ(Find("GET", "/v1/articles/7"), "GetArticle");
  EXPECT_EQ(Find("PATCH", "/v1/articles/7"), "UpdateArticle");
  EXPECT_EQ(Find("POST", "/v1/articles/7:publish"), "PublishArticle");
  EXPECT_EQ(Find("GET", "/v1/articles/7/page"), "GetArticlePage");
  EXPECT_EQ(Find("GET", "/v1/articles:search"), "SearchArticles");
  EXPECT_EQ(Find("GET", "/v1/articles:suggest"), "SuggestArticles");
  EXPECT_EQ(Find("GET", "/v1/articles/7/related"), "ListRelatedArticles");
  EXPECT_EQ(Find("GET", "/v1/articles/7/revisions"), "ListArticleRevisions");
  EXPECT_EQ(Find("GET", "/v1/articles/7:diff"), "DiffArticleRevisions");
  EXPECT_EQ(Find("DELETE", "/v1/articles/7"), "DeleteArticle");
  EXPECT_EQ(Find("POST", "/v1/articles/7:undelete"), "UndeleteArticle");
  EXPECT_EQ(Find("POST", "/v1/articles/7:rollback"), "RollbackArticle");
  EXPECT_EQ(Find("GET", "/v1/observations/7:vintages"), "ListVintages");
  EXPECT_EQ(Find("POST", "/v1/figures:extract"), "ExtractFigures");
  EXPECT_EQ(Find("GET", "/v1/home"), "GetHome");
}

TEST_F(RouteTableTest, SaysWhatElseAPathCanDo) {
  EXPECT_EQ(Find("PUT", "/v1/articles"), "405 GET, HEAD, POST");
  EXPECT_EQ(Find("GET", "/v1/pages:import"), "405 POST");
  EXPECT_EQ(Find("POST", "/v1/articles/7"), "405 DELETE, GET, HEAD, PATCH");
  EXPECT_EQ(Find("OPTIONS", "/v1/home"), "405 GET, HEAD");
}

TEST_F(RouteTableTest, KnowsNothingElse) {
  for (absl::string_view path : {"/", "", "/v1", "/v1/articles/", "/v2/articles",
                                 "/v1/articles/7:fly", "/v1/articles/7/8", "/v1/Articles"}) {
    EXPECT_EQ(Find("GET", path), "404") << path;
  }
  EXPECT_EQ(Find("GET", "/v1/articles/%ff"), "400");
}

TEST_F(RouteTableTest, OffersEveryUnaryMethodOfTheContractAndTheImports) {
  std::set<std::string> offered;
  for (const auto& route : table_.routes()) offered.insert(route->method->full_name());
  for (const PublicMethod& listed : PublicMethods()) {
    const auto* service = listed.method->service();
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      const bool unary = !method->client_streaming() && !method->server_streaming();
      const bool import =
          method->name() == "ImportArticles" || method->name() == "ImportObservations";
      EXPECT_EQ(offered.count(method->full_name()), unary || import) << method->full_name();
    }
  }
}

TEST_F(RouteTableTest, OnlyWhatStoresNothingIsFree) {
  for (const auto& route : table_.routes()) {
    const std::string& name = route->method->name();
    const bool free = route->safe() || name == "SplitPage" || name == "ExtractFigures";
    EXPECT_EQ(!route->needs.has_value(), free) << name;
  }
}

TEST_F(RouteTableTest, AStreamTakesLinesOrCsv) {
  EXPECT_EQ(Find("POST", "/v1/articles:import"), "ImportArticles");
  EXPECT_EQ(Find("POST", "/v1/observations:import"), "ImportObservations");
  for (const auto& route : table_.routes()) {
    EXPECT_EQ(route->takes_lines(), route->method->name() == "ImportArticles");
    EXPECT_EQ(route->takes_csv(), route->method->name() == "ImportObservations");
  }
}

TEST(RouteTable, RefusesAMethodThatStreamsItsAnswerOrDoesNotExist) {
  const auto* service = PublicMethods()[0].method->service();
  EXPECT_THAT(RouteTable::Build({{service->FindMethodByName("WatchArticles")}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(RouteTable::Build({PublicMethod{}}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(RouteTable::Build({PublicMethods()[0], PublicMethods()[0]}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cityinfo::gateway
