#include "services/gateway/imports/observation_columns.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/gateway/transcoding/field_path.h"
#include "services/gateway/transcoding/field_text.h"

namespace cityinfo::gateway {
namespace {

using metrics::v1::Observation;

// What RecordObservations reads.
constexpr absl::string_view kInputs[] = {
    "indicator",        "place", "measure",   "kind",         "period", "printed", "exact_value",
    "exact_value_high", "unit",  "qualifier", "publish_date", "stage"};

constexpr int kShownCodePoints = 40;

std::string Shown(absl::string_view name) {
  return absl::StrCat("\"", base::SubstrCodePoints(name, 0, kShownCodePoints), "\"");
}

absl::Status SetText(Observation* observation, const google::protobuf::FieldDescriptor* field,
                     absl::string_view text) {
  return field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE
             ? SetDateFromText(observation, field, text)
             : SetFromText(observation, field, text);
}

}  // namespace

ObservationColumns::Field ObservationColumns::FindInput(absl::string_view name) {
  const Field field = FindField(Observation::descriptor(), name);
  const bool is_input = field != nullptr && std::find(std::begin(kInputs), std::end(kInputs),
                                                      field->name()) != std::end(kInputs);
  return is_input ? field : nullptr;
}

absl::Status ObservationColumns::Take(absl::string_view parameter, absl::string_view field,
                                      Field* found) {
  *found = FindInput(field);
  if (*found == nullptr) {
    return base::InvalidArgument(
        parameter, absl::StrCat(Shown(field), " is no field of an observation that is brought"),
        "UNKNOWN_QUERY_PARAMETER");
  }
  const bool again = std::find(set_.begin(), set_.end(), *found) != set_.end() ||
                     std::any_of(mapped_.begin(), mapped_.end(),
                                 [&](const auto& mapped) { return mapped.first == *found; });
  if (again) {
    return base::InvalidArgument(parameter, "is given twice", "INVALID_QUERY_PARAMETER");
  }
  return absl::OkStatus();
}

absl::Status ObservationColumns::MapField(absl::string_view parameter, absl::string_view field,
                                          absl::string_view column) {
  Field found = nullptr;
  CITY_RETURN_IF_ERROR(Take(parameter, field, &found));
  mapped_.emplace_back(found, std::string(absl::StripAsciiWhitespace(column)));
  return absl::OkStatus();
}

absl::Status ObservationColumns::SetField(absl::string_view parameter, absl::string_view field,
                                          absl::string_view value) {
  Field found = nullptr;
  CITY_RETURN_IF_ERROR(Take(parameter, field, &found));
  if (const absl::Status set = SetText(&constants_, found, value); !set.ok()) {
    return base::InvalidArgument(parameter, set.message(), "INVALID_QUERY_PARAMETER");
  }
  set_.push_back(found);
  return absl::OkStatus();
}

absl::Status ObservationColumns::ReadHeader(const std::vector<std::string>& header) {
  std::vector<Field> used = set_;
  size_t mapped_columns = 0;
  for (const std::string& cell : header) {
    const absl::string_view name = absl::StripAsciiWhitespace(cell);
    const auto mapped = std::find_if(mapped_.begin(), mapped_.end(),
                                     [&](const auto& one) { return one.second == name; });
    const Field field = mapped != mapped_.end() ? mapped->first : FindInput(name);
    columns_.push_back(field);
    if (field == nullptr) {
      if (!mapped_.empty() || FindField(Observation::descriptor(), name) != nullptr) continue;
      return base::InvalidArgument(
          "body", absl::StrCat("the column ", Shown(name), " is no field of an observation"),
          "UNKNOWN_COLUMN");
    }
    if (std::find(used.begin(), used.end(), field) != used.end()) {
      return base::InvalidArgument("body", absl::StrCat("two columns are for ", field->name()),
                                   "DUPLICATE_COLUMN");
    }
    used.push_back(field);
    if (mapped != mapped_.end()) ++mapped_columns;
  }
  if (mapped_columns == mapped_.size()) return absl::OkStatus();
  const auto missing = std::find_if(mapped_.begin(), mapped_.end(), [&](const auto& one) {
    return std::find(columns_.begin(), columns_.end(), one.first) == columns_.end();
  });
  return base::InvalidArgument(absl::StrCat("map.", missing->first->name()),
                               absl::StrCat("there is no column ", Shown(missing->second)),
                               "MISSING_COLUMN");
}

ObservationColumns::Problem ObservationColumns::ReadRecord(const std::vector<std::string>& fields,
                                                           Observation* observation) const {
  if (fields.size() != columns_.size()) {
    return {.description = absl::StrCat("has ", fields.size(), " fields, where the first line has ",
                                        columns_.size())};
  }
  *observation = constants_;
  for (size_t i = 0; i < fields.size(); ++i) {
    const absl::string_view text = absl::StripAsciiWhitespace(fields[i]);
    if (columns_[i] == nullptr || text.empty()) continue;
    if (const absl::Status set = SetText(observation, columns_[i], text); !set.ok()) {
      return {.field = columns_[i]->name(), .description = std::string(set.message())};
    }
  }
  return {};
}

}  // namespace cityinfo::gateway
