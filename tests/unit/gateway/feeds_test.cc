#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "platform/base/error.h"
#include "platform/base/utf8.h"
#include "services/gateway/feeds/article_feeds.h"
#include "services/gateway/feeds/article_html.h"
#include "services/gateway/feeds/atom_feed.h"
#include "services/gateway/feeds/entry_id.h"
#include "services/gateway/feeds/feed_query.h"
#include "services/gateway/feeds/json_feed.h"
#include "services/gateway/feeds/markup_text.h"
#include "services/gateway/feeds/ninjs_feed.h"
#include "services/gateway/feeds/public_url.h"
#include "tests/support/child_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;
using Json = nlohmann::json;
namespace av1 = articles::v1;

// 2026-11-20T00:00:00Z
constexpr int64_t kCreated = 1795132800;

av1::Article BridgeArticle() {
  av1::Article article;
  article.set_name("articles/7");
  article.set_id("7");
  article.set_revision(3);
  article.set_state(av1::PUBLISHED);
  article.set_title("新桥 <通车> & 试运行");
  article.set_subtitle("两岸十分钟");
  article.set_byline("记者 甲乙");
  article.set_section("综合新闻");
  article.add_tags("交通");
  article.add_tags("综合新闻");
  article.set_publication("河畔报");
  article.mutable_publish_date()->set_year(2026);
  article.mutable_publish_date()->set_month(11);
  article.mutable_publish_date()->set_day(19);
  article.set_place("522601");
  article.set_excerpt("桥通了。");
  av1::Block* heading = article.add_blocks();
  heading->set_kind(av1::Block::HEADING);
  heading->set_text("先说\"桥\"");
  article.add_blocks()->set_text("桥通了<b>。");
  av1::Block* caption = article.add_blocks();
  caption->set_kind(av1::Block::CAPTION);
  caption->set_text("图为新桥");
  article.mutable_create_time()->set_seconds(kCreated);
  article.mutable_update_time()->set_seconds(kCreated + 60);
  // It was scheduled: what the public sees is newer than its newest revision.
  article.mutable_first_publish_time()->set_seconds(kCreated + 3600);
  return article;
}

Feed BridgeFeed(std::string public_url) {
  return {.id = EntryId("feeds/articles"),
          .title = "最新稿件",
          .self = "/feeds/articles.atom?tag=%E4%BA%A4%E9%80%9A&size=3",
          .public_url = std::move(public_url),
          .articles = {BridgeArticle()}};
}

// What an XML parser finds by `xpath`; the parser's complaint when the document is not well-formed.
std::string Xpath(const std::string& xml, const std::string& xpath) {
  testing::TempDir dir;
  auto process = testing::ChildProcess::Start(
      {.binary = "xmllint", .args = {"--nonet", "--xpath", xpath, dir.Write("feed.xml", xml)}});
  if (!process.ok()) return process.status().ToString();
  const auto exit = (*process)->Wait();
  if (!exit.has_value() || exit->code != 0) return "failed: " + (*process)->Stderr();
  return std::string(absl::StripAsciiWhitespace((*process)->Stdout()));
}

