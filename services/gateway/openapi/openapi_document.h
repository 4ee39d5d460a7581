#pragma once

#include <nlohmann/json.hpp>

#include "services/gateway/openapi/contract_comments.h"
#include "services/gateway/routes/route_table.h"

namespace cityinfo::gateway {

// The OpenAPI 3.1 document of these routes: what anyone may ask for over HTTP, in the words of the
// contract. A pure function; the same contract gives the same bytes.
nlohmann::ordered_json MakeOpenApi(const RouteTable& routes, const ContractComments& comments);

}  // namespace cityinfo::gateway
