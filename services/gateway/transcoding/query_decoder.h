#pragma once

#include <google/protobuf/message.h>

#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Why a query may not set a field; empty when it may. Gets the first step of the field's path, by
// its name in the proto.
using ReservedField = std::function<absl::string_view(absl::string_view first_step)>;

// Sets fields of `message` from a query string, still percent-encoded:
//   page_size=20&state=DRAFT&indicators=gdp&indicators=retail_sales&as_of=2021-12-20T00:00:00Z
//   publish_date_from=2021-12-20        (google.type.Date in short)
//   publish_date_from.year=2021         (or by its parts)
//   units=pc1                           (names of enum values in any case)
// A repeated field takes one value per parameter; any other may be given once. INVALID_ARGUMENT
// names the parameter.
absl::Status DecodeQuery(absl::string_view query, const ReservedField& reserved,
                         google::protobuf::Message* message);

}  // namespace cityinfo::gateway
