#include "cli/observation_sheet.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/sheet_values.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::cli {
namespace {

constexpr absl::string_view kFields[] = {"indicator",    "place", "measure", "kind",
                                         "period",       "value", "unit",    "qualifier",
                                         "publish_date", "stage"};

struct UsualHeading {
  absl::string_view heading;
  absl::string_view field;
};
constexpr UsualHeading kUsual[] = {{"indicator", "indicator"},
                                   {"指标", "indicator"},
                                   {"指标名称", "indicator"},
                                   {"项目", "indicator"},
                                   {"place", "place"},
                                   {"地区", "place"},
                                   {"地区名称", "place"},
                                   {"地区代码", "place"},
                                   {"行政区划", "place"},
                                   {"行政区划代码", "place"},
                                   {"period", "period"},
                                   {"时期", "period"},
                                   {"时间", "period"},
                                   {"年份", "period"},
                                   {"年度", "period"},
                                   {"value", "value"},
                                   {"exact_value", "value"},
                                   {"数值", "value"},
                                   {"值", "value"},
                                   {"数据", "value"},
                                   {"unit", "unit"},
                                   {"单位", "unit"},
                                   {"计量单位", "unit"},
                                   {"measure", "measure"},
                                   {"口径", "measure"},
                                   {"kind", "kind"},
                                   {"类型", "kind"},
                                   {"qualifier", "qualifier"},
                                   {"publish_date", "publish_date"},
                                   {"发布日期", "publish_date"},
                                   {"公布日期", "publish_date"},
                                   {"stage", "stage"}};

bool IsField(absl::string_view name) {
  return std::find(std::begin(kFields), std::end(kFields), name) != std::end(kFields);
}

absl::Status NoField(absl::string_view where, absl::string_view name) {
  return base::InvalidArgument(
      where, absl::StrCat("\"", name, "\" is none of ", absl::StrJoin(kFields, ", ")),
      "UNKNOWN_FIELD");
}

}  // namespace

absl::StatusOr<SheetMapping> SheetMapping::Parse(absl::string_view text) {
  SheetMapping mapping;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const std::string at = absl::StrCat("line ", number);
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    const std::pair<absl::string_view, absl::string_view> sides =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    absl::string_view name = absl::StripAsciiWhitespace(sides.first);
    const std::string value(absl::StripAsciiWhitespace(sides.second));
    if (value.empty()) return base::InvalidArgument(at, "is not of the form field = heading");
    const bool constant = absl::ConsumePrefix(&name, "set ");
    name = absl::StripAsciiWhitespace(name);
    if (!constant && name == "skip") {
      mapping.skipped.push_back(value);
    } else if (!constant && name == "across") {
      if (value != "period" && value != "indicator") {
        return base::InvalidArgument(at, "across is period or indicator");
      }
      mapping.across = value;
    } else if (!IsField(name)) {
      return NoField(at, name);
    } else {
      (constant ? mapping.constants : mapping.columns)[std::string(name)] = value;
    }
  }
  return mapping;
}

absl::Status SheetMapping::Set(absl::string_view assignment) {
  const std::pair<absl::string_view, absl::string_view> sides =
      absl::StrSplit(assignment, absl::MaxSplits('=', 1));
  if (!IsField(sides.first)) return NoField("--set", sides.first);
  if (sides.second.empty()) return base::InvalidArgument("--set", "is of the form field=value");
  constants[std::string(sides.first)] = std::string(sides.second);
  return absl::OkStatus();
}

void KnownNames::Add(absl::string_view name, const std::string& id) {
  const auto [known, added] = ids_.emplace(FoldCell(name), id);
  if (!added && known->second != id) known->second = std::nullopt;
}

std::string KnownNames::Find(absl::string_view name) const {
  const auto known = ids_.find(FoldCell(name));
  return known == ids_.end() ? "" : known->second.value_or("");
}

const std::vector<std::string>& ObservationSheet::Header() {
  static const auto& header =
      *new std::vector<std::string>{"indicator",   "place", "measure",   "kind",         "period",
                                    "exact_value", "unit",  "qualifier", "publish_date", "stage"};
  return header;
}

