#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "platform/postgres/database.h"
#include "tests/support/postgres_server.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::postgres {

// EXPECT_THAT(status, HasReason("STORE_BUSY"));
MATCHER_P(HasReason, reason, std::string("has the reason ") + reason) {
  *result_listener << "which is " << base::ErrorText(testing::StatusOf(arg));
  return base::ErrorReason(testing::StatusOf(arg)) == reason;
}

inline const std::vector<sql::Migration>& NoteSchema() {
  static const auto* const schema = new std::vector<sql::Migration>{
      {"create notes",
       R"(CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT COLLATE "C" UNIQUE,
                             size DOUBLE PRECISION, raw BYTEA))"},
      {"create links",
       "CREATE TABLE link (note BIGINT NOT NULL REFERENCES note(id));"
       "CREATE INDEX link_note ON link(note)"}};
  return *schema;
}

inline Database::Options OptionsFor(const std::string& url) {
  return {.primary = *Endpoint::Parse(url),
          .schema = "notes",
          .connections = 4,
          .max_wait = absl::Seconds(10),
          .migrations = NoteSchema()};
}

inline std::unique_ptr<Database> MustOpen(Database::Options options) {
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(std::move(options));
  EXPECT_TRUE(database.ok()) << base::ErrorText(database.status());
  return *std::move(database);
}

inline int64_t Count(Database& database) {
  return *(*database.Read())->QueryInt64("SELECT count(*) FROM note");
}

// A database of its own for each test, on one server for the whole binary.
class PostgresTest : public ::testing::Test {
 protected:
  static testing::PostgresServer& Server() {
    static const auto server = testing::PostgresServer::Start();
    EXPECT_OK(server);
    return **server;
  }

  PostgresTest() : url_(*Server().NewDatabase()) {}

  std::unique_ptr<Database> Open() const { return MustOpen(OptionsFor(url_)); }

  // The text of one value, asked outside of our driver.
  std::string Ask(const std::string& sql) const {
    const auto answer = Server().Query(url_, sql);
    EXPECT_OK(answer);
    return answer.value_or("");
  }

  const std::string url_;
};

// A server of its own, for tests that stop it.
class PostgresFaultTest : public ::testing::Test {
 protected:
  explicit PostgresFaultTest(std::vector<std::string> settings = {})
      : server_(*testing::PostgresServer::Start({.settings = std::move(settings)})),
        url_(*server_->NewDatabase()) {}

  const std::unique_ptr<testing::PostgresServer> server_;
  const std::string url_;
};

}  // namespace cityinfo::postgres
