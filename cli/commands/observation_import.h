#pragma once

#include "cli/session.h"

namespace cityinfo::cli {

// Adds "observations" to `import`.
void AddObservationImportCommand(CLI::App* import, Session& session);

}  // namespace cityinfo::cli
