#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "services/articles/domain/article_store.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/support/postgres_server.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {

inline absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// The PostgreSQL that tests share which leave it as they found it; started by the first of them.
// Fails the test and returns null when it cannot be.
testing::PostgresServer* SharedServer();

// A store as a replica of the service has it, with a pool of its own; fails the test and returns
// null when it cannot be opened. `standby` may be empty.
std::unique_ptr<ArticleStore> OpenReplica(const std::string& url, const std::string& standby = "");

// Stores what must be storable.
Article Publish(ArticleStore& store, int number);

// A page of `articles` articles, all its own words made of `number`.
PageImport SamplePage(int number, int articles);

// EXPECT_THAT(result, HasReason("ETAG_MISMATCH"));
MATCHER_P(HasReason, reason, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << "which is " << base::ErrorText(status);
  return !status.ok() && base::ErrorReason(status) == reason;
}

}  // namespace cityinfo::articles
