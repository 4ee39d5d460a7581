#pragma once

#include <string>

#include "cityinfo/metrics/v1/observation.pb.h"

namespace cityinfo::gateway {

// Observations as a table for people and their tools: RFC 4180 in UTF-8 without a byte order mark,
// one column per field of the message under its name, and of the citations the first (the best) in
// columns of its own with how many there are. Numbers stand as the API gives them; texts that
// others wrote are protected from running as formulas (CsvRow::AddText). An absent value is an
// empty field.
void WriteCsvHeader(std::string& out);
void WriteCsvRow(const metrics::v1::Observation& observation, std::string& out);

}  // namespace cityinfo::gateway
