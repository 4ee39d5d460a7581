// cityctl articles ...: what its commands share.
#include <algorithm>
#include <cstdio>

#include "cli/commands/article_commands.h"

namespace cityinfo::cli {

Query ArticleFilters::ToQuery() const {
  return {{"section", section},
          {"tag", tag},
          {"publication", publication},
          {"place", place},
          {"page", page},
          {"publish_date_from", from},
          {"publish_date_to", to},
          {"page_size", std::to_string(std::min<size_t>(limit, 200))}};
}

void AddFilters(CLI::App* command, ArticleFilters& filters) {
  command->add_option("--section", filters.section, "Only this section");
  command->add_option("--tag", filters.tag, "Only with this tag");
  command->add_option("--publication", filters.publication, "Only of this newspaper");
  command->add_option("--place", filters.place, "Only of this place (code)");
  command->add_option("--page", filters.page, "Only of the page with this label (B2)");
  command->add_option("--from", filters.from, "Printed on this day or later (2021-12-20)");
  command->add_option("--to", filters.to, "Printed on this day or earlier");
  command->add_option("--limit", filters.limit, "At most this many")->check(CLI::Range(1, 100000));
}

bool PrintedAsJson(const Session& session, const Json& answer) {
  if (session.json) std::printf("%s\n", answer.dump(2).c_str());
  return session.json;
}

void AddArticleCommands(CLI::App& app, Session& session) {
  CLI::App* articles = app.add_subcommand("articles", "Find, read and publish articles");
  articles->require_subcommand(1);
  AddArticleReadingCommands(*articles, session);
  AddArticleSearchCommands(*articles, session);
  AddArticleLifecycleCommands(*articles, session);
  AddArticleHistoryCommands(*articles, session);
  AddArticleExportCommand(*articles, session);
}

}  // namespace cityinfo::cli