TEST(EntryId, IsAUuidOfTheNameForEver) {
  EXPECT_EQ(EntryId("articles/7"), "urn:uuid:442b938e-8d56-81cd-ac1c-3540a1b7e454");
  EXPECT_NE(EntryId("articles/8"), EntryId("articles/7"));
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(EntryId(absl::StrCat("articles/", i)),
                ::testing::MatchesRegex("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-"
                                        "[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  }
}

TEST(MarkupText, EscapesAndLeavesOutWhatXmlDoesNotKnow) {
  const auto markup = [](absl::string_view text) {
    std::string out;
    AppendMarkupText(text, &out);
    return out;
  };
  EXPECT_EQ(markup("a<b>&\"c\"'"), "a&lt;b&gt;&amp;&quot;c&quot;'");
  EXPECT_EQ(markup("a\tb\nc\rd"), "a&#9;b&#10;c&#13;d");
  EXPECT_EQ(markup(absl::string_view("a\0b\x01\x08\x0b\x1f-c", 9)), "ab-c");
  EXPECT_EQ(markup("a\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd𠀀b"), "a\xef\xbf\xbd𠀀b");
  EXPECT_EQ(markup("a\xff"), "a\xef\xbf\xbd");
}

TEST(ArticleHtml, KnowsTheKindsOfBlocks) {
  EXPECT_EQ(ArticleHtml(BridgeArticle()),
            "<p class=\"subtitle\">两岸十分钟</p>\n"
            "<h2>先说&quot;桥&quot;</h2>\n"
            "<p>桥通了&lt;b&gt;。</p>\n"
            "<p class=\"caption\">图为新桥</p>\n");
  EXPECT_EQ(ArticleText(BridgeArticle()), "先说\"桥\"\n\n桥通了<b>。\n\n图为新桥");
}

TEST(AtomFeed, IsWrittenByteByByte) {
  EXPECT_EQ(WriteAtomFeed(BridgeFeed("https://city.example")),
            absl::StrCat(R"(<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
<id>)",
                         EntryId("feeds/articles"), R"(</id>
<title>最新稿件</title>
<updated>2026-11-20T01:00:00Z</updated>
<author><name>城市信息</name></author>
<link rel="self" type="application/atom+xml" href="https://city.example/feeds/articles.atom?tag=%E4%BA%A4%E9%80%9A&amp;size=3"/>
<link rel="alternate" type="text/html" href="https://city.example/"/>
<entry>
<id>)",
                         EntryId("articles/7"), R"(</id>
<title>新桥 &lt;通车&gt; &amp; 试运行</title>
<published>2026-11-20T01:00:00Z</published>
<updated>2026-11-20T01:00:00Z</updated>
<author><name>记者 甲乙</name></author>
<link rel="alternate" type="text/html" href="https://city.example/#/articles/7"/>
<category term="综合新闻"/>
<category term="交通"/>
<summary>桥通了。</summary>
<content type="html">&lt;p class=&quot;subtitle&quot;&gt;两岸十分钟&lt;/p&gt;&#10;&lt;h2&gt;先说&amp;quot;桥&amp;quot;&lt;/h2&gt;&#10;&lt;p&gt;桥通了&amp;lt;b&amp;gt;。&lt;/p&gt;&#10;&lt;p class=&quot;caption&quot;&gt;图为新桥&lt;/p&gt;&#10;</content>
</entry>
</feed>
)"));
}

TEST(AtomFeed, AParserReadsBackWhatWasPrinted) {
  const std::string xml = WriteAtomFeed(BridgeFeed("https://city.example"));
  EXPECT_EQ(Xpath(xml, "string(//*[local-name()='entry']/*[local-name()='title'])"),
            "新桥 <通车> & 试运行");
  EXPECT_EQ(Xpath(xml, "string(//*[local-name()='content'])") + "\n", ArticleHtml(BridgeArticle()));
  EXPECT_EQ(Xpath(xml, "string(//*[local-name()='link'][@rel='self']/@href)"),
            "https://city.example/feeds/articles.atom?tag=%E4%BA%A4%E9%80%9A&size=3");
  EXPECT_EQ(Xpath(xml, "string(//@*[local-name()='lang'])"), "zh-CN");
}

TEST(AtomFeed, WhateverAnArticleHoldsItIsWellFormed) {
  std::string everything;
  for (char32_t c = 0; c < 0x120; ++c) base::AppendUtf8(c, &everything);
  absl::StrAppend(&everything, "]]><![CDATA[ --> &bogus; \xef\xbf\xbe𠀀");
  Feed feed = BridgeFeed("");
  feed.title = everything;
  av1::Article& article = feed.articles[0];
  for (std::string* field :
       {article.mutable_title(), article.mutable_subtitle(), article.mutable_byline(),
        article.mutable_section(), article.mutable_excerpt(), article.mutable_tags(0),
        article.mutable_blocks(1)->mutable_text()}) {
    *field = everything;
  }
  const std::string xml = WriteAtomFeed(feed);
  EXPECT_EQ(Xpath(xml, "count(//*[local-name()='entry'])"), "1");
  // The HTML inside is well-formed as well.
  EXPECT_EQ(Xpath(absl::StrCat("<div>", ArticleHtml(article), "</div>"), "count(/div/*)"), "4");
}

TEST(AtomFeed, WithoutAnAddressLinksAreRelative) {
  const std::string xml = WriteAtomFeed(BridgeFeed(""));
  EXPECT_THAT(xml, HasSubstr("href=\"/#/articles/7\""));
  EXPECT_THAT(xml, HasSubstr("href=\"/feeds/articles.atom?tag="));
  EXPECT_THAT(xml, HasSubstr("href=\"/\"/>"));
}

TEST(AtomFeed, OfNothingIsAFeedToo) {
  Feed feed = BridgeFeed("");
  feed.articles.clear();
  const std::string xml = WriteAtomFeed(feed);
  EXPECT_EQ(Xpath(xml, "string(/*/*[local-name()='updated'])"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Xpath(xml, "count(//*[local-name()='entry'])"), "0");
}

TEST(AtomFeed, TheAuthorIsThePaperWhereNobodySigned) {
  Feed feed = BridgeFeed("");
  feed.articles[0].clear_byline();
  EXPECT_THAT(WriteAtomFeed(feed), HasSubstr("<author><name>河畔报</name></author>"));
}

TEST(JsonFeed, IsWrittenByteByByte) {
  EXPECT_EQ(
      WriteJsonFeed(BridgeFeed("https://city.example")),
      absl::StrCat(
          R"({"version":"https://jsonfeed.org/version/1.1","title":"最新稿件",)",
          R"("home_page_url":"https://city.example/",)",
          R"("feed_url":"https://city.example/feeds/articles.atom?tag=%E4%BA%A4%E9%80%9A&size=3",)",
          R"("language":"zh-CN","authors":[{"name":"城市信息"}],"items":[{"id":")",
          EntryId("articles/7"),
          R"(","url":"https://city.example/#/articles/7","title":"新桥 <通车> & 试运行",)",
          R"("content_html":"<p class=\"subtitle\">两岸十分钟</p>\n)",
          R"(<h2>先说&quot;桥&quot;</h2>\n<p>桥通了&lt;b&gt;。</p>\n)",
          R"(<p class=\"caption\">图为新桥</p>\n","summary":"桥通了。",)",
          R"("date_published":"2026-11-20T01:00:00Z","date_modified":"2026-11-20T01:00:00Z",)",
          R"("authors":[{"name":"记者 甲乙"}],"tags":["综合新闻","交通"]}]})", "\n"));
}

