#pragma once

#include <string>

#include "cli/api_client.h"

namespace cityinfo::cli {

// When an event was, as exactly as it is known: "2021-09-29", "2021-09", "2021",
// "2022-01-03..2022-01-05".
std::string EventDateText(const Json& event);

}  // namespace cityinfo::cli