absl::StatusOr<ObservationSheet> ObservationSheet::Open(const SheetMapping& mapping,
                                                        const std::vector<std::string>& headings,
                                                        KnownNames indicators, KnownNames places) {
  ObservationSheet sheet;
  sheet.indicators_ = std::move(indicators);
  sheet.places_ = std::move(places);
  sheet.width_ = headings.size();
  sheet.constants_ = {{"measure", "LEVEL"}, {"kind", "ACTUAL"}};
  for (const auto& [field, value] : mapping.constants) sheet.constants_[field] = value;
  CITY_RETURN_IF_ERROR(sheet.FindColumns(mapping, headings));
  CITY_RETURN_IF_ERROR(sheet.FindValueColumns(mapping, headings));
  return sheet;
}

absl::Status ObservationSheet::FindColumns(const SheetMapping& mapping,
                                           const std::vector<std::string>& headings) {
  for (const auto& [field, named] : mapping.columns) {
    const std::string& heading = named;  // clang 14 lets no lambda take it otherwise
    const auto found = std::find_if(headings.begin(), headings.end(), [&](const std::string& cell) {
      return FoldCell(cell) == FoldCell(heading);
    });
    if (found == headings.end()) {
      return base::InvalidArgument(
          "--mapping", absl::StrCat("the sheet has no column \"", heading, "\" for ", field),
          "MISSING_COLUMN");
    }
    columns_[field] = static_cast<size_t>(found - headings.begin());
  }
  for (const UsualHeading& usual : kUsual) {
    const std::string field(usual.field);
    if (columns_.contains(field) || mapping.constants.contains(field) || mapping.across == field) {
      continue;
    }
    for (size_t i = 0; i < headings.size(); ++i) {
      if (absl::AsciiStrToLower(FoldCell(headings[i])) == usual.heading) columns_[field] = i;
    }
  }
  return absl::OkStatus();
}

std::optional<ObservationSheet::ValueColumn> ObservationSheet::IndicatorColumn(
    const std::string& heading) const {
  ValueColumn column{.heading = heading, .indicator = indicators_.Find(heading)};
  if (!column.indicator.empty()) return column;
  NamedUnit named = SplitUnit(heading);
  column.unit = named.unit;
  column.indicator = indicators_.Find(named.name);
  if (!column.indicator.empty()) return column;
  for (const absl::string_view growth : {"比上年增长", "同比增长", "增长速度", "增速", "增长"}) {
    absl::string_view name = named.name;
    if (!absl::ConsumeSuffix(&name, growth)) continue;
    column.indicator = indicators_.Find(name);
    column.measure = "YOY_GROWTH";
    if (!column.indicator.empty()) return column;
  }
  return std::nullopt;
}

absl::Status ObservationSheet::FindValueColumns(const SheetMapping& mapping,
                                                const std::vector<std::string>& headings) {
  if (const auto value = columns_.find("value"); value != columns_.end()) {
    values_.push_back({.index = value->second,
                       .heading = headings[value->second],
                       .unit = SplitUnit(headings[value->second]).unit});
    return absl::OkStatus();
  }
  const auto is_other = [&](size_t index) {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const auto& column) { return column.second == index; }) ||
           std::find(mapping.skipped.begin(), mapping.skipped.end(), headings[index]) !=
               mapping.skipped.end();
  };
  for (size_t i = 0; i < headings.size(); ++i) {
    if (is_other(i)) continue;
    std::optional<ValueColumn> column;
    if (const auto period = ReadPeriodCell(headings[i]);
        period.has_value() && mapping.across != "indicator") {
      column = ValueColumn{.heading = headings[i], .period = *period};
    } else if (mapping.across != "period") {
      column = IndicatorColumn(headings[i]);
    }
    if (!column.has_value()) {
      // With the heading of a value misread, a whole column would silently be missing.
      if (FoldCell(headings[i]).empty()) continue;
      return base::InvalidArgument(
          "--mapping",
          absl::StrCat("the column \"", headings[i],
                       "\" is no field, no period and no indicator; map it or skip it"),
          "UNKNOWN_COLUMN");
    }
    column->index = i;
    values_.push_back(*std::move(column));
  }
  if (values_.empty()) {
    return base::InvalidArgument("--mapping", "the sheet has no column of values",
                                 "MISSING_COLUMN");
  }
  return absl::OkStatus();
}

