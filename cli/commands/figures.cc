// cityctl figures list, cityctl extract.
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/commands/figure_commands.h"
#include "cli/event_text.h"
#include "cli/figure_text.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/table.h"
#include "platform/base/utf8.h"

namespace cityinfo::cli {
namespace {

struct FigureFilter {
  std::string article, indicator, place, review_state, anchor, order;
  size_t limit = 100;
};

absl::Status List(Session& session, const FigureFilter& filter) {
  const std::string article =
      filter.article.empty()
          ? ""
          : absl::StrCat("articles/", absl::StripPrefix(filter.article, "articles/"));
  auto list =
      session.api().GetAll("/v1/figures",
                           {{"article", article},
                            {"indicator", filter.indicator},
                            {"place", filter.place},
                            {"review_state", filter.review_state},
                            {"anchor", filter.anchor},
                            {"show_retracted", filter.anchor == "BROKEN" ? "true" : ""},
                            {"order_by", filter.order == "doubt" ? "DOUBT" : ""},
                            {"page_size", std::to_string(std::min<size_t>(filter.limit, 1000))}},
                           "figures", filter.limit);
  if (!list.ok()) return list.status();
  if (session.json) {
    std::printf("%s\n", list->dump(2).c_str());
    return absl::OkStatus();
  }
  const Table table = FigureTable((*list)["figures"]);
  std::printf("%s", table.empty() ? "no figures\n" : table.ToString(56).c_str());
  return absl::OkStatus();
}

// One JSON object a line. `start` and `end` are the sentence's offsets in the text, `value_start`
// and `value_end` the printed value's; all in code points.
Json ExtractedLine(const Json& figure) {
  const Json& citation = figure["citation"];
  auto number = [&](const char* field) { return std::stoll(citation.value(field, "0")); };
  return Json{{"value_start", number("valueStart")},
              {"value_end", number("valueEnd")},
              {"printed", figure.value("printed", "")},
              {"unit", figure.value("printedUnit", "")},
              {"indicator_text", figure.value("indicatorText", "")},
              {"indicator", figure.value("indicator", "")},
              {"measure", figure.value("measure", "")},
              {"kind", figure.value("kind", "")},
              {"period", figure.value("period", "")},
              {"place", figure.value("place", "")},
              {"qualifier", figure.value("qualifier", "")},
              {"exact_value", figure.value("exactValue", "")},
              {"base_unit", figure.value("unit", "")},
              {"start", number("start")},
              {"end", number("end")},
              {"quote", citation.value("quote", "")}};
}

// "6.0%—6.5%" states two values; scripts that compare figures one by one get a line for each.
std::vector<Json> LinesOf(const Json& figure) {
  Json line = ExtractedLine(figure);
  const std::string printed = line["printed"];
  const auto [low, high] = SplitRange(printed);
  if (figure.value("qualifier", "") != "RANGE" || high.empty()) return {line};
  Json upper = line;
  const int64_t start = line["value_start"].get<int64_t>();
  line["printed"] = low;
  line["value_end"] = start + base::CountCodePoints(low);
  upper["printed"] = high;
  upper["value_start"] = upper["value_end"].get<int64_t>() - base::CountCodePoints(high);
  upper["exact_value"] = figure.value("exactValueHigh", "");
  return {line, upper};
}

// One JSON object a line, as ExtractedLine: where the sentence and its date stand.
Json EventLine(const Json& event) {
  const Json& citation = event["citation"];
  auto number = [&](const char* field) { return std::stoll(citation.value(field, "0")); };
  return Json{{"date", EventDateText(event)},
              {"summary", event.value("summary", "")},
              {"planned", event.value("planned", false)},
              {"place", event.value("place", "")},
              {"date_start", number("valueStart")},
              {"date_end", number("valueEnd")},
              {"start", number("start")},
              {"end", number("end")},
              {"quote", citation.value("quote", "")}};
}

absl::Status Extract(Session& session, const std::string& path, const std::string& date,
                     const std::string& place, bool events) {
  auto text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  auto publish_date = DateToJson(date, /*partial=*/true);
  if (!publish_date.ok()) return publish_date.status();
  auto answer =
      session.api().Post("/v1/figures:extract",
                         Json{{"text", *text}, {"publishDate", *publish_date}, {"place", place}});
  if (!answer.ok()) return answer.status();
  if (events) {
    for (const Json& event : answer->value("events", Json::array())) {
      std::printf("%s\n", EventLine(event).dump().c_str());
    }
    return absl::OkStatus();
  }
  for (const Json& figure : answer->value("figures", Json::array())) {
    for (const Json& line : LinesOf(figure)) std::printf("%s\n", line.dump().c_str());
  }
  return absl::OkStatus();
}

}  // namespace

void AddFigureCommands(CLI::App& app, Session& session) {
  CLI::App* figures = app.add_subcommand("figures", "The statements behind the numbers");
  figures->require_subcommand(1);
  CLI::App* list = figures->add_subcommand("list", "Figures with the sentences that state them");
  auto filter = std::make_shared<FigureFilter>();
  list->add_option("--article", filter->article, "Only of this article");
  list->add_option("--indicator", filter->indicator, "Only of this indicator");
  list->add_option("--place", filter->place, "Only of this place (code)");
  list->add_option("--review-state", filter->review_state,
                   "UNREVIEWED, CONFIRMED, REJECTED or AMENDED");
  list->add_option("--anchor", filter->anchor,
                   "VALID, MOVED or BROKEN: does the newest revision bear it out?");
  list->add_option("--order", filter->order, "newest, or doubt: the least sure first")
      ->check(CLI::IsMember({"newest", "doubt"}));
  list->add_option("--limit", filter->limit, "At most this many")->check(CLI::Range(1, 100000));
  session.On(list, [&session, filter] { return List(session, *filter); });
  AddFigureReviewCommand(*figures, session);

  CLI::App* extract =
      app.add_subcommand("extract", "Find the figures in a text; JSON lines, stores nothing");
  auto path = std::make_shared<std::string>();
  auto date = std::make_shared<std::string>();
  auto place = std::make_shared<std::string>();
  extract->add_option("file", *path, "A UTF-8 text, - for standard input")->required();
  extract->add_option("--date", *date, "When it was published (2021-12-20, 2021-12 or 2021)")
      ->required();
  extract->add_option("--place", *place, "Code of the place it speaks for")->required();
  auto events = std::make_shared<bool>(false);
  extract->add_flag("--events", *events, "The dated events instead");
  session.On(extract, [&session, path, date, place, events] {
    return Extract(session, *path, *date, *place, *events);
  });
}

}  // namespace cityinfo::cli
