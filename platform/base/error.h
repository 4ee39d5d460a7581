#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// How a failure is described everywhere inside the platform: an absl::Status whose message is
// written for the person who made the request, plus
//   * a machine-readable reason in UPPER_SNAKE ("ARTICLE_NOT_FOUND"), which becomes the one
//   ErrorInfo,
//   * the request fields that were wrong, which become BadRequest,
//   * a detail for our own logs (SQL text, a driver's message), which never leaves the process.
// They travel as payloads of the status, so they survive every layer that passes the status on.
// platform/rpc maps them to google.rpc.Status and back.
namespace cityinfo::base {

struct FieldViolation {
  std::string field;        // path in the request, "article.publish_date"
  std::string description;  // what is wrong with it

  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

// The message becomes "<field>: <message>", and the field is noted as a violation.
absl::Status InvalidArgument(absl::string_view field, absl::string_view message,
                             absl::string_view reason = "INVALID_FIELD");

// `NotFound("article", "3f9…", "ARTICLE_NOT_FOUND")` reads: article "3f9…" does not exist.
absl::Status NotFound(absl::string_view resource, absl::string_view id,
                      absl::string_view reason = "NOT_FOUND");
absl::Status AlreadyExists(absl::string_view resource, absl::string_view id,
                           absl::string_view reason = "ALREADY_EXISTS");

absl::Status FailedPrecondition(absl::string_view reason, absl::string_view message);
// A concurrent change got there first (an etag mismatch): read again, then retry.
absl::Status Aborted(absl::string_view reason, absl::string_view message);
// Worth retrying with backoff.
absl::Status Unavailable(absl::string_view reason, absl::string_view message);
// A bound was reached: a queue, a quota, a disk.
absl::Status ResourceExhausted(absl::string_view reason, absl::string_view message);
absl::Status DeadlineExceeded(absl::string_view message,
                              absl::string_view reason = "DEADLINE_EXCEEDED");
absl::Status Cancelled(absl::string_view message, absl::string_view reason = "CANCELLED");
absl::Status Unauthenticated(absl::string_view reason, absl::string_view message);
absl::Status PermissionDenied(absl::string_view reason, absl::string_view message);
absl::Status DataLoss(absl::string_view reason, absl::string_view message);
absl::Status Internal(absl::string_view reason, absl::string_view message);
absl::Status Unimplemented(absl::string_view message,
                           absl::string_view reason = "NOT_AVAILABLE_YET");

// For a code that arrives from elsewhere (another service's answer).
absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message);

// The reason given when the status was made; for a bare absl::Status the name of its code
// ("INTERNAL"), so that there is always one; empty for OK.
std::string ErrorReason(const absl::Status& status);

// Names one more field that was wrong. Does nothing to an OK status.
void AddFieldViolation(absl::Status* status, absl::string_view field,
                       absl::string_view description);
std::vector<FieldViolation> FieldViolations(const absl::Status& status);

// Adds a detail for the logs. Unlike the message it may name files, SQL and hosts.
absl::Status WithDetail(absl::Status status, absl::string_view detail);
std::string ErrorDetail(const absl::Status& status);

// One line for a log: "NOT_FOUND: message [REASON] (detail)".
std::string ErrorText(const absl::Status& status);

}  // namespace cityinfo::base
