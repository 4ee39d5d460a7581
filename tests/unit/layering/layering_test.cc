#include "tests/unit/layering/layering.h"

#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cityinfo::layering {
namespace {

using testing::HasSubstr;
using testing::Optional;

std::string SourceDir() {
  const char* dir = std::getenv("CITYINFO_SOURCE_DIR");
  return dir ? dir : ".";
}

TEST(Layering, EveryIncludeKeepsTheRules) {
  const IncludeGraph graph = ReadIncludes(SourceDir());
  ASSERT_GT(graph.size(), 50u) << "the checkout was not found; set CITYINFO_SOURCE_DIR";
  for (const auto& [from, includes] : graph) {
    for (const auto& to : includes) {
      const auto broken = BrokenRule(from, to);
      EXPECT_FALSE(broken) << from << " includes " << to << ": " << *broken;
    }
  }
}

TEST(Layering, NoFileAndNoRoomStandsInACircle) {
  const IncludeGraph graph = ReadIncludes(SourceDir());
  EXPECT_EQ(FindCircle(graph), std::nullopt);
  EXPECT_EQ(FindCircle(RoomsOf(graph)), std::nullopt);
}

struct Case {
  const char* from;
  const char* to;
  const char* why;  // empty: allowed
};

class Rules : public testing::TestWithParam<Case> {};

TEST_P(Rules, AreKnown) {
  const auto& [from, to, why] = GetParam();
  if (*why == '\0') {
    EXPECT_EQ(BrokenRule(from, to), std::nullopt);
  } else {
    EXPECT_THAT(BrokenRule(from, to), Optional(HasSubstr(why)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Layering, Rules,
    testing::Values(
        Case{"services/articles/domain/article.h", "platform/base/date.h", ""},
        Case{"services/articles/domain/article.h", "platform/sqlite/database.h", "pure"},
        Case{"services/articles/domain/article.h", "<grpcpp/grpcpp.h>", "pure"},
        Case{"services/articles/domain/article.h", "cityinfo/articles/v1/article.pb.h", "pure"},
        Case{"services/articles/domain/article.h", "services/articles/storage/store.h",
             "no adapter"},
        Case{"services/articles/storage/store.cc", "services/articles/domain/article.h", ""},
        Case{"services/articles/storage/store.cc", "platform/sql/database.h", ""},
        Case{"services/articles/storage/store.cc", "platform/database/open.h", ""},
        Case{"services/articles/storage/store.cc", "platform/sqlite/database.h", "once for every"},
        Case{"services/articles/storage/store.cc", "platform/postgres/link.h", "once for every"},
        Case{"services/articles/search/index.cc", "platform/sqlite/connection.h", ""},
        Case{"services/articles/search/index.cc", "platform/postgres/link.h", "once for every"},
        Case{"services/articles/search/index.cc", "services/articles/storage/store.h", "app.cc"},
        Case{"services/articles/main.cc", "platform/sqlite/backup.h", ""},
        Case{"services/articles/storage/store.cc", "cityinfo/articles/v1/article.pb.h", "protos"},
        Case{"services/articles/rpc/handlers.cc", "services/articles/storage/store.h", "app.cc"},
        Case{"services/articles/rpc/handlers.cc", "platform/sqlite/database.h", "SQL"},
        Case{"services/articles/rpc/handlers.cc", "platform/sql/connection.h", "SQL"},
        Case{"services/articles/rpc/handlers.cc", "services/articles/app.h", "only main and app"},
        Case{"services/articles/app.cc", "services/articles/storage/store.h", ""},
        Case{"services/articles/app.cc", "platform/host/process.h", ""},
        Case{"services/articles/rpc/handlers.cc", "platform/host/process.h",
             "main, app and config"},
        Case{"services/metrics/harvest/harvester.cc", "services/articles/domain/article.h",
             "another service"},
        Case{"services/metrics/rpc/handlers.cc", "platform/redis/client.h", "Redis"},
        Case{"platform/rpc/server.h", "services/articles/app.h", "knows no service"},
        Case{"platform/rpc/server.h", "cityinfo/articles/v1/article.pb.h", "knows no service"},
        Case{"cli/main.cc", "services/articles/domain/article.h", "public API"}));

TEST(Layering, ACircleIsFound) {
  EXPECT_EQ(FindCircle({{"a", {"b"}}, {"b", {"c"}}, {"c", {}}}), std::nullopt);
  EXPECT_THAT(FindCircle({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}),
              Optional(HasSubstr("b -> c -> b")));
}

}  // namespace
}  // namespace cityinfo::layering
