#include "services/metrics/rpc/import_handler.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "services/metrics/rpc/loaded_rows.h"

namespace cityinfo::metrics {
namespace {

// Rows that a stream can number.
constexpr std::int64_t kMaxRow = std::numeric_limits<std::int64_t>::max() - kMaxLoadedRows;

// One import under way.
class Import {
 public:
  Import(MetricStore& store, const Catalogue& catalogue) : store_(store), catalogue_(catalogue) {}

  // An error ends the import; what is wrong with a row is a line of the answer.
  absl::Status Take(const v1::ImportObservationsRequest& part) {
    CITY_RETURN_IF_ERROR(Begin(part));
    LoadedBatch batch{.source = source_, .validate_only = validate_only_};
    std::vector<std::int64_t> rows;
    for (const v1::Observation& row : part.observations()) {
      absl::StatusOr<LoadedValue> value = ReadLoadedRow(row, catalogue_, "");
      if (value.ok()) {
        batch.values.push_back(*std::move(value));
        rows.push_back(next_row_);
      } else {
        Fail(next_row_, value.status());
      }
      ++next_row_;
    }
    if (batch.values.empty()) return absl::OkStatus();
    const absl::StatusOr<std::vector<RecordedValue>> recorded = store_.Record(batch);
    if (!recorded.ok()) return recorded.status();
    for (size_t i = 0; i < recorded->size(); ++i) Count(rows[i], (*recorded)[i]);
    return absl::OkStatus();
  }

  // The error that ends the import, with how far it came.
  absl::Status Stopped(const absl::Status& why) const {
    absl::Status stopped = base::MakeError(
        why.code(), base::ErrorReason(why),
        absl::StrCat(why.message(), validate_only_ ? " (checked" : " (done", ": the rows before ",
                     part_begins_, "; sent again, they change nothing)"));
    for (const base::FieldViolation& violation : base::FieldViolations(why)) {
      base::AddFieldViolation(&stopped, violation.field, violation.description);
    }
    return base::WithDetail(std::move(stopped), base::ErrorDetail(why));
  }

  v1::ImportObservationsResponse Finish() {
    log::Info("observations imported", {{"stored", validate_only_ ? 0 : response_.stored()},
                                        {"unchanged", response_.unchanged()},
                                        {"failed", response_.failed()}});
    return std::move(response_);
  }

 private:
  absl::Status Begin(const v1::ImportObservationsRequest& part) {
    if (part.first_row() < 0 || part.first_row() > kMaxRow) {
      return base::InvalidArgument("first_row", absl::StrCat(part.first_row(), " is no row"));
    }
    if (!begun_) {
      CITY_RETURN_IF_ERROR(CheckSource(part.source()));
      source_ = part.source();
      validate_only_ = part.validate_only();
      begun_ = true;
    }
    if (part.first_row() != 0) next_row_ = part.first_row();
    part_begins_ = next_row_;
    if (part.observations().empty() || part.observations_size() > kMaxLoadedRows) {
      return base::InvalidArgument(
          "observations", absl::StrCat("must be 1 to ", kMaxLoadedRows, " in each part, not ",
                                       part.observations_size()));
    }
    return absl::OkStatus();
  }

  void Fail(std::int64_t row, const absl::Status& why) {
    response_.set_failed(response_.failed() + 1);
    if (response_.errors_size() == kMaxImportErrors) return;
    v1::RowError& error = *response_.add_errors();
    error.set_row(row);
    const std::vector<base::FieldViolation> violations = base::FieldViolations(why);
    error.set_field(violations.empty() ? "" : violations.front().field);
    error.set_description(violations.empty() ? std::string(why.message())
                                             : violations.front().description);
  }

  void Count(std::int64_t row, const RecordedValue& value) {
    if (!value.changed) return response_.set_unchanged(response_.unchanged() + 1);
    response_.set_stored(response_.stored() + 1);
    if (response_.edits_size() == kMaxImportEdits) return;
    v1::ObservationEdit& edit = *response_.add_edits();
    edit.set_row(row);
    if (value.before.has_value()) {
      *edit.mutable_before() = RecordedToProto(*value.before, catalogue_);
    }
    *edit.mutable_after() = RecordedToProto(value.after, catalogue_);
  }

  MetricStore& store_;
  const Catalogue& catalogue_;
  bool begun_ = false;
  std::string source_;
  bool validate_only_ = false;
  std::int64_t next_row_ = 1;
  std::int64_t part_begins_ = 1;
  v1::ImportObservationsResponse response_;
};

}  // namespace

absl::StatusOr<v1::ImportObservationsResponse> ImportHandler::ImportObservations(
    const rpc::RequestContext&, rpc::ServerReader<v1::ImportObservationsRequest>& reader) {
  Import import(store_, catalogue_);
  v1::ImportObservationsRequest part;
  while (reader.Read(&part)) {
    if (absl::Status stopped = import.Take(part); !stopped.ok()) return import.Stopped(stopped);
  }
  CITY_RETURN_IF_ERROR(reader.status());
  return import.Finish();
}

}  // namespace cityinfo::metrics
