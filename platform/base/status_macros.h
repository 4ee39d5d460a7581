#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The two lines that functions returning absl::Status or absl::StatusOr write most often.
//
//   CITY_RETURN_IF_ERROR(connection.Run("DELETE FROM changes"));
//   CITY_ASSIGN_OR_RETURN(Article article, store.Get(id));
//
// Each returns the status from the enclosing function, payloads (reason, fields) included.

#define CITY_RETURN_IF_ERROR(expression)       \
  do {                                         \
    absl::Status city_status = (expression);   \
    if (!city_status.ok()) return city_status; \
  } while (false)

// `declaration` must not contain a comma outside parentheses.
#define CITY_ASSIGN_OR_RETURN(declaration, expression) \
  CITY_ASSIGN_OR_RETURN_NAMED(CITY_STATUS_CONCAT(city_result_, __LINE__), declaration, expression)

#define CITY_ASSIGN_OR_RETURN_NAMED(result, declaration, expression) \
  auto result = (expression);                                        \
  if (!result.ok()) return std::move(result).status();               \
  declaration = *std::move(result)

#define CITY_STATUS_CONCAT(a, b) CITY_STATUS_CONCAT_INNER(a, b)
#define CITY_STATUS_CONCAT_INNER(a, b) a##b
