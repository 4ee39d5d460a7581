// cityctl observations query, cityctl progress.
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "cli/chart.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/table.h"

namespace cityinfo::cli {
namespace {

struct SeriesOptions {
  std::string indicators, places, measures, kinds, from, to, as_of, published_as_of;
  int last_n = 0;
  size_t limit = 1000;
};

// "a,b" becomes two entries of a repeated field.
void AddList(Query& query, const std::string& name, const std::string& values) {
  for (absl::string_view value : absl::StrSplit(values, ',', absl::SkipWhitespace())) {
    query.emplace_back(name, std::string(value));
  }
}

std::string Source(const Json& observation) {
  if (observation["citations"].empty()) return observation.value("source", "");
  const Json& citation = observation["citations"][0];
  return absl::StrCat("《", citation.value("articleTitle", ""), "》 ",
                      DateFromJson(citation, "publishDate"));
}

// One chart a series (indicator, place, measure) of two periods or more.
void PrintCharts(const Json& observations) {
  std::map<std::string, std::vector<Bar>> charts;
  for (const Json& o : observations) {
    const std::string title = absl::StrCat(o.value("indicatorName", ""), " ", o.value("place", ""),
                                           " ", o.value("measure", ""));
    charts[title].push_back({.label = o.value("period", ""),
                             .value = o.value("value", 0.0),
                             .printed = o.value("printed", ""),
                             .hollow = o.value("kind", "") != "ACTUAL"});
  }
  for (const auto& [title, bars] : charts) {
    if (bars.size() >= 2)
      std::printf("\n%s  (█ actual, ░ target)\n%s", title.c_str(), BarChart(bars).c_str());
  }
}

absl::Status QuerySeries(Session& session, const SeriesOptions& options) {
  Query query;
  AddList(query, "indicators", options.indicators);
  AddList(query, "places", options.places);
  AddList(query, "measures", options.measures);
  AddList(query, "kinds", options.kinds);
  query.insert(query.end(), {{"period_from", options.from},
                             {"period_to", options.to},
                             {"as_of", options.as_of},
                             {"published_as_of", options.published_as_of},
                             {"last_n", options.last_n == 0 ? "" : std::to_string(options.last_n)},
                             {"page_size", std::to_string(std::min<size_t>(options.limit, 1000))}});
  auto found = session.api().GetAll("/v1/observations", query, "observations", options.limit);
  if (!found.ok()) return found.status();
  if (session.json) {
    std::printf("%s\n", found->dump(2).c_str());
    return absl::OkStatus();
  }
  Table table({"INDICATOR", "PLACE", "MEASURE", "KIND", "PERIOD", "VALUE", "SOURCE"});
  for (const Json& o : (*found)["observations"]) {
    const std::string qualifier = o.value("qualifier", "");
    table.AddRow({o.value("indicatorName", o.value("indicator", "")), o.value("place", ""),
                  o.value("measure", ""), o.value("kind", ""), o.value("period", ""),
                  absl::StrCat(o.value("printed", ""),
                               qualifier == "EXACT" || qualifier.empty() ? "" : " " + qualifier),
                  Source(o)});
  }
  std::printf("%s", table.empty() ? "no observations\n" : table.ToString().c_str());
  PrintCharts((*found)["observations"]);
  return absl::OkStatus();
}

std::string Percent(const Json& message, const char* field, double factor) {
  if (!message.contains(field) || message[field].is_null()) return "-";
  return absl::StrFormat("%.2f %%", message[field].get<double>() * factor);
}

absl::Status ShowProgress(Session& session, const std::string& indicators,
                          const std::string& places) {
  Query query;
  AddList(query, "indicators", indicators);
  AddList(query, "places", places);
  auto answer = session.api().Get("/v1/progress", query);
  if (!answer.ok()) return answer.status();
  if (session.json) {
    std::printf("%s\n", answer->dump(2).c_str());
    return absl::OkStatus();
  }
  Table table(
      {"INDICATOR", "PLACE", "DUE", "TARGET", "SO FAR", "ATTAINED", "NEEDED A YEAR", "STATUS"});
  for (const Json& p : answer->value("progress", Json::array())) {
    const Json& target = p["target"];
    const bool has_actual = p.contains("actual") && p["actual"].is_object();
    table.AddRow({target.value("indicatorName", ""), target.value("place", ""),
                  target.value("period", ""), target.value("printed", ""),
                  has_actual ? absl::StrCat(p["actual"].value("printed", ""), " (",
                                            p["actual"].value("period", ""), ")")
                             : "-",
                  Percent(p, "attainedShare", 100), Percent(p, "requiredAnnualGrowth", 1),
                  p.value("status", "")});
  }
  std::printf("%s", table.empty() ? "no targets\n" : table.ToString().c_str());
  return absl::OkStatus();
}

}  // namespace

void AddObservationCommands(CLI::App& app, Session& session) {
  CLI::App* observations = app.add_subcommand("observations", "The city's numbers");
  observations->require_subcommand(1);
  CLI::App* query =
      observations->add_subcommand("query", "Observations as a table, with a chart of each series");
  auto options = std::make_shared<SeriesOptions>();
  query->add_option("--indicators", options->indicators,
                    "Ids, separated by commas (gdp,retail_sales)");
  query->add_option("--places", options->places, "Codes, separated by commas (522601)");
  query->add_option("--measures", options->measures,
                    "LEVEL, YOY_GROWTH, AVERAGE_GROWTH, SHARE, CHANGE, RANK");
  query->add_option("--kinds", options->kinds, "ACTUAL, TARGET, FORECAST");
  query->add_option("--from", options->from, "Periods that end in this one or later (2018)");
  query->add_option("--to", options->to, "Periods that end in this one or earlier");
  query->add_option("--last-n", options->last_n, "Only the newest n periods of each series");
  query->add_option("--as-of", options->as_of,
                    "As the platform knew at this moment (2021-12-20T00:00:00Z)");
  query->add_option("--published-as-of", options->published_as_of,
                    "As published up to this day (2021-12-20)");
  query->add_option("--limit", options->limit, "At most this many")->check(CLI::Range(1, 100000));
  session.On(query, [&session, options] { return QuerySeries(session, *options); });

  CLI::App* progress = app.add_subcommand("progress", "Targets and how far they are attained");
  auto indicators = std::make_shared<std::string>();
  auto places = std::make_shared<std::string>();
  progress->add_option("--indicators", *indicators, "Ids, separated by commas");
  progress->add_option("--places", *places, "Codes, separated by commas");
  session.On(progress, [&session, indicators, places] {
    return ShowProgress(session, *indicators, *places);
  });
}

}  // namespace cityinfo::cli
