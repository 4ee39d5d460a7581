#pragma once

#include "absl/status/status.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// The one form every error of the gateway has, whoever found it:
//   {"error":{"code":404,"message":"…","status":"NOT_FOUND","details":[
//     {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"…","domain":"cityinfo"},
//     {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[…]}]}}
// `code` is the HTTP status. What an INTERNAL, UNKNOWN or DATA_LOSS error says is kept from
// clients.
HttpResponse RenderError(const absl::Status& error);

// The same for what HTTP itself refuses.
HttpResponse RenderRejection(const Rejection& rejection);

// 404 for kNotFound, as google.rpc.Code maps them.
int HttpStatusOf(absl::StatusCode code);

// Fields every answer has: its type, and that browsers must believe it.
void SetContentType(absl::string_view type, HttpResponse* response);

}  // namespace cityinfo::gateway
