#pragma once

#include <vector>

#include "platform/sqlite/migration.h"

namespace cityinfo::articles {

// The history of the article store's SQLite schema. Released steps never change.
std::vector<sqlite::Migration> ArticleMigrations();

}  // namespace cityinfo::articles
