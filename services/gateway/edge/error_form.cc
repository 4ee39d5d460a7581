#include "services/gateway/edge/error_form.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/json_text.h"

namespace cityinfo::gateway {
namespace {

struct ErrorParts {
  int http_status;
  std::string status;
  std::string reason;
  std::string message;
  std::vector<base::FieldViolation> violations;
};

void AppendMember(absl::string_view key, absl::string_view value, std::string* json) {
  absl::StrAppend(json, "\"", key, "\":");
  base::AppendJsonString(value, json);
}

std::string ErrorJson(const ErrorParts& parts) {
  std::string json = absl::StrCat("{\"error\":{\"code\":", parts.http_status, ",");
  AppendMember("message", parts.message, &json);
  json += ',';
  AppendMember("status", parts.status, &json);
  json += ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",";
  AppendMember("reason", parts.reason, &json);
  json += ",\"domain\":\"cityinfo\"}";
  if (!parts.violations.empty()) {
    json += ",{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":[";
    for (const base::FieldViolation& violation : parts.violations) {
      json += json.back() == '[' ? "{" : ",{";
      AppendMember("field", violation.field, &json);
      json += ',';
      AppendMember("description", violation.description, &json);
      json += '}';
    }
    json += "]}";
  }
  json += "]}}\n";
  return json;
}

HttpResponse Render(const ErrorParts& parts) {
  HttpResponse response{.status = parts.http_status};
  SetContentType("application/json; charset=utf-8", &response);
  response.Set("cache-control", "no-store");
  if (parts.http_status == 503 || parts.http_status == 429) response.Set("retry-after", "1");
  if (parts.http_status == 401) {
    response.Set("www-authenticate", parts.reason == "MISSING_KEY"
                                         ? "Bearer realm=\"cityinfo\""
                                         : "Bearer realm=\"cityinfo\", error=\"invalid_token\"");
  }
  response.body = std::make_shared<const std::string>(ErrorJson(parts));
  return response;
}

absl::string_view StatusNameOf(int http_status) {
  switch (http_status) {
    case 404:
      return "NOT_FOUND";
    case 408:
      return "DEADLINE_EXCEEDED";
    case 405:
    case 501:
    case 505:
      return "UNIMPLEMENTED";
    case 500:
      return "INTERNAL";
    case 503:
      return "UNAVAILABLE";
    default:
      return "INVALID_ARGUMENT";
  }
}

bool IsOurFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

}  // namespace

int HttpStatusOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

HttpResponse RenderError(const absl::Status& error) {
  const bool hidden = IsOurFault(error.code());
  return Render(
      {.http_status = HttpStatusOf(error.code()),
       .status = absl::StatusCodeToString(error.code()),
       .reason = base::ErrorReason(error),
       .message = hidden ? "something went wrong on our side" : std::string(error.message()),
       .violations = base::FieldViolations(error)});
}

HttpResponse RenderRejection(const Rejection& rejection) {
  ErrorParts parts = {.http_status = rejection.http_status,
                      .status = std::string(StatusNameOf(rejection.http_status)),
                      .reason = rejection.reason,
                      .message = rejection.message,
                      .violations = {}};
  if (!rejection.field.empty()) parts.violations = {{rejection.field, rejection.message}};
  return Render(parts);
}

void SetContentType(absl::string_view type, HttpResponse* response) {
  response->Set("content-type", type);
  response->Set("x-content-type-options", "nosniff");
}

}  // namespace cityinfo::gateway
