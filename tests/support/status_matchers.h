#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace cityinfo::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// EXPECT_THAT(DoIt(), IsOk());
MATCHER(IsOk, negation ? "is an error" : "is OK") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// EXPECT_THAT(Parse("x"), StatusIs(absl::StatusCode::kInvalidArgument));
MATCHER_P(StatusIs, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// EXPECT_THAT(Parse("x"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a date")));
MATCHER_P2(StatusIs, code, message_matcher,
           "has the code " + absl::StatusCodeToString(code) + " and a message that matches") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         ::testing::Matches(message_matcher)(std::string(StatusOf(arg).message()));
}

// EXPECT_THAT(Load(), IsOkAndHolds(Eq(3)));
MATCHER_P(IsOkAndHolds, value_matcher, "is OK and holds a value that matches") {
  if (!arg.ok()) {
    *result_listener << "which is " << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(value_matcher, *arg, result_listener);
}

}  // namespace cityinfo::testing

#define EXPECT_OK(expression) EXPECT_THAT(expression, ::cityinfo::testing::IsOk())
#define ASSERT_OK(expression) ASSERT_THAT(expression, ::cityinfo::testing::IsOk())

#define CITYINFO_TEST_CONCAT_INNER(a, b) a##b
#define CITYINFO_TEST_CONCAT(a, b) CITYINFO_TEST_CONCAT_INNER(a, b)

// ASSERT_OK_AND_ASSIGN(auto store, Store::Open(path));  For test bodies and void helpers.
#define ASSERT_OK_AND_ASSIGN(declaration, expression) \
  CITYINFO_ASSERT_OK_AND_ASSIGN(CITYINFO_TEST_CONCAT(result_, __LINE__), declaration, expression)
#define CITYINFO_ASSERT_OK_AND_ASSIGN(result, declaration, expression) \
  auto result = (expression);                                          \
  ASSERT_TRUE(result.ok()) << result.status().ToString();              \
  declaration = *std::move(result)
