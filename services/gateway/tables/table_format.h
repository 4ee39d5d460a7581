#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "cityinfo/metrics/v1/observation.pb.h"

namespace cityinfo::gateway {

// A form of observations other than JSON. The functions append to `out`.
struct TableFormat {
  absl::string_view name;          // as in ?format=
  absl::string_view content_type;  // of the answer
  absl::string_view file_name;     // that a browser saves it under
  void (*write_header)(std::string& out);
  void (*write_row)(const metrics::v1::Observation& observation, std::string& out);
};

}  // namespace cityinfo::gateway
