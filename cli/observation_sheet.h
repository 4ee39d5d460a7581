// A statistician's sheet as the table that the API imports.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "platform/csv/csv_reader.h"

namespace cityinfo::cli {

// What the columns of a sheet hold. Fields are indicator, place, measure, kind, period, value,
// unit, qualifier, publish_date and stage.
struct SheetMapping {
  std::map<std::string, std::string> columns;    // field -> heading
  std::map<std::string, std::string> constants;  // field -> what it is in every row
  std::vector<std::string> skipped;              // headings that hold nothing to import
  std::string across;  // "period" or "indicator" when each has a column of its own

  // Reads a mapping file: lines "field = heading", "set field = value", "across = period",
  // "skip = heading"; blank lines and those that begin with # say nothing. INVALID_ARGUMENT names
  // the line.
  static absl::StatusOr<SheetMapping> Parse(absl::string_view text);
  // "place=522601"; INVALID_ARGUMENT on --set.
  absl::Status Set(absl::string_view assignment);
};

// The names that the platform knows indicators and places by; ids and codes are names too. A name
// of several is none.
class KnownNames {
 public:
  void Add(absl::string_view name, const std::string& id);
  // Empty when unknown.
  std::string Find(absl::string_view name) const;

 private:
  std::map<std::string, std::optional<std::string>> ids_;  // by folded name
};

// One row for the API, and the line of the sheet that it comes from.
struct SheetRow {
  std::int64_t line = 0;
  std::vector<std::string> fields;  // those of ObservationSheet::kHeader
};
struct SheetError {
  std::int64_t line = 0;
  std::string column;
  std::string description;
};

// Turns records of a sheet into rows. Headings are found by their usual names (指标, 地区, 年份,
// 数值, 单位 …) where the mapping says nothing; a sheet without a column of values may have one for
// each period, or for each indicator. A cell without a value gives no row. Values stay as they are
// written, in their unit: the API converts.
class ObservationSheet {
 public:
  static const std::vector<std::string>& Header();

  // INVALID_ARGUMENT: a heading that is not there, or no column of values.
  static absl::StatusOr<ObservationSheet> Open(const SheetMapping& mapping,
                                               const std::vector<std::string>& headings,
                                               KnownNames indicators, KnownNames places);

  // The rows of one record, and what was wrong with it.
  void Read(const csv::Record& record, std::vector<SheetRow>* rows,
            std::vector<SheetError>* errors) const;

 private:
  // A column that holds values, with what its heading says.
  struct ValueColumn {
    size_t index = 0;
    std::string heading;
    std::string period, indicator, measure, unit;  // empty: not said there
  };

  absl::Status FindColumns(const SheetMapping& mapping, const std::vector<std::string>& headings);
  absl::Status FindValueColumns(const SheetMapping& mapping,
                                const std::vector<std::string>& headings);
  std::optional<ValueColumn> IndicatorColumn(const std::string& heading) const;
  // What a field says in this record: its cell, or what is the same everywhere.
  std::string Cell(const csv::Record& record, const std::string& field) const;
  // The fields of one value; an error's description is empty when there is none.
  SheetError ReadValue(const csv::Record& record, const ValueColumn& column,
                       std::vector<std::string>* fields) const;

  KnownNames indicators_;
  KnownNames places_;
  size_t width_ = 0;
  std::map<std::string, size_t> columns_;  // field -> column
  std::map<std::string, std::string> constants_;
  std::vector<ValueColumn> values_;
};

}  // namespace cityinfo::cli
