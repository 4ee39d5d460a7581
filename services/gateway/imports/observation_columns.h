#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cityinfo/metrics/v1/observation.pb.h"

namespace cityinfo::gateway {

// Which columns of a table hold which fields of an Observation, and what is the same in all rows.
//
// A column belongs to the field of its name ("publish_date", "publishDate"), or to the one that
// MapField says. Fields that a data officer does not bring (record_time, citations, …) are left
// out. Other columns are refused, unless some were mapped: then it is a sheet of one's own, and
// they are left out.
class ObservationColumns {
 public:
  // "map.FIELD=COLUMN" and "set.FIELD=VALUE" of a query. INVALID_ARGUMENT naming `parameter`: no
  // field of an observation that may be brought, or one named twice, or a value it cannot have.
  absl::Status MapField(absl::string_view parameter, absl::string_view field,
                        absl::string_view column);
  absl::Status SetField(absl::string_view parameter, absl::string_view field,
                        absl::string_view value);

  // The names of the columns. INVALID_ARGUMENT: a name that is unknown (UNKNOWN_COLUMN), two
  // columns for one field (DUPLICATE_COLUMN), a mapped column that is not there (MISSING_COLUMN).
  absl::Status ReadHeader(const std::vector<std::string>& header);

  // What is wrong with a record.
  struct Problem {
    std::string field;
    std::string description;  // empty: nothing
  };
  // Fills `observation` from a record; spaces around a value do not count, an empty one is absent.
  Problem ReadRecord(const std::vector<std::string>& fields,
                     metrics::v1::Observation* observation) const;

 private:
  using Field = const google::protobuf::FieldDescriptor*;

  // Null when no such field may be brought.
  static Field FindInput(absl::string_view name);
  absl::Status Take(absl::string_view parameter, absl::string_view field, Field* found);

  std::vector<std::pair<Field, std::string>> mapped_;  // the column of each
  std::vector<Field> set_;
  metrics::v1::Observation constants_;
  std::vector<Field> columns_;  // null: left out
};

}  // namespace cityinfo::gateway
