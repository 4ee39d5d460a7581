#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// Status line and fields of an answer, ready to be sent before its body.
std::string RenderResponseHead(const HttpResponse& response, bool keep_alive, absl::Time now);

// Whether an answer with this status has a body on the wire at all.
bool StatusHasBody(int http_status);

}  // namespace cityinfo::gateway