TEST(JsonFeed, WithoutAnAddressThereAreNoLinks) {
  Feed feed = BridgeFeed("");
  const Json json = Json::parse(WriteJsonFeed(feed));
  EXPECT_FALSE(json.contains("feed_url"));
  EXPECT_FALSE(json.contains("home_page_url"));
  EXPECT_FALSE(json["items"][0].contains("url"));
  feed.articles.clear();
  EXPECT_EQ(Json::parse(WriteJsonFeed(feed))["items"], Json::array());
}

TEST(NinjsFeed, IsWrittenByteByByte) {
  Feed feed = BridgeFeed("https://city.example");
  feed.articles[0].mutable_unpublish_time()->set_seconds(kCreated + 86400);
  feed.articles[0].mutable_unpublish_time()->set_nanos(250'000'000);
  EXPECT_EQ(
      WriteNinjsFeed(feed),
      absl::StrCat(
          R"([{"uri":")", EntryId("articles/7"),
          R"(","type":"text","representationType":"full","version":"3",)",
          R"("firstCreated":"2026-11-20T00:00:00Z","versionCreated":"2026-11-20T00:01:00Z",)",
          R"("contentCreated":"2026-11-19T00:00:00+08:00","pubStatus":"usable",)",
          R"("expires":"2026-11-21T00:00:00.25Z","language":"zh-CN","by":"记者 甲乙",)",
          R"("headlines":[{"role":"main","value":"新桥 <通车> & 试运行"},)",
          R"({"role":"subtitle","value":"两岸十分钟"}],)",
          R"("descriptions":[{"role":"summary","contentType":"text/plain","value":"桥通了。"}],)",
          R"("subjects":[{"name":"综合新闻","rel":"section"},{"name":"交通","rel":"about"},)",
          R"({"name":"综合新闻","rel":"about"}],"places":[{"rel":"about","literal":"522601"}],)",
          R"("infoSources":[{"name":"河畔报","role":"publisher"}],"bodies":[)",
          R"({"role":"main","contentType":"text/plain",)",
          R"("value":"先说\"桥\"\n\n桥通了<b>。\n\n图为新桥"},)",
          R"({"role":"richtext","contentType":"text/html","value":"<p class=\"subtitle\">)",
          R"(两岸十分钟</p>\n<h2>先说&quot;桥&quot;</h2>\n<p>桥通了&lt;b&gt;。</p>\n)",
          R"(<p class=\"caption\">图为新桥</p>\n"}],)",
          R"("altIds":[{"role":"name","value":"articles/7"}],"renditions":[{"name":"web",)",
          R"("href":"https://city.example/#/articles/7","contentType":"text/html"}],)",
          R"("standard":{"name":"ninjs","version":"3.0",)",
          R"("schema":"http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json#"}}])", "\n"));
}

TEST(NinjsFeed, WhatAnArticleHasNotIsLeftOut) {
  Feed feed = BridgeFeed("");
  av1::Article& article = feed.articles[0];
  for (const char* field : {"subtitle", "byline", "section", "tags", "publication", "publish_date",
                            "place", "excerpt", "blocks"}) {
    article.GetReflection()->ClearField(&article, article.GetDescriptor()->FindFieldByName(field));
  }
  const Json item = Json::parse(WriteNinjsFeed(feed))[0];
  for (const char* absent : {"by", "subjects", "places", "infoSources", "descriptions", "expires",
                             "contentCreated", "renditions"}) {
    EXPECT_FALSE(item.contains(absent)) << absent;
  }
  EXPECT_EQ(item["headlines"].size(), 1u);
  EXPECT_EQ(item["bodies"][0]["value"], "");
  feed.articles.clear();
  EXPECT_EQ(WriteNinjsFeed(feed), "[]\n");
}

