// cityctl observations query.
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "cli/chart.h"
#include "cli/commands/figure_commands.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/table.h"

namespace cityinfo::cli {
namespace {

struct SeriesOptions {
  std::string indicators, places, within, measures, kinds, granularities, from, to, as_of,
      published_as_of, units, index_period;
  int last_n = 0;
  size_t limit = 1000;
  bool csv = false;
};

// Rows of one table of the gateway's.
constexpr size_t kMaxTableRows = 10'000;

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

// As printed; what was computed was not.
std::string ValueText(const Json& observation) {
  const std::string printed = observation.value("printed", "");
  if (!printed.empty()) return printed;
  return absl::StrCat(observation.value("exactValue", ""), observation.value("unit", ""));
}

// One chart a series (indicator, place, measure) of two periods or more.
void PrintCharts(const Json& observations) {
  std::map<std::string, std::vector<Bar>> charts;
  for (const Json& o : observations) {
    const std::string title = absl::StrCat(o.value("indicatorName", ""), " ", o.value("place", ""),
                                           " ", o.value("measure", ""));
    charts[title].push_back({.label = o.value("period", ""),
                             .value = o.value("value", 0.0),
                             .printed = ValueText(o),
                             .hollow = o.value("kind", "") != "ACTUAL"});
  }
  for (const auto& [title, bars] : charts) {
    if (bars.size() >= 2)
      std::printf("\n%s  (█ actual, ░ target)\n%s", title.c_str(), BarChart(bars).c_str());
  }
}

Query QueryOf(const SeriesOptions& options) {
  Query query;
  AddList(query, "indicators", options.indicators);
  AddList(query, "places", options.places);
  AddList(query, "places_within", options.within);
  AddList(query, "measures", options.measures);
  AddList(query, "kinds", options.kinds);
  AddList(query, "granularities", options.granularities);
  query.insert(query.end(),
               {{"period_from", options.from},
                {"period_to", options.to},
                {"as_of", options.as_of},
                {"published_as_of", options.published_as_of},
                {"units", options.units},
                {"index_period", options.index_period},
                {"last_n", options.last_n == 0 ? "" : std::to_string(options.last_n)},
                {"page_size", std::to_string(std::min<size_t>(
                                  options.limit, options.csv ? kMaxTableRows : 1000))}});
  return query;
}

absl::Status PrintCsv(Session& session, Query query) {
  query.emplace_back("format", "csv");
  const auto table = session.api().GetText("/v1/observations", query);
  if (!table.ok()) return table.status();
  std::printf("%s", table->c_str());
  return absl::OkStatus();
}

absl::Status QuerySeries(Session& session, const SeriesOptions& options) {
  const Query query = QueryOf(options);
  if (options.csv) {
    if (options.limit <= kMaxTableRows) return PrintCsv(session, query);
    return absl::InvalidArgumentError("--csv gives at most 10000 rows; lower --limit");
  }
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
                  absl::StrCat(ValueText(o),
                               qualifier == "EXACT" || qualifier.empty() ? "" : " " + qualifier),
                  Source(o)});
  }
  std::printf("%s", table.empty() ? "no observations\n" : table.ToString().c_str());
  PrintCharts((*found)["observations"]);
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
  query->add_option("--within", options->within,
                    "Codes; the direct parts of these places (5226: its cities and counties)");
  query->add_option(
      "--granularity", options->granularities,
      "yearly, half_yearly, quarterly, monthly, daily, cumulative_months, month_span, "
      "year_span; separated by commas");
  query->add_option(
      "--units", options->units,
      "Compute from published levels: chg, ch1, pch, pc1, pca or nbd, as FRED has them");
  query->add_option("--index-period", options->index_period,
                    "With --units nbd: the period that is 100");
  query->add_flag("--csv", options->csv, "As CSV, every field a column");
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
  AddVintagesCommand(*observations, session);
  session.On(query, [&session, options] { return QuerySeries(session, *options); });
}

}  // namespace cityinfo::cli
