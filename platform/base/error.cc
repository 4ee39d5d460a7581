#include "platform/base/error.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace cityinfo::base {
namespace {

constexpr char kReasonPayload[] = "cityinfo/reason";
constexpr char kFieldsPayload[] = "cityinfo/fields";
constexpr char kDetailPayload[] = "cityinfo/detail";
// Between field and description, and after each pair. Control characters never occur in a field
// path; in a description they are replaced when it is added.
constexpr char kUnit = '\x1f';
constexpr char kRecord = '\x1e';

std::string Payload(const absl::Status& status, const char* type) {
  const absl::optional<absl::Cord> payload = status.GetPayload(type);
  return payload.has_value() ? std::string(*payload) : std::string();
}

std::string WithoutSeparators(absl::string_view text) {
  std::string clean(text);
  for (char& byte : clean) {
    if (byte == kUnit || byte == kRecord) byte = ' ';
  }
  return clean;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message) {
  absl::Status status(code, message);
  status.SetPayload(kReasonPayload, absl::Cord(reason));
  return status;
}

absl::Status InvalidArgument(absl::string_view field, absl::string_view message,
                             absl::string_view reason) {
  absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, reason, absl::StrCat(field, ": ", message));
  AddFieldViolation(&status, field, message);
  return status;
}

absl::Status NotFound(absl::string_view resource, absl::string_view id, absl::string_view reason) {
  return MakeError(absl::StatusCode::kNotFound, reason,
                   absl::StrCat(resource, " \"", id, "\" does not exist"));
}

absl::Status AlreadyExists(absl::string_view resource, absl::string_view id,
                           absl::string_view reason) {
  return MakeError(absl::StatusCode::kAlreadyExists, reason,
                   absl::StrCat(resource, " \"", id, "\" exists already"));
}

absl::Status FailedPrecondition(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kFailedPrecondition, reason, message);
}

absl::Status Aborted(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kAborted, reason, message);
}

absl::Status Unavailable(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kUnavailable, reason, message);
}

absl::Status ResourceExhausted(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kResourceExhausted, reason, message);
}

absl::Status DeadlineExceeded(absl::string_view message, absl::string_view reason) {
  return MakeError(absl::StatusCode::kDeadlineExceeded, reason, message);
}

absl::Status Cancelled(absl::string_view message, absl::string_view reason) {
  return MakeError(absl::StatusCode::kCancelled, reason, message);
}

absl::Status Unauthenticated(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status PermissionDenied(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kPermissionDenied, reason, message);
}

absl::Status DataLoss(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kDataLoss, reason, message);
}

absl::Status Internal(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kInternal, reason, message);
}

absl::Status Unimplemented(absl::string_view message, absl::string_view reason) {
  return MakeError(absl::StatusCode::kUnimplemented, reason, message);
}

std::string ErrorReason(const absl::Status& status) {
  if (status.ok()) return "";
  std::string reason = Payload(status, kReasonPayload);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

void AddFieldViolation(absl::Status* status, absl::string_view field,
                       absl::string_view description) {
  if (status->ok()) return;
  std::string fields = Payload(*status, kFieldsPayload);
  absl::StrAppend(&fields, WithoutSeparators(field), absl::string_view(&kUnit, 1),
                  WithoutSeparators(description), absl::string_view(&kRecord, 1));
  status->SetPayload(kFieldsPayload, absl::Cord(fields));
}

std::vector<FieldViolation> FieldViolations(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  const std::string fields = Payload(status, kFieldsPayload);
  for (absl::string_view record : absl::StrSplit(fields, kRecord, absl::SkipEmpty())) {
    const std::pair<std::string, std::string> pair =
        absl::StrSplit(record, absl::MaxSplits(kUnit, 1));
    violations.push_back({.field = pair.first, .description = pair.second});
  }
  return violations;
}

absl::Status WithDetail(absl::Status status, absl::string_view detail) {
  if (!status.ok()) status.SetPayload(kDetailPayload, absl::Cord(detail));
  return status;
}

std::string ErrorDetail(const absl::Status& status) { return Payload(status, kDetailPayload); }

std::string ErrorText(const absl::Status& status) {
  if (status.ok()) return "OK";
  std::string text = absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message(),
                                  " [", ErrorReason(status), "]");
  const std::string detail = ErrorDetail(status);
  if (!detail.empty()) absl::StrAppend(&text, " (", detail, ")");
  return text;
}

}  // namespace cityinfo::base