TEST(FeedFormats, EachHasAPathAndAType) {
  EXPECT_EQ(FindFeedFormat("/feeds/articles.json")->content_type, "application/feed+json");
  EXPECT_EQ(FindFeedFormat("/feeds/articles.ninjs")->content_type,
            "application/json; charset=utf-8");
  EXPECT_EQ(FindFeedFormat("/feeds/articles.atom")->content_type,
            "application/atom+xml; charset=utf-8");
  EXPECT_EQ(FindFeedFormat("/feeds/articles"), nullptr);
}

TEST(FeedQuery, ReadsFiltersInAnyOrderAndWritesThemInOne) {
  ASSERT_OK_AND_ASSIGN(
      const FeedQuery query,
      ParseFeedQuery("tag=%e5%86%9c%e4%b8%9a&size=5&section=a+b%26c&place=52&publication="));
  EXPECT_EQ(query.tag, "农业");
  EXPECT_EQ(query.section, "a b&c");
  EXPECT_EQ(query.size, 5);
  EXPECT_EQ(CanonicalFilters(query), "section=a%20b%26c&tag=%E5%86%9C%E4%B8%9A&place=52");
  EXPECT_EQ(CanonicalQuery(query), "section=a%20b%26c&tag=%E5%86%9C%E4%B8%9A&place=52&size=5");
  EXPECT_EQ(FeedTitle(query), "最新稿件 · a b&c · 农业 · 52");
  const av1::ListArticlesRequest list = ListRequest(query);
  EXPECT_EQ(list.page_size(), 5);
  EXPECT_EQ(list.state(), av1::PUBLISHED);
  EXPECT_EQ(list.view(), av1::FULL);
  EXPECT_EQ(list.section(), "a b&c");
  ASSERT_OK_AND_ASSIGN(const FeedQuery nothing, ParseFeedQuery(""));
  EXPECT_EQ(CanonicalQuery(nothing), "");
  EXPECT_EQ(nothing.size, 30);
}

TEST(FeedQuery, SizesAreTakenAsInOtherLists) {
  EXPECT_EQ(ParseFeedQuery("size=0")->size, 30);
  EXPECT_EQ(ParseFeedQuery("size=100")->size, 100);
  EXPECT_EQ(ParseFeedQuery("size=101")->size, 100);
  EXPECT_EQ(ParseFeedQuery("size=99999999999")->size, 100);
}

TEST(FeedQuery, NamesWhatIsWrong) {
  const auto complaint = [](absl::string_view query) {
    const absl::Status status = ParseFeedQuery(query).status();
    const auto violations = base::FieldViolations(status);
    return absl::StrCat(violations.empty() ? "?" : violations[0].field, " ",
                        base::ErrorReason(status));
  };
  EXPECT_EQ(complaint("colour=red"), "colour UNKNOWN_QUERY_PARAMETER");
  EXPECT_EQ(complaint("page_size=3"), "page_size UNKNOWN_QUERY_PARAMETER");
  EXPECT_EQ(complaint("state=DRAFT"), "state UNKNOWN_QUERY_PARAMETER");
  EXPECT_EQ(complaint("tag=a&tag=b"), "tag INVALID_QUERY_PARAMETER");
  EXPECT_EQ(complaint("tag=&tag="), "tag INVALID_QUERY_PARAMETER");
  EXPECT_EQ(complaint("tag=%ff"), "tag INVALID_QUERY_PARAMETER");
  EXPECT_EQ(complaint("%ff=1"), "query INVALID_QUERY_PARAMETER");
  for (absl::string_view size :
       {"", "-", "-1", "x", "1.5", "+1", "%201", "0x10", "1e3", "99999999999999999999"}) {
    EXPECT_EQ(complaint(absl::StrCat("size=", size)), "size INVALID_QUERY_PARAMETER") << size;
  }
}

TEST(PublicUrl, IsAnAddressPeopleCanOpen) {
  for (absl::string_view good : {"", "https://city.example", "http://127.0.0.1:8080",
                                 "http://[::1]:8080", "https://city.example/info"}) {
    EXPECT_OK(CheckPublicUrl(good)) << good;
  }
  for (absl::string_view bad :
       {"city.example", "ftp://city.example", "https://", "https:///x", "https://city.example/",
        "https://u@city.example", "https://city.example?x", "https://city.example/#", "https://:80",
        "https://城市.example", "https://a b", "javascript:alert(1)", "https://a\"b"}) {
    EXPECT_THAT(CheckPublicUrl(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace cityinfo::gateway
