#pragma once

#include "cli/session.h"

namespace cityinfo::cli {

// Adds `articles` to `cityctl import`. `session` must outlive the parsing.
void AddArticleImportCommand(CLI::App* import, Session& session);

}  // namespace cityinfo::cli
