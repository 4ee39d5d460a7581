// cityctl import observations.
#include "cli/commands/observation_import.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/input.h"
#include "cli/observation_sheet.h"
#include "cli/table.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/csv/csv_text.h"

namespace cityinfo::cli {
namespace {

// Rows of one request: each is a transaction, and its answer names every change.
constexpr size_t kRowsOfARequest = 1000;
constexpr size_t kMaxNames = 100'000;

struct ImportOptions {
  std::string file, source, mapping;
  std::vector<std::string> set;
  bool dry_run = false;
};

absl::StatusOr<KnownNames> LoadNames(Session& session, const std::string& path,
                                     const std::string& field, const std::string& id_field) {
  CITY_ASSIGN_OR_RETURN(const Json all,
                        session.api().GetAll(path, {{"page_size", "500"}}, field, kMaxNames));
  KnownNames names;
  for (const Json& entry : all[field]) {
    const std::string id = entry.value(id_field, "");
    names.Add(id, id);
    names.Add(entry.value("nameZh", ""), id);
    for (const Json& alias : entry.value("aliases", Json::array())) names.Add(alias, id);
  }
  return names;
}

absl::StatusOr<SheetMapping> ReadMapping(const ImportOptions& options) {
  SheetMapping mapping;
  if (!options.mapping.empty()) {
    CITY_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(options.mapping));
    CITY_ASSIGN_OR_RETURN(mapping, SheetMapping::Parse(text));
  }
  for (const std::string& assignment : options.set) CITY_RETURN_IF_ERROR(mapping.Set(assignment));
  return mapping;
}

// What became of the rows so far: prints it as it comes, keeps only counts.
class ImportReport {
 public:
  ImportReport(bool json, bool dry_run) : json_(json), dry_run_(dry_run) {
    if (json_) std::printf("{\"results\":[");
  }

  void Bad(const SheetError& error) {
    if (bad_++ == 0) first_bad_ = absl::StrCat("line ", error.line, ": ", error.description);
    if (json_) {
      return PrintEntry({{"line", error.line},
                         {"column", error.column},
                         {"outcome", "BAD"},
                         {"error", error.description}});
    }
    std::printf("line %lld%s%s: %s\n", static_cast<long long>(error.line),
                error.column.empty() ? "" : ", ", error.column.c_str(), error.description.c_str());
  }

  void Edited(std::int64_t line, const Json& edit) {
    const Json& after = edit["after"];
    const bool is_new = !edit.contains("before") || edit["before"].is_null();
    ++(is_new ? new_ : changed_);
    if (json_) {
      return PrintEntry({{"line", line},
                         {"outcome", is_new ? "NEW" : "CHANGED"},
                         {"before", is_new ? Json(nullptr) : edit["before"]},
                         {"after", after}});
    }
    table_.AddRow({std::to_string(line), after.value("indicatorName", ""), after.value("place", ""),
                   absl::StrCat(after.value("measure", ""), " ", after.value("kind", "")),
                   after.value("period", ""), is_new ? "-" : edit["before"].value("printed", ""),
                   after.value("printed", "")});
  }

  void Unchanged(std::int64_t count) { unchanged_ += count; }

  void Flush() {
    if (!table_.empty()) std::printf("%s", table_.ToString().c_str());
    table_ = Table(kHeader);
    std::fflush(stdout);
  }

  // `stopped`: why not all of the file was sent.
  absl::Status Finish(const absl::Status& stopped) {
    if (json_) {
      std::printf("],\"new\":%lld,\"changed\":%lld,\"unchanged\":%lld,\"bad\":%lld}\n", new_,
                  changed_, unchanged_, bad_);
    } else {
      std::printf("%s%lld new, %lld changed, %lld unchanged, %lld bad\n",
                  dry_run_ ? "would be: " : "", new_, changed_, unchanged_, bad_);
    }
    if (!stopped.ok() || bad_ == 0) return stopped;
    return base::MakeError(absl::StatusCode::kInvalidArgument, "BAD_ROWS",
                           absl::StrCat(bad_, " bad; the first: ", first_bad_));
  }

 private:
  void PrintEntry(const Json& entry) {
    std::printf("%s%s", first_entry_ ? "\n" : ",\n", entry.dump().c_str());
    first_entry_ = false;
  }

