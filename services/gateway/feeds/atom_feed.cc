#include "services/gateway/feeds/atom_feed.h"

#include "absl/strings/str_cat.h"
#include "services/gateway/feeds/article_html.h"
#include "services/gateway/feeds/article_times.h"
#include "services/gateway/feeds/entry_id.h"
#include "services/gateway/feeds/markup_text.h"

namespace cityinfo::gateway {
namespace {

// <name>text</name>, or with attributes behind the name: `type="html"`.
void AppendElement(absl::string_view start, absl::string_view text, std::string* xml) {
  const absl::string_view name = start.substr(0, start.find(' '));
  absl::StrAppend(xml, "<", start, ">");
  AppendMarkupText(text, xml);
  absl::StrAppend(xml, "</", name, ">\n");
}

void AppendLink(absl::string_view rel, absl::string_view type, absl::string_view href,
                std::string* xml) {
  absl::StrAppend(xml, "<link rel=\"", rel, "\" type=\"", type, "\" href=\"");
  AppendMarkupText(href, xml);
  absl::StrAppend(xml, "\"/>\n");
}

void AppendAuthor(absl::string_view name, std::string* xml) {
  absl::StrAppend(xml, "<author><name>");
  AppendMarkupText(name, xml);
  absl::StrAppend(xml, "</name></author>\n");
}

void AppendEntry(const Feed& feed, const articles::v1::Article& article, std::string* xml) {
  absl::StrAppend(xml, "<entry>\n");
  AppendElement("id", EntryId(article.name()), xml);
  AppendElement("title", article.title(), xml);
  if (article.has_first_publish_time()) {
    AppendElement("published", Rfc3339(ToTime(article.first_publish_time())), xml);
  }
  AppendElement("updated", Rfc3339(ChangedAt(article)), xml);
  // Without one of its own an entry has the feed's author.
  const std::string& author = article.byline().empty() ? article.publication() : article.byline();
  if (!author.empty()) AppendAuthor(author, xml);
  AppendLink("alternate", "text/html", ArticleUrl(feed, article), xml);
  for (const std::string& label : Labels(article)) {
    absl::StrAppend(xml, "<category term=\"");
    AppendMarkupText(label, xml);
    absl::StrAppend(xml, "\"/>\n");
  }
  if (!article.excerpt().empty()) AppendElement("summary", article.excerpt(), xml);
  AppendElement("content type=\"html\"", ArticleHtml(article), xml);
  absl::StrAppend(xml, "</entry>\n");
}

}  // namespace

std::string WriteAtomFeed(const Feed& feed) {
  std::string xml = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"",
      kFeedLanguage, "\">\n");
  AppendElement("id", feed.id, &xml);
  AppendElement("title", feed.title, &xml);
  AppendElement("updated", Rfc3339(LastChange(feed)), &xml);
  AppendAuthor(kFeedAuthor, &xml);
  AppendLink("self", "application/atom+xml", SelfUrl(feed), &xml);
  AppendLink("alternate", "text/html", HomeUrl(feed), &xml);
  for (const articles::v1::Article& article : feed.articles) AppendEntry(feed, article, &xml);
  absl::StrAppend(&xml, "</feed>\n");
  return xml;
}

}  // namespace cityinfo::gateway
