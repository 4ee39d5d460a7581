#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/gateway/routes/route_table.h"

namespace cityinfo::gateway {

// Makes a method's request message of an HTTP request: the body first, then what the path binds,
// then the query for what is left. A PATCH without an update_mask gets one that names the members
// its body has, apart from the resource's name and etag. INVALID_ARGUMENT names the field and says
// why.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> TranscodeRequest(
    const Route& route, const std::vector<PathBinding>& bindings, absl::string_view query,
    absl::string_view body);

}  // namespace cityinfo::gateway
