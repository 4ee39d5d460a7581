// cityctl articles list|get|search.
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/table.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

struct ListOptions {
  std::string section, tag, publication, place, from, to, state, query, order;
  size_t limit = 20;

  Query ToQuery() const {
    return {{"section", section},
            {"tag", tag},
            {"publication", publication},
            {"place", place},
            {"publish_date_from", from},
            {"publish_date_to", to},
            {"state", state},
            {"query", query},
            {"order", order},
            {"page_size", std::to_string(std::min<size_t>(limit, 200))}};
  }
};

void AddFilters(CLI::App* command, ListOptions& options) {
  command->add_option("--section", options.section, "Only this section");
  command->add_option("--tag", options.tag, "Only with this tag");
  command->add_option("--publication", options.publication, "Only of this newspaper");
  command->add_option("--place", options.place, "Only of this place (code)");
  command->add_option("--from", options.from, "Printed on this day or later (2021-12-20)");
  command->add_option("--to", options.to, "Printed on this day or earlier");
  command->add_option("--limit", options.limit, "At most this many")->check(CLI::Range(1, 100000));
}

std::vector<std::string> Row(const Json& article) {
  return {article.value("id", ""), DateFromJson(article, "publishDate"), article.value("page", ""),
          article.value("state", ""), article.value("title", "")};
}

absl::Status List(Session& session, const ListOptions& options) {
  auto list = session.api().GetAll("/v1/articles", options.ToQuery(), "articles", options.limit);
  if (!list.ok()) return list.status();
  if (session.json) {
    std::printf("%s\n", list->dump(2).c_str());
    return absl::OkStatus();
  }
  Table table({"ID", "DATE", "PAGE", "STATE", "TITLE"});
  for (const Json& article : (*list)["articles"]) table.AddRow(Row(article));
  std::printf("%s", table.empty() ? "no articles\n" : table.ToString(60).c_str());
  return absl::OkStatus();
}

absl::Status Search(Session& session, const ListOptions& options) {
  auto found =
      session.api().GetAll("/v1/articles:search", options.ToQuery(), "results", options.limit);
  if (!found.ok()) return found.status();
  if (session.json) {
    std::printf("%s\n", found->dump(2).c_str());
    return absl::OkStatus();
  }
  if ((*found)["results"].empty()) std::printf("nothing found\n");
  for (const Json& result : (*found)["results"]) {
    std::printf("%s\n", absl::StrJoin(Row(result["article"]), "  ").c_str());
    const std::string excerpt = result.value("excerpt", "");
    if (!excerpt.empty()) std::printf("    %s\n", excerpt.c_str());
  }
  return absl::OkStatus();
}

void PrintArticle(const Json& article) {
  std::printf("%s\n", article.value("title", "").c_str());
  for (const char* field : {"subtitle", "byline"}) {
    if (const std::string text = article.value(field, ""); !text.empty())
      std::printf("%s\n", text.c_str());
  }
  std::printf("%s %s %s  revision %s  %s\n\n", article.value("publication", "").c_str(),
              DateFromJson(article, "publishDate").c_str(), article.value("page", "").c_str(),
              article.value("revision", "").c_str(), article.value("state", "").c_str());
  for (const Json& block : article.value("blocks", Json::array())) {
    const std::string kind = block.value("kind", "");
    const char* mark = kind == "HEADING" ? "## " : kind == "CAPTION" ? "[图] " : "";
    std::printf("%s%s\n\n", mark, block.value("text", "").c_str());
  }
}

absl::Status Get(Session& session, const std::string& id, int64_t revision) {
  const std::string name(absl::StripPrefix(id, "articles/"));
  if (name.empty() || name.find('/') != std::string::npos) {
    return base::InvalidArgument("id", absl::StrCat("\"", id, "\" is not an article's id or name"),
                                 "INVALID_NAME");
  }
  const bool with_figures = revision == 0;
  const std::string number = revision == 0 ? "" : std::to_string(revision);
  auto page = session.api().Get("/v1/articles/" + name + "/page", {{"revision", number}});
  if (!page.ok()) return page.status();
  if (session.json) {
    std::printf("%s\n", page->dump(2).c_str());
    return absl::OkStatus();
  }
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

void AddArticleCommands(CLI::App& app, Session& session) {
  CLI::App* articles = app.add_subcommand("articles", "Read articles");
  articles->require_subcommand(1);

  CLI::App* list = articles->add_subcommand("list", "Newest first");
  auto list_options = std::make_shared<ListOptions>();
  AddFilters(list, *list_options);
  list->add_option("--state", list_options->state,
                   "DRAFT, PUBLISHED, UNPUBLISHED (default PUBLISHED; others need a key)");
  session.On(list, [&session, list_options] { return List(session, *list_options); });

  CLI::App* search = articles->add_subcommand("search", "Articles that hold every word");
  auto search_options = std::make_shared<ListOptions>();
  search->add_option("query", search_options->query, "Words, separated by spaces")->required();
  AddFilters(search, *search_options);
  search->add_option("--order", search_options->order, "RELEVANCE (default) or NEWEST");
  session.On(search, [&session, search_options] { return Search(session, *search_options); });

  CLI::App* get = articles->add_subcommand("get", "One article and the figures it states");
  auto id = std::make_shared<std::string>();
  auto revision = std::make_shared<int64_t>(0);
  get->add_option("id", *id, "The article's id or name")->required();
  get->add_option("--revision", *revision, "A revision; default the newest");
  session.On(get, [&session, id, revision] { return Get(session, *id, *revision); });
}

}  // namespace cityinfo::cli
