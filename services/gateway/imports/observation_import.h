#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/csv/csv_reader.h"
#include "services/gateway/http/message.h"
#include "services/gateway/imports/observation_columns.h"

namespace cityinfo::gateway {

// Rows, and about as many bytes, of one part of the stream.
inline constexpr int kRowsOfAPart = 1000;
inline constexpr size_t kBytesOfAPart = 512 << 10;

// One POST of CSV to ImportObservations: hands the rows to the stream part by part as it asks for
// them, keeps those that hold no observation as errors, and puts both together for the answer, in
// which a row's number is the line that it begins on. Where the text stops being CSV, that line is
// the last error: what stands before it is sent. Used by one thread at a time.
class ObservationImport {
 public:
  // Whether to begin at all; nothing has been sent then. 415 for a body that says it is something
  // else than text/csv.
  static std::optional<Rejection> CheckContentType(const RequestHead& head);
  // `body` must outlive it. INVALID_ARGUMENT: the query (see ObservationColumns), a body that is
  // not UTF-8 (TEXT_NOT_UTF8), a first record that does not name the columns.
  static absl::StatusOr<std::shared_ptr<ObservationImport>> Begin(absl::string_view query,
                                                                  absl::string_view body);

  // The next part, serialised; nullopt after the last.
  std::optional<std::string> NextMessage();

  // The whole answer, serialised, of the service's to what NextMessage gave.
  absl::StatusOr<std::string> Answer(const std::string& response);

 private:
  explicit ObservationImport(absl::string_view body) : reader_(body) {}

  // Adds the record to `part`, or an error. False at the end.
  bool TakeRecord(metrics::v1::ImportObservationsRequest* part);
  void Fail(int64_t line, absl::string_view field, absl::string_view description);

  csv::Reader reader_;
  csv::Record record_;
  std::string source_;
  bool validate_only_ = false;
  ObservationColumns columns_;
  bool ended_ = false;         // there is no record any more
  std::vector<int64_t> sent_;  // lines of the rows sent, in order
  std::vector<metrics::v1::RowError> errors_;
  int64_t failed_ = 0;
};

}  // namespace cityinfo::gateway
