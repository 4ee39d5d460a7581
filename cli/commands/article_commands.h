// The commands below `cityctl articles`, by what they are for, and what they share.
#pragma once

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "cli/session.h"

namespace cityinfo::cli {

// Filters of lists and searches. The gateway says what is wrong with them.
struct ArticleFilters {
  std::string section, tag, publication, place, page, from, to;
  size_t limit = 20;

  Query ToQuery() const;
};

void AddFilters(CLI::App* command, ArticleFilters& filters);

// Prints the answer as JSON when the user wants that; false: the command prints its own.
bool PrintedAsJson(const Session& session, const Json& answer);

// list, get
void AddArticleReadingCommands(CLI::App& articles, Session& session);
// search, suggest, related
void AddArticleSearchCommands(CLI::App& articles, Session& session);
// publish, unpublish, delete, undelete
void AddArticleLifecycleCommands(CLI::App& articles, Session& session);
// revisions, diff, rollback
void AddArticleHistoryCommands(CLI::App& articles, Session& session);
// export
void AddArticleExportCommand(CLI::App& articles, Session& session);

}  // namespace cityinfo::cli
