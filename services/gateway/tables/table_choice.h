#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/gateway/http/message.h"
#include "services/gateway/tables/table_format.h"

namespace cityinfo::gateway {

// In which form a request wants observations.
struct TableChoice {
  const TableFormat* format = nullptr;  // null: JSON
  bool by_parameter = false;            // ?format= said so, as links in browsers do
  bool acceptable = true;               // false: nothing the Accept header names can be had
  std::string query;                    // of the request, still percent-encoded, without `format`
};

// ?format=json, csv or sdmx-csv decides; without it the Accept header: the form of the highest
// quality wins, of equals the one named more exactly, then JSON before CSV before SDMX-CSV. The
// media types are application/json, text/csv (UTF-8 with a header row) and
// application/vnd.sdmx.data+csv;version=2.0.0. A request without Accept gets JSON. INVALID_ARGUMENT
// for a `format` that is unknown or given twice.
absl::StatusOr<TableChoice> ChooseTable(const RequestHead& head);

// What can be had, for an error.
inline constexpr char kTableTypes[] =
    "application/json, text/csv and application/vnd.sdmx.data+csv;version=2.0.0";

}  // namespace cityinfo::gateway
