// Figures and their reviews as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/api_client.h"
#include "cli/table.h"

namespace cityinfo::cli {

// "0a1b…" or "figures/0a1b…" as "/v1/figures/0a1b…". INVALID_ARGUMENT when it is neither.
absl::StatusOr<std::string> FigurePath(const std::string& name);

// What "--amend indicator=gdp period=2020" says, as the API has it. INVALID_ARGUMENT for what is no
// field=value, for a field that cannot be amended, and for one given twice.
absl::StatusOr<Json> AmendmentFromFields(const std::vector<std::string>& fields);

// A list of figures: name, what was read, how sure, what was said of it, the sentence.
Table FigureTable(const Json& figures);

// One figure after a review, a line each for what it says, what had been read, and the word.
//   figures/0a1b…  AMENDED  gdp 522601 LEVEL ACTUAL 2020 28176000000 元
//     read        gdp 522601 LEVEL ACTUAL 2021 28176000000 元
//     by          lin  2026-11-24T08:00:00Z  看错了年份
std::string FigureText(const Json& figure);

// The vintages of one observation: what each said, from where, and why it gave its place.
Table VintageTable(const Json& vintages);

}  // namespace cityinfo::cli
