#pragma once

#include <vector>

#include "platform/sql/migration.h"

// The history of the article store's schema in each dialect. Released steps never change. Times are
// microseconds and days are days since 1970-01-01.
namespace cityinfo::articles {

std::vector<sql::Migration> SqliteMigrations();
std::vector<sql::Migration> PostgresMigrations();

}  // namespace cityinfo::articles
