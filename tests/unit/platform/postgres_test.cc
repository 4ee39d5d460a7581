// What of the PostgreSQL driver needs no server; tests/integration/postgres has the rest.
#include <atomic>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "platform/database/open.h"
#include "platform/postgres/endpoint.h"
#include "platform/postgres/host_lookup.h"
#include "platform/postgres/parameter_marks.h"
#include "platform/postgres/postgres_error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::postgres {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOkAndHolds;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::Pair;
using testing::StatusIs;

struct Marks {
  const char* sql;
  const char* text;
  int parameters;
};

class ParameterMarks : public ::testing::TestWithParam<Marks> {};

TEST_P(ParameterMarks, BecomeNumbers) {
  const NumberedSql numbered = NumberParameters(GetParam().sql);
  EXPECT_EQ(numbered.text, GetParam().text);
  EXPECT_EQ(numbered.parameters, GetParam().parameters);
}

INSTANTIATE_TEST_SUITE_P(
    Postgres, ParameterMarks,
    ::testing::Values(
        Marks{"SELECT 1", "SELECT 1", 0}, Marks{"", "", 0}, Marks{"?", "$1", 1},
        Marks{"a = ? AND b = ?", "a = $1 AND b = $2", 2}, Marks{"?2 + ?1 + ?2", "$2 + $1 + $2", 2},
        // After ?3 a bare one is the fourth, as in SQLite.
        Marks{"?3, ?, ?1", "$3, $4, $1", 4}, Marks{"?12", "$12", 12},
        // Literals, doubled quotes, backslashes that mean nothing and those that do.
        Marks{"'?' || ?", "'?' || $1", 1}, Marks{"'it''s ?' || ?", "'it''s ?' || $1", 1},
        Marks{R"('\' || ?)", R"('\' || $1)", 1}, Marks{R"(E'\'?' || ?)", R"(E'\'?' || $1)", 1},
        Marks{R"(name'?' || ?)", R"(name'?' || $1)", 1},
        Marks{R"("col?" = ?)", R"("col?" = $1)", 1}, Marks{"'unterminated ?", "'unterminated ?", 0},
        // Comments, nested ones too.
        Marks{"-- why?\n?", "-- why?\n$1", 1}, Marks{"-- why?", "-- why?", 0},
        Marks{"/* ? /* ? */ ? */ ?", "/* ? /* ? */ ? */ $1", 1},
        Marks{"6 / 2 - ? * 1", "6 / 2 - $1 * 1", 1},
        // Dollar quotes.
        Marks{"$$ ? $$ ?", "$$ ? $$ $1", 1}, Marks{"$a$ ? $b$ ? $a$ ?", "$a$ ? $b$ ? $a$ $1", 1},
        Marks{"$ ?", "$ $1", 1}, Marks{"x ~ '凯里?' OR ?", "x ~ '凯里?' OR $1", 1}));

TEST(PostgresError, SaysTheSameAsSqliteDoes) {
  const auto reason = [](const char* sqlstate) {
    return base::ErrorReason(MapError(sqlstate, "words"));
  };
  EXPECT_EQ(reason("23505"), "UNIQUE_VIOLATION");
  EXPECT_EQ(reason("23503"), "CONSTRAINT_VIOLATION");
  EXPECT_EQ(reason("40001"), "WRITE_CONFLICT");
  EXPECT_EQ(reason("40P01"), "WRITE_CONFLICT");
  EXPECT_EQ(reason("57014"), "DEADLINE_EXCEEDED");
  EXPECT_EQ(reason("53100"), "STORE_FULL");
  EXPECT_EQ(reason("25006"), "STORE_READ_ONLY");
  EXPECT_EQ(reason("57P01"), "STORE_UNREACHABLE");
  EXPECT_EQ(reason(""), "STORE_UNREACHABLE");
  EXPECT_EQ(reason("XX001"), "STORE_CORRUPT");
  EXPECT_EQ(reason("XX000"), "STORE_ERROR");
  EXPECT_EQ(reason("42601"), "STORE_ERROR");
  EXPECT_EQ(reason("0A000"), "STORE_ERROR");
  EXPECT_EQ(base::ErrorReason(MapError("0A000", "cached plan must not change result type")),
            "WRITE_CONFLICT");
  const absl::Status status = MapError("23505", "ERROR:  duplicate\n\tKey (id)=(7)\n");
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("7")));
  EXPECT_EQ(base::ErrorDetail(status), "PostgreSQL 23505: ERROR: duplicate Key (id)=(7)");
}

TEST(PostgresError, OnlySomeBreakTheConnection) {
  for (const char* lasting : {"23505", "40001", "57014", "55P03", "42601", "53100"}) {
    EXPECT_FALSE(BreaksConnection(lasting)) << lasting;
  }
  for (const char* breaking : {"", "57P01", "57P03", "08006", "25006", "25P03", "XX001", "26000"}) {
    EXPECT_TRUE(BreaksConnection(breaking)) << breaking;
  }
}

TEST(PostgresEndpoint, IsReadFromTheAddress) {
  const auto endpoint =
      Endpoint::Parse("postgresql://me@10.1.2.3:6432/city?sslmode=verify-full&sslrootcert=/ca.crt");
  ASSERT_OK(endpoint);
  EXPECT_EQ(endpoint->address(), "postgresql://me@10.1.2.3:6432/city");
  const auto login = endpoint->Login(0, absl::InfiniteFuture());
  ASSERT_OK(login);
  for (const auto& pair : Endpoint::Keywords{{"user", "me"},
                                             {"host", "10.1.2.3"},
                                             {"port", "6432"},
                                             {"dbname", "city"},
                                             {"sslmode", "verify-full"},
                                             {"sslrootcert", "/ca.crt"},
                                             {"client_encoding", "UTF8"}}) {
    EXPECT_THAT(*login, Contains(Pair(pair.first, pair.second)));
  }
  EXPECT_EQ(Endpoint::Parse("postgresql:///city?host=/run/pg")->address(),
            "postgresql:///run/pg/city");
}

