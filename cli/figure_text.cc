#include "cli/figure_text.h"

#include <algorithm>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/input.h"

namespace cityinfo::cli {
namespace {

constexpr const char* kAmendable[] = {"indicator", "place",       "measure",          "kind",
                                      "period",    "exact_value", "exact_value_high", "unit",
                                      "qualifier", "stage"};

// "UNREVIEWED" and "…_UNSPECIFIED" say nothing.
std::string Said(const Json& message, const char* field) {
  const std::string value = message.value(field, "");
  return value == "UNREVIEWED" || absl::EndsWith(value, "_UNSPECIFIED") ? "" : value;
}

std::string ReadingText(const Json& figure) {
  std::vector<std::string> parts;
  for (const char* field : {"indicator", "place", "measure", "kind", "period"}) {
    const std::string value = figure.value(field, "");
    parts.push_back(value.empty() ? "?" : value);
  }
  const std::string high = figure.value("exactValueHigh", "");
  parts.push_back(absl::StrCat(figure.value("exactValue", ""), high.empty() ? "" : "—", high));
  for (const char* field : {"unit", "qualifier", "stage"}) {
    const std::string value = Said(figure, field);
    if (!value.empty() && value != "EXACT") parts.push_back(value);
  }
  return absl::StrJoin(parts, " ");
}

}  // namespace

absl::StatusOr<std::string> FigurePath(const std::string& name) {
  const absl::string_view id = absl::StripPrefix(name, "figures/");
  const bool is_id = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
  if (!is_id) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", name, "\" is not a figure: expected figures/{id}"));
  }
  return absl::StrCat("/v1/figures/", id);
}

absl::StatusOr<Json> AmendmentFromFields(const std::vector<std::string>& fields) {
  Json amended = Json::object();
  for (const std::string& text : fields) {
    const size_t equals = text.find('=');
    const std::string field = text.substr(0, equals);
    if (equals == std::string::npos || equals + 1 == text.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--amend: \"", text, "\" is not of the form field=value"));
    }
    if (std::find(std::begin(kAmendable), std::end(kAmendable), field) == std::end(kAmendable)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--amend: \"", field,
                       "\" cannot be amended; these can: ", absl::StrJoin(kAmendable, ", ")));
    }
    if (amended.contains(field)) {
      return absl::InvalidArgumentError(absl::StrCat("--amend: ", field, " is given twice"));
    }
    amended[field] = text.substr(equals + 1);
  }
  return amended;
}

Table FigureTable(const Json& figures) {
  Table table(
      {"FIGURE", "SURE", "INDICATOR", "VALUE", "MEASURE", "KIND", "PERIOD", "REVIEW", "SENTENCE"});
  for (const Json& f : figures) {
    table.AddRow(
        {std::string(absl::StripPrefix(f.value("name", ""), "figures/")),
         absl::StrFormat("%.2f", f.value("confidence", 0.0)),
         absl::StrCat(f.value("indicatorText", ""), f.value("indicator", "").empty() ? " ?" : ""),
         f.value("printed", ""), f.value("measure", ""), f.value("kind", ""), f.value("period", ""),
         Said(f, "reviewState"), f["citation"].value("quote", "")});
  }
  return table;
}

std::string FigureText(const Json& figure) {
  std::string text = absl::StrCat(figure.value("name", ""), "  ", figure.value("reviewState", ""),
                                  "  ", ReadingText(figure), "\n");
  if (figure.contains("extracted") && figure["extracted"].is_object()) {
    absl::StrAppend(&text, "  read        ", ReadingText(figure["extracted"]), "\n");
  }
  if (figure.contains("reviewTime") && figure["reviewTime"].is_string()) {
    absl::StrAppend(&text, "  by          ", figure.value("reviewer", ""), "  ",
                    figure.value("reviewTime", ""));
    const std::string comment = figure.value("reviewComment", "");
    absl::StrAppend(&text, comment.empty() ? "" : "  ", comment, "\n");
  }
  return text;
}

Table VintageTable(const Json& vintages) {
  Table table(
      {"VINTAGE", "VALUE", "STAGE", "PUBLISHED", "RECORDED", "SUPERSEDED", "WHY", "SOURCE"});
  for (const Json& v : vintages) {
    const auto time = [&](const char* field) {
      return v.contains(field) && v[field].is_string() ? v[field].get<std::string>().substr(0, 19)
                                                       : std::string();
    };
    const std::string number =
        v["vintage"].is_string() ? v["vintage"].get<std::string>() : v["vintage"].dump();
    std::string source = v.value("source", "");
    if (!v["citations"].empty()) {
      source = absl::StrCat("《", v["citations"][0].value("articleTitle", ""), "》");
    }
    table.AddRow({number, v.value("printed", ""), Said(v, "stage"), DateFromJson(v, "publishDate"),
                  time("recordTime"), time("supersededTime"), Said(v, "supersededReason"), source});
  }
  return table;
}

}  // namespace cityinfo::cli
