#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace cityinfo::gateway {

// An OpenAPI document as one page of HTML that people read: no script, nothing from elsewhere.
// A pure function.
std::string MakeReferencePage(const nlohmann::ordered_json& openapi);

}  // namespace cityinfo::gateway
