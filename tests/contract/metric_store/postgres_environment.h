#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/postgres_server.h"

namespace cityinfo::metrics {

// The PostgreSQL of a test binary: started once, before the first test.
class PostgresEnvironment final : public ::testing::Environment {
 public:
  static testing::PostgresServer& Server() { return *server_; }

  void SetUp() override {
    absl::StatusOr<std::unique_ptr<testing::PostgresServer>> server =
        testing::PostgresServer::Start();
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  void TearDown() override { server_ = nullptr; }

 private:
  static inline std::unique_ptr<testing::PostgresServer> server_;
};

}  // namespace cityinfo::metrics
