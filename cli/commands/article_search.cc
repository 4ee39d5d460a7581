// cityctl articles search|suggest|related.
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "cli/article_text.h"
#include "cli/commands/article_commands.h"
#include "cli/input.h"
#include "cli/table.h"

namespace cityinfo::cli {
namespace {

Marks OnThisTerminal() { return BoldOn(isatty(STDOUT_FILENO) != 0); }

absl::Status Search(Session& session, const std::string& words, const std::string& order,
                    const ArticleFilters& filters) {
  Query query = filters.ToQuery();
  query.emplace_back("query", words);
  query.emplace_back("order", order);
  auto found = session.api().GetAll("/v1/articles:search", query, "results", filters.limit);
  if (!found.ok()) return found.status();
  if (PrintedAsJson(session, *found)) return absl::OkStatus();
  for (const Json& result : (*found)["results"]) {
    std::printf("%s", ResultText(result, OnThisTerminal()).c_str());
  }
  std::printf("%s", SearchSummaryText(*found).c_str());
  return absl::OkStatus();
}

absl::Status Suggest(Session& session, const std::string& prefix, int limit) {
  auto answer = session.api().Get("/v1/articles:suggest",
                                  {{"prefix", prefix}, {"page_size", std::to_string(limit)}});
  if (!answer.ok()) return answer.status();
  if (PrintedAsJson(session, *answer)) return absl::OkStatus();
  for (const Json& suggestion : answer->value("suggestions", Json::array())) {
    const std::string marked = MarkSpans(suggestion.value("text", ""),
                                         SpansFromJson(suggestion, "spans"), OnThisTerminal());
    const std::string article = suggestion.value("article", "");
    std::printf("%-9s  %s%s%s\n", suggestion.value("kind", "").c_str(), marked.c_str(),
                article.empty() ? "" : "  ", article.c_str());
  }
  if (answer->value("suggestions", Json::array()).empty()) std::printf("no suggestions\n");
  return absl::OkStatus();
}

absl::Status Related(Session& session, const std::string& id, int limit) {
  auto path = ArticlePath(id);
  if (!path.ok()) return path.status();
  auto answer = session.api().Get(*path + "/related", {{"page_size", std::to_string(limit)}});
  if (!answer.ok()) return answer.status();
  if (PrintedAsJson(session, *answer)) return absl::OkStatus();
  Table table({"ID", "DATE", "PAGE", "TITLE"});
  for (const Json& article : answer->value("articles", Json::array())) {
    table.AddRow({article.value("id", ""), DateFromJson(article, "publishDate"),
                  article.value("page", ""), article.value("title", "")});
  }
  std::printf("%s", table.empty() ? "no related articles\n" : table.ToString(60).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddArticleSearchCommands(CLI::App& articles, Session& session) {
  CLI::App* search = articles.add_subcommand(
      "search", "Articles that hold every word; \"-word\" without, quotes for an exact phrase");
  auto words = std::make_shared<std::string>();
  auto order = std::make_shared<std::string>();
  auto filters = std::make_shared<ArticleFilters>();
  search->add_option("query", *words, "Words, separated by spaces")->required();
  AddFilters(search, *filters);
  search->add_option("--order", *order, "RELEVANCE (default) or NEWEST");
  session.On(search, [&session, words, order, filters] {
    return Search(session, *words, *order, *filters);
  });

  CLI::App* suggest = articles.add_subcommand("suggest", "What a search may be going to be");
  auto prefix = std::make_shared<std::string>();
  auto suggestions = std::make_shared<int>(8);
  suggest->add_option("prefix", *prefix, "What was typed so far")->required();
  suggest->add_option("--limit", *suggestions, "At most this many")->check(CLI::Range(1, 20));
  session.On(suggest,
             [&session, prefix, suggestions] { return Suggest(session, *prefix, *suggestions); });

  CLI::App* related = articles.add_subcommand("related", "Articles that speak of the same");
  auto id = std::make_shared<std::string>();
  auto most = std::make_shared<int>(5);
  related->add_option("id", *id, "The article's id or name")->required();
  related->add_option("--limit", *most, "At most this many")->check(CLI::Range(1, 50));
  session.On(related, [&session, id, most] { return Related(session, *id, *most); });
}

}  // namespace cityinfo::cli
