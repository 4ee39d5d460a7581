#pragma once

#include <string>

namespace cityinfo::telemetry {

// What this program was built from: the project's version ("0.1.0") and the commit ("1a2b3c4d5e6f",
// with "-dirty" when files differed from it; "unknown" outside a checkout).
std::string Version();
std::string Commit();

}  // namespace cityinfo::telemetry
