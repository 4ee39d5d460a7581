// cityctl progress, cityctl conflicts, cityctl plausibility.
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/table.h"

namespace cityinfo::cli {
namespace {

constexpr int kMessageWidth = 160;

struct Filters {
  std::string indicators, places, rules;
  size_t limit = 500;

  Query ToQuery() const {
    Query query;
    const auto add = [&query](const std::string& name, const std::string& values) {
      for (absl::string_view value : absl::StrSplit(values, ',', absl::SkipWhitespace())) {
        query.emplace_back(name, std::string(value));
      }
    };
    add("indicators", indicators);
    add("places", places);
    add("rules", rules);
    return query;
  }
};

// Prints the answer as it came, with --json.
bool PrintedJson(const Session& session, const Json& answer) {
  if (session.json) std::printf("%s\n", answer.dump(2).c_str());
  return session.json;
}

void PrintTable(const Table& table, const char* nothing, int max_column = 48) {
  std::printf("%s", table.empty() ? nothing : table.ToString(max_column).c_str());
}

std::string Percent(const Json& message, const char* field, double factor) {
  if (!message.contains(field) || message[field].is_null()) return "-";
  return absl::StrFormat("%.2f %%", message[field].get<double>() * factor);
}

std::string Subject(const Json& observation) {
  return observation.value("indicatorName", observation.value("indicator", ""));
}

// The articles and files that say so.
std::string Sources(const Json& observation) {
  std::string text = observation.value("source", "");
  for (const Json& citation : observation.value("citations", Json::array())) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", "《", citation.value("articleTitle", ""),
                    "》 ", DateFromJson(citation, "publishDate"));
  }
  return text;
}

absl::Status ShowProgress(Session& session, const Filters& filters) {
  auto answer = session.api().Get("/v1/progress", filters.ToQuery());
  if (!answer.ok()) return answer.status();
  if (PrintedJson(session, *answer)) return absl::OkStatus();
  Table table({"INDICATOR", "PLACE", "DUE", "TARGET", "DIRECTION", "SO FAR", "ATTAINED",
               "NEEDED A YEAR", "RECENT A YEAR", "STATUS", "BEFORE"});
  for (const Json& p : answer->value("progress", Json::array())) {
    const Json& target = p["target"];
    const bool has_actual = p.contains("actual") && p["actual"].is_object();
    std::string before;
    for (const Json& earlier : p.value("supersededTargets", Json::array())) {
      absl::StrAppend(&before, before.empty() ? "" : ", ", earlier.value("printed", ""));
    }
    table.AddRow({Subject(target), target.value("place", ""), target.value("period", ""),
                  target.value("printed", ""), p.value("direction", ""),
                  has_actual ? absl::StrCat(p["actual"].value("printed", ""), " (",
                                            p["actual"].value("period", ""), ")")
                             : "-",
                  Percent(p, "attainedShare", 100), Percent(p, "requiredAnnualGrowth", 1),
                  Percent(p, "recentAnnualGrowth", 1), p.value("status", ""), before});
  }
  PrintTable(table, "no targets\n");
  return absl::OkStatus();
}

absl::Status ShowConflicts(Session& session, const Filters& filters) {
  auto answer =
      session.api().GetAll("/v1/conflicts", filters.ToQuery(), "conflicts", filters.limit);
  if (!answer.ok()) return answer.status();
  if (PrintedJson(session, *answer)) return absl::OkStatus();
  // One row a value; the preferred one first, with its key.
  Table table({"INDICATOR", "PLACE", "MEASURE", "KIND", "PERIOD", "VALUE", "PUBLISHED", "SOURCES"});
  for (const Json& conflict : (*answer)["conflicts"]) {
    const auto add = [&](const Json& o, bool preferred) {
      table.AddRow({preferred ? Subject(o) : "", preferred ? o.value("place", "") : "",
                    preferred ? o.value("measure", "") : "", preferred ? o.value("kind", "") : "",
                    preferred ? o.value("period", "") : "",
                    absl::StrCat(preferred ? "* " : "  ", o.value("printed", "")),
                    DateFromJson(o, "publishDate"), Sources(o)});
    };
    add(conflict["preferred"], true);
    for (const Json& other : conflict["others"]) add(other, false);
  }
  PrintTable(table, "no conflicts\n");
  if (!table.empty()) {
    std::printf("\n* preferred: %s\n", (*answer)["conflicts"][0].value("rule", "").c_str());
  }
  return absl::OkStatus();
}

absl::Status ShowFindings(Session& session, const Filters& filters) {
  auto answer =
      session.api().GetAll("/v1/plausibility", filters.ToQuery(), "findings", filters.limit);
  if (!answer.ok()) return answer.status();
  if (PrintedJson(session, *answer)) return absl::OkStatus();
  Table table({"RULE", "PLACE", "PERIOD", "EXPECTED", "WHAT"});
  for (const Json& finding : (*answer)["findings"]) {
    const Json& o = finding["observation"];
    const std::string expected = finding.value("expected", "");
    table.AddRow({finding.value("rule", ""), o.value("place", ""), o.value("period", ""),
                  expected.empty() ? "-" : absl::StrCat(expected, " ", o.value("unit", "")),
                  finding.value("message", "")});
  }
  PrintTable(table, "nothing implausible\n", kMessageWidth);
  return absl::OkStatus();
}

// A command with the filters that all have.
CLI::App* AddCommand(CLI::App& app, const char* name, const char* description, Filters& filters) {
  CLI::App* command = app.add_subcommand(name, description);
  command->add_option("--indicators", filters.indicators, "Ids, separated by commas");
  command->add_option("--places", filters.places, "Codes, separated by commas");
  return command;
}

}  // namespace

void AddAssessmentCommands(CLI::App& app, Session& session) {
  auto targets = std::make_shared<Filters>();
  CLI::App* progress =
      AddCommand(app, "progress", "Targets and how far they are attained", *targets);
  session.On(progress, [&session, targets] { return ShowProgress(session, *targets); });

  auto disputed = std::make_shared<Filters>();
  CLI::App* conflicts =
      AddCommand(app, "conflicts", "Values about which sources disagree", *disputed);
  conflicts->add_option("--limit", disputed->limit, "At most this many")
      ->check(CLI::Range(1, 100000));
  session.On(conflicts, [&session, disputed] { return ShowConflicts(session, *disputed); });

  auto checked = std::make_shared<Filters>();
  CLI::App* plausibility =
      AddCommand(app, "plausibility", "Published values that cannot well be so", *checked);
  plausibility->add_option("--rules", checked->rules,
                           "SHARE_OUT_OF_RANGE, PARTS_DO_NOT_ADD_UP, GROWTH_CONTRADICTS_LEVELS, "
                           "POWER_OF_TEN, separated by commas");
  plausibility->add_option("--limit", checked->limit, "At most this many")
      ->check(CLI::Range(1, 100000));
  session.On(plausibility, [&session, checked] { return ShowFindings(session, *checked); });
}

}  // namespace cityinfo::cli