TEST(PostgresEndpoint, WhatTheAddressSaysComesAfterOurDefaults) {
  const auto login =
      Endpoint::Parse("postgres://10.1.2.3/d?keepalives_idle=5&application_name=mine")
          ->Login(0, absl::InfiniteFuture());
  ASSERT_OK(login);
  std::string last;
  for (const auto& [name, value] : *login) {
    if (name == "keepalives_idle") last = value;
  }
  EXPECT_EQ(last, "5") << "libpq takes the last of several";
}

TEST(PostgresEndpoint, ThePasswordComesFromItsFileWithoutTheLinesEnd) {
  const testing::TempDir folder;
  for (const char* content : {"pass word", "pass word\n", "pass word\r\n"}) {
    const auto endpoint =
        Endpoint::Parse("postgresql://10.1.2.3/d", folder.Write("password", content));
    EXPECT_THAT(*endpoint->Login(0, absl::InfiniteFuture()),
                Contains(Pair("password", "pass word")));
  }
  for (const char* content : {"", "\n", "two\nlines\n"}) {
    EXPECT_THAT(Endpoint::Parse("postgresql://10.1.2.3/d", folder.Write("password", content))
                    ->Login(0, absl::InfiniteFuture()),
                StatusIs(absl::StatusCode::kUnavailable));
  }
}

TEST(PostgresEndpoint, SeveralHostsAreTriedEachForItself) {
  const auto endpoint = Endpoint::Parse("postgresql://me@10.0.0.1:1,localhost:2/d");
  ASSERT_EQ(endpoint->hosts(), 2);
  const auto first = endpoint->Login(0, absl::InfiniteFuture());
  const auto second = endpoint->Login(1, absl::InfiniteFuture());
  EXPECT_THAT(*first, IsSupersetOf(Endpoint::Keywords{{"host", "10.0.0.1"}, {"port", "1"}}));
  EXPECT_THAT(*second, IsSupersetOf(Endpoint::Keywords{{"user", "me"}, {"port", "2"}}));
  EXPECT_THAT(*second, Contains(Pair("hostaddr", HasSubstr("127.0.0.1"))))
      << "libpq would look the name up, however long that takes";
  const auto one_port = Endpoint::Parse("postgresql:///d?host=/a,/b&port=7");
  ASSERT_EQ(one_port->hosts(), 2);
  EXPECT_THAT(*one_port->Login(1, absl::InfiniteFuture()),
              IsSupersetOf(Endpoint::Keywords{{"host", "/b"}, {"port", "7"}}));
  const auto mismatch = Endpoint::Parse("postgresql:///d?host=/a,/b,/c&port=7,8");
  ASSERT_EQ(mismatch->hosts(), 1);
  EXPECT_THAT(*mismatch->Login(0, absl::InfiniteFuture()),
              IsSupersetOf(Endpoint::Keywords{{"host", "/a,/b,/c"}, {"port", "7,8"}}))
      << "libpq refuses it in its own words";
}

TEST(PostgresHostLookup, HoldsNobodyBeyondTheDeadlineAndAsksOnceAtATime) {
  absl::Notification may_answer;
  std::atomic<int> asked = 0;
  HostLookup lookup("db.test", [&](const std::string& host) -> HostLookup::Addresses {
    EXPECT_EQ(host, "db.test");
    ++asked;
    may_answer.WaitForNotification();
    return std::vector<std::string>{"10.0.0.1", "10.0.0.2"};
  });
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(lookup.Find(absl::Now() + absl::Milliseconds(10)),
                StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_EQ(asked, 1);
  may_answer.Notify();
  EXPECT_THAT(lookup.Find(absl::InfiniteFuture()),
              IsOkAndHolds(ElementsAre("10.0.0.1", "10.0.0.2")));
  const int before = asked;
  EXPECT_OK(lookup.Find(absl::InfiniteFuture()));
  EXPECT_EQ(asked, before + 1) << "addresses change, so the next one asks anew";
}

TEST(PostgresHostLookup, KnowsWhatIsNoName) {
  EXPECT_TRUE(HostLookup::IsNumeric("127.0.0.1"));
  EXPECT_TRUE(HostLookup::IsNumeric("::1"));
  EXPECT_FALSE(HostLookup::IsNumeric("localhost"));
  EXPECT_THAT(HostLookup::AskSystem("localhost"), IsOkAndHolds(Contains("127.0.0.1")));
}

TEST(Database, SqliteIsNotOfferedWhatItHasNot) {
  const testing::TempDir folder;
  const database::Schema schema = {.name = "notes", .sqlite = {}, .postgres = {}};
  const std::string store = "sqlite:" + folder.File("city.db");
  const auto refusal = [&](const database::Options& options) {
    return database::Open(options, schema).status();
  };
  EXPECT_THAT(refusal({.store = store, .standby = "postgresql://h/d"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--store-standby")));
  EXPECT_THAT(refusal({.store = store, .password_file = "/x"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--store-password-file")));
  EXPECT_THAT(refusal({.store = "sqlite:"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("names no file")));
  EXPECT_THAT(refusal({.store = store, .connections = 0}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--store-connections")));
  EXPECT_THAT(refusal({.store = "city.db"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("sqlite:PATH")));
  const auto opened = database::Open({.store = store}, schema);
  ASSERT_OK(opened);
  EXPECT_EQ((*opened)->address(), store);
}

}  // namespace
}  // namespace cityinfo::postgres
