// The parts of `cityctl figures` and `cityctl observations` that have files of their own.
#pragma once

#include "CLI/CLI.hpp"
#include "cli/session.h"

namespace cityinfo::cli {

// figures review.
void AddFigureReviewCommand(CLI::App& figures, Session& session);

// observations vintages.
void AddVintagesCommand(CLI::App& observations, Session& session);

}  // namespace cityinfo::cli
