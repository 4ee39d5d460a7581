#include "services/gateway/imports/observation_import.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/gateway/routes/percent_decoding.h"

namespace cityinfo::gateway {

using metrics::v1::ImportObservationsRequest;
using metrics::v1::ImportObservationsResponse;
using metrics::v1::RowError;

namespace {

// Bad rows that an answer tells one by one, as the service's.
constexpr size_t kMaxErrors = 1000;

struct Query {
  std::string source;
  bool validate_only = false;
};

absl::Status ReadParameter(const std::string& name, const std::string& value, Query* query,
                           ObservationColumns* columns) {
  if (name == "source") {
    query->source = value;
    return absl::OkStatus();
  }
  if (name == "validate_only" || name == "validateOnly") {
    if (value != "true" && value != "false") {
      return base::InvalidArgument(name, "must be true or false", "INVALID_QUERY_PARAMETER");
    }
    query->validate_only = value == "true";
    return absl::OkStatus();
  }
  const absl::string_view view(name);
  if (absl::StartsWith(view, "map.")) return columns->MapField(name, view.substr(4), value);
  if (absl::StartsWith(view, "set.")) return columns->SetField(name, view.substr(4), value);
  return base::InvalidArgument(name,
                               "there is no such query parameter; there are source, validate_only, "
                               "map.FIELD and set.FIELD",
                               "UNKNOWN_QUERY_PARAMETER");
}

absl::StatusOr<Query> ReadQuery(absl::string_view text, ObservationColumns* columns) {
  Query query;
  for (absl::string_view part : absl::StrSplit(text, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    const std::optional<std::string> name = PercentDecode(pair.first, PlusSign::kSpace);
    const std::optional<std::string> value = PercentDecode(pair.second, PlusSign::kSpace);
    if (!name.has_value() || !value.has_value()) {
      return base::InvalidArgument("query", "holds a parameter that is not percent-encoded UTF-8",
                                   "INVALID_QUERY_PARAMETER");
    }
    CITY_RETURN_IF_ERROR(ReadParameter(*name, *value, &query, columns));
  }
  if (query.source.empty()) return base::InvalidArgument("source", "is required", "REQUIRED");
  return query;
}

absl::Status CheckUtf8(absl::string_view body) {
  const std::optional<size_t> bad = base::FirstInvalidByte(body);
  if (!bad.has_value()) return absl::OkStatus();
  const auto line =
      std::count(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
  return base::InvalidArgument(
      "body",
      absl::StrCat("is not UTF-8 in line ", line + 1, " (byte ", *bad,
                   "); if it is GBK, convert it: iconv -f GBK -t UTF-8 FILE"),
      "TEXT_NOT_UTF8");
}

}  // namespace

std::optional<Rejection> ObservationImport::CheckContentType(const RequestHead& head) {
  const std::optional<absl::string_view> field = head.Field("content-type");
  if (!field.has_value()) return std::nullopt;
  const absl::string_view type = absl::StripAsciiWhitespace(field->substr(0, field->find(';')));
  if (absl::EqualsIgnoreCase(type, "text/csv")) return std::nullopt;
  return Rejection{.http_status = 415,
                   .reason = "UNSUPPORTED_MEDIA_TYPE",
                   .message = "the body must be CSV: send it with Content-Type text/csv"};
}

absl::StatusOr<std::shared_ptr<ObservationImport>> ObservationImport::Begin(
    absl::string_view query, absl::string_view body) {
  std::shared_ptr<ObservationImport> import(new ObservationImport(body));
  CITY_ASSIGN_OR_RETURN(const Query read, ReadQuery(query, &import->columns_));
  import->source_ = read.source;
  import->validate_only_ = read.validate_only;
  CITY_RETURN_IF_ERROR(CheckUtf8(body));
  const absl::StatusOr<bool> header = import->reader_.Next(&import->record_);
  if (!header.ok()) {
    return base::InvalidArgument("body", header.status().message(),
                                 base::ErrorReason(header.status()));
  }
  if (!*header) {
    return base::InvalidArgument("body", "is empty: the first line names the columns", "REQUIRED");
  }
  CITY_RETURN_IF_ERROR(import->columns_.ReadHeader(import->record_.fields));
  return import;
}

bool ObservationImport::TakeRecord(ImportObservationsRequest* part) {
  if (ended_) return false;
  const absl::StatusOr<bool> more = reader_.Next(&record_);
  ended_ = !more.ok() || !*more;
  if (!more.ok()) {
    Fail(record_.line, "",
         absl::StrCat(more.status().message(), "; nothing from this line on was read"));
    return false;
  }
  if (ended_) return false;
  metrics::v1::Observation* observation = part->add_observations();
  const ObservationColumns::Problem problem = columns_.ReadRecord(record_.fields, observation);
  if (problem.description.empty()) {
    sent_.push_back(record_.line);
  } else {
    part->mutable_observations()->RemoveLast();
    Fail(record_.line, problem.field, problem.description);
  }
  return true;
}

std::optional<std::string> ObservationImport::NextMessage() {
  ImportObservationsRequest part;
  part.set_source(source_);
  part.set_validate_only(validate_only_);
  size_t bytes = 0;
  while (part.observations_size() < kRowsOfAPart && bytes < kBytesOfAPart) {
    const int before = part.observations_size();
    if (!TakeRecord(&part)) break;
    if (part.observations_size() > before) bytes += part.observations(before).ByteSizeLong();
  }
  if (part.observations().empty()) return std::nullopt;
  return part.SerializeAsString();
}

void ObservationImport::Fail(int64_t line, absl::string_view field, absl::string_view description) {
  ++failed_;
  if (errors_.size() == kMaxErrors) return;
  RowError& error = errors_.emplace_back();
  error.set_row(line);
  error.set_field(std::string(field));
  error.set_description(std::string(description));
}

absl::StatusOr<std::string> ObservationImport::Answer(const std::string& bytes) {
  ImportObservationsResponse response;
  bool readable = response.ParseFromString(bytes);
  const auto to_line = [&](auto& entry) {
    readable = readable && entry.row() >= 1 && entry.row() <= static_cast<int64_t>(sent_.size());
    if (readable) entry.set_row(sent_[static_cast<size_t>(entry.row() - 1)]);
  };
  for (RowError& error : *response.mutable_errors()) {
    to_line(error);
    errors_.push_back(std::move(error));
  }
  for (metrics::v1::ObservationEdit& edit : *response.mutable_edits()) to_line(edit);
  if (!readable) {
    return base::Internal("BAD_UPSTREAM_ANSWER", "a service's answer is not readable");
  }
  std::stable_sort(errors_.begin(), errors_.end(),
                   [](const RowError& a, const RowError& b) { return a.row() < b.row(); });
  if (errors_.size() > kMaxErrors) errors_.resize(kMaxErrors);
  response.clear_errors();
  for (RowError& error : errors_) response.mutable_errors()->Add(std::move(error));
  response.set_failed(response.failed() + failed_);
  return response.SerializeAsString();
}

}  // namespace cityinfo::gateway
