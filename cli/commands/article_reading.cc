// cityctl articles list|get.
#include <cstdio>
#include <memory>

#include "cli/article_text.h"
#include "cli/commands/article_commands.h"
#include "cli/input.h"
#include "cli/table.h"

namespace cityinfo::cli {
namespace {

absl::Status List(Session& session, const ArticleFilters& filters, const std::string& state) {
  Query query = filters.ToQuery();
  query.emplace_back("state", state);
  auto list = session.api().GetAll("/v1/articles", query, "articles", filters.limit);
  if (!list.ok()) return list.status();
  if (PrintedAsJson(session, *list)) return absl::OkStatus();
  Table table({"ID", "DATE", "PAGE", "STATE", "TITLE"});
  for (const Json& article : (*list)["articles"]) {
    table.AddRow({article.value("id", ""), DateFromJson(article, "publishDate"),
                  article.value("page", ""), article.value("state", ""),
                  article.value("title", "")});
  }
  std::printf("%s", table.empty() ? "no articles\n" : table.ToString(60).c_str());
  return absl::OkStatus();
}

void PrintArticle(const Json& article) {
  std::printf("%s\n", article.value("title", "").c_str());
  for (const char* field : {"subtitle", "byline"}) {
    if (const std::string text = article.value(field, ""); !text.empty())
      std::printf("%s\n", text.c_str());
  }
  std::printf("%s %s %s  revision %s\n", article.value("publication", "").c_str(),
              DateFromJson(article, "publishDate").c_str(), article.value("page", "").c_str(),
              article.value("revision", "").c_str());
  std::printf("%s\n", LifeText(article, absl::LocalTimeZone()).c_str());
  for (const Json& block : article.value("blocks", Json::array())) {
    const std::string kind = block.value("kind", "");
    const char* mark = kind == "HEADING" ? "## " : kind == "CAPTION" ? "[图] " : "";
    std::printf("%s%s\n\n", mark, block.value("text", "").c_str());
  }
}

absl::Status Get(Session& session, const std::string& id, int64_t revision) {
  auto path = ArticlePath(id);
  if (!path.ok()) return path.status();
  const bool with_figures = revision == 0;
  const std::string number = revision == 0 ? "" : std::to_string(revision);
  auto page = session.api().Get(*path + "/page", {{"revision", number}});
  if (!page.ok()) return page.status();
  if (PrintedAsJson(session, *page)) return absl::OkStatus();
  PrintArticle((*page)["article"]);
  Table table({"INDICATOR", "VALUE", "PERIOD", "KIND", "BLOCK"});
  for (const Json& figure : page->value("figures", Json::array())) {
    table.AddRow({figure.value("indicatorText", ""), figure.value("printed", ""),
                  figure.value("period", ""), figure.value("kind", ""),
                  std::to_string(figure["citation"].value("block", 0))});
  }
  if (with_figures && !table.empty()) std::printf("%s", table.ToString().c_str());
  return absl::OkStatus();
}

}  // namespace

void AddArticleReadingCommands(CLI::App& articles, Session& session) {
  CLI::App* list = articles.add_subcommand("list", "Newest first");
  auto filters = std::make_shared<ArticleFilters>();
  auto state = std::make_shared<std::string>();
  AddFilters(list, *filters);
  list->add_option("--state", *state,
                   "DRAFT, SCHEDULED, PUBLISHED, UNPUBLISHED (default PUBLISHED; others need a "
                   "key)");
  session.On(list, [&session, filters, state] { return List(session, *filters, *state); });

  CLI::App* get = articles.add_subcommand("get", "One article and the figures it states");
  auto id = std::make_shared<std::string>();
  auto revision = std::make_shared<int64_t>(0);
  get->add_option("id", *id, "The article's id or name")->required();
  get->add_option("--revision", *revision, "A revision; default the newest");
  session.On(get, [&session, id, revision] { return Get(session, *id, *revision); });
}

}  // namespace cityinfo::cli