  static inline const std::vector<std::string> kHeader = {"LINE",   "INDICATOR", "PLACE", "WHAT",
                                                          "PERIOD", "BEFORE",    "AFTER"};
  const bool json_;
  const bool dry_run_;
  bool first_entry_ = true;
  Table table_{kHeader};
  long long new_ = 0, changed_ = 0, unchanged_ = 0, bad_ = 0;
  std::string first_bad_;
};

std::int64_t NumberOf(const Json& message, const char* field) {
  std::int64_t number = 0;
  return absl::SimpleAtoi(message.value(field, "0"), &number) ? number : 0;
}

// The answer names lines of what was sent: the first row is in the second.
absl::Status Report(const std::vector<SheetRow>& rows, const Json& answer, ImportReport& report) {
  const auto line_of = [&](const Json& entry) -> std::int64_t {
    const std::int64_t row = NumberOf(entry, "row");
    if (row < 2 || row > static_cast<std::int64_t>(rows.size()) + 1) return 0;
    return rows[static_cast<size_t>(row - 2)].line;
  };
  for (const Json& edit : answer.value("edits", Json::array())) {
    const std::int64_t line = line_of(edit);
    if (line == 0) {
      return base::DataLoss("ANSWER_NOT_READABLE", "the answer is about rows that were not sent");
    }
    report.Edited(line, edit);
  }
  report.Flush();
  for (const Json& error : answer.value("errors", Json::array())) {
    report.Bad({.line = line_of(error),
                .column = error.value("field", ""),
                .description = error.value("description", "")});
  }
  report.Unchanged(NumberOf(answer, "unchanged"));
  return absl::OkStatus();
}

absl::Status Send(Session& session, const ImportOptions& options, const std::vector<SheetRow>& rows,
                  ImportReport& report) {
  if (rows.empty()) return absl::OkStatus();
  std::string body;
  csv::AppendRecord(ObservationSheet::Header(), &body);
  for (const SheetRow& row : rows) csv::AppendRecord(row.fields, &body);
  const auto answer = session.api().PostCsv(
      "/v1/observations:import", body,
      {{"source", options.source}, {"validateOnly", options.dry_run ? "true" : ""}});
  if (!answer.ok()) {
    return base::MakeError(
        answer.status().code(), base::ErrorReason(answer.status()),
        absl::StrCat("stopped at line ", rows.front().line, ": ", answer.status().message(),
                     "; import the file again, what is stored will not be stored twice"));
  }
  return Report(rows, *answer, report);
}

absl::Status SendAll(Session& session, const ImportOptions& options, const ObservationSheet& sheet,
                     csv::Reader& reader, ImportReport& report) {
  std::vector<SheetRow> rows;
  std::vector<SheetError> errors;
  csv::Record record;
  for (;;) {
    CITY_ASSIGN_OR_RETURN(const bool more, reader.Next(&record));
    if (more) sheet.Read(record, &rows, &errors);
    for (const SheetError& error : errors) report.Bad(error);
    errors.clear();
    while (rows.size() >= kRowsOfARequest || (!more && !rows.empty())) {
      const auto end =
          rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), kRowsOfARequest));
      CITY_RETURN_IF_ERROR(Send(session, options, {rows.begin(), end}, report));
      rows.erase(rows.begin(), end);
    }
    if (!more) return absl::OkStatus();
  }
}

absl::Status ImportObservations(Session& session, const ImportOptions& options) {
  CITY_ASSIGN_OR_RETURN(const SheetMapping mapping, ReadMapping(options));
  std::ifstream file;
  if (options.file != "-") file.open(options.file, std::ios::binary);
  std::istream& in = options.file == "-" ? std::cin : file;
  std::array<char, 64 << 10> block{};
  csv::Reader reader([&]() -> absl::string_view {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    return {block.data(), static_cast<size_t>(in.gcount())};
  });
  csv::Record headings;
  if (!in) return base::InvalidArgument(options.file, "cannot be read", "FILE_UNREADABLE");
  CITY_ASSIGN_OR_RETURN(const bool any, reader.Next(&headings));
  if (!any) return base::InvalidArgument(options.file, "is empty or no file", "TEXT_EMPTY");
  CITY_ASSIGN_OR_RETURN(KnownNames indicators,
                        LoadNames(session, "/v1/indicators", "indicators", "id"));
  CITY_ASSIGN_OR_RETURN(KnownNames places, LoadNames(session, "/v1/places", "places", "code"));
  CITY_ASSIGN_OR_RETURN(
      const ObservationSheet sheet,
      ObservationSheet::Open(mapping, headings.fields, std::move(indicators), std::move(places)));
  ImportReport report(session.json, options.dry_run);
  return report.Finish(SendAll(session, options, sheet, reader, report));
}

}  // namespace

void AddObservationImportCommand(CLI::App* import, Session& session) {
  CLI::App* observations = import->add_subcommand(
      "observations",
      "Values from a statistician's sheet (CSV); docs/metrics.md says which sheets");
  auto options = std::make_shared<ImportOptions>();
  observations->add_option("file", options->file, "A CSV file in UTF-8, - for standard input")
      ->required();
  observations->add_option("--source", options->source, "Where the values come from (统计年鉴2021)")
      ->required();
  observations->add_option("--mapping", options->mapping,
                           "A file that says what the columns hold: lines field = heading");
  observations
      ->add_option("--set", options->set,
                   "What is the same in every row: place=522601, publish_date=2021-12-30")
      ->allow_extra_args(false);
  observations->add_flag("--dry-run", options->dry_run, "Show what would change, store nothing");
  session.On(observations, [&session, options] { return ImportObservations(session, *options); });
}

}  // namespace cityinfo::cli