std::string ObservationSheet::Cell(const csv::Record& record, const std::string& field) const {
  if (const auto column = columns_.find(field); column != columns_.end()) {
    std::string cell = FoldCell(record.fields[column->second]);
    if (!cell.empty()) return cell;
  }
  const auto constant = constants_.find(field);
  return constant == constants_.end() ? "" : constant->second;
}

SheetError ObservationSheet::ReadValue(const csv::Record& record, const ValueColumn& column,
                                       std::vector<std::string>* fields) const {
  const auto error = [&](absl::string_view field, absl::string_view what) {
    return SheetError{.line = record.line,
                      .column = column.heading,
                      .description = absl::StrCat(field, ": ", what)};
  };
  const auto number = ReadNumberCell(record.fields[column.index]);
  if (!number.has_value()) {
    return error("value", absl::StrCat("\"", record.fields[column.index], "\" is no number"));
  }
  std::string indicator = column.indicator;
  std::string name_unit;
  if (indicator.empty()) {
    const std::string cell = Cell(record, "indicator");
    const NamedUnit named = SplitUnit(cell);
    indicator = indicators_.Find(cell);
    if (indicator.empty()) {
      indicator = indicators_.Find(named.name);
      name_unit = named.unit;
    }
    if (indicator.empty()) return error("indicator", absl::StrCat("\"", cell, "\" is unknown"));
  }
  const std::string place_cell = Cell(record, "place");
  const std::string place = places_.Find(place_cell);
  if (place.empty()) return error("place", absl::StrCat("\"", place_cell, "\" is unknown"));
  const std::string period_cell = Cell(record, "period");
  const auto period = column.period.empty() ? ReadPeriodCell(period_cell) : column.period;
  if (!period.has_value()) return error("period", absl::StrCat("\"", period_cell, "\" is none"));
  const std::string measure_cell =
      column.measure.empty() ? Cell(record, "measure") : column.measure;
  const auto measure = ReadMeasureCell(measure_cell);
  if (!measure.has_value()) return error("measure", absl::StrCat("\"", measure_cell, "\" is none"));
  const std::string kind_cell = Cell(record, "kind");
  const auto kind = ReadKindCell(kind_cell);
  if (!kind.has_value()) return error("kind", absl::StrCat("\"", kind_cell, "\" is none"));
  const std::string day_cell = Cell(record, "publish_date");
  const auto day = ReadDayCell(day_cell);
  if (!day.has_value()) {
    return error("publish_date", day_cell.empty() ? "is required; --set publish_date=2021-12-30"
                                                  : absl::StrCat("\"", day_cell, "\" is no day"));
  }
  // The nearest word counts: behind the number, in the row, above the column, behind the name.
  std::string unit = number->unit;
  for (const std::string& other : {Cell(record, "unit"), column.unit, name_unit}) {
    if (unit.empty()) unit = other;
  }
  *fields = {indicator, place,
             *measure,  *kind,
             *period,   number->number,
             unit,      Cell(record, "qualifier"),
             *day,      Cell(record, "stage")};
  return {};
}

void ObservationSheet::Read(const csv::Record& record, std::vector<SheetRow>* rows,
                            std::vector<SheetError>* errors) const {
  if (record.fields.size() != width_) {
    errors->push_back({.line = record.line,
                       .description = absl::StrCat("has ", record.fields.size(),
                                                   " fields, where the headings are ", width_)});
    return;
  }
  for (const ValueColumn& column : values_) {
    if (IsMissing(FoldCell(record.fields[column.index]))) continue;
    SheetRow row{.line = record.line};
    SheetError error = ReadValue(record, column, &row.fields);
    if (error.description.empty()) {
      rows->push_back(std::move(row));
    } else {
      errors->push_back(std::move(error));
    }
  }
}

}  // namespace cityinfo::cli
