// cityctl events list.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/event_text.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/table.h"
#include "platform/base/status_macros.h"

namespace cityinfo::cli {
namespace {

struct EventFilter {
  std::string article, place, from, to;
  size_t limit = 50;
};

// A day, month or year by its parts: "2021-09" as date_from.year and date_from.month.
absl::Status AddDate(const std::string& text, const std::string& field, Query* query) {
  if (text.empty()) return absl::OkStatus();
  CITY_ASSIGN_OR_RETURN(const Json date, DateToJson(text, /*partial=*/true));
  for (const auto& [part, value] : date.items()) {
    query->push_back({absl::StrCat(field, ".", part), absl::StrCat(value.get<int>())});
  }
  return absl::OkStatus();
}

absl::Status List(Session& session, const EventFilter& filter) {
  const std::string article =
      filter.article.empty()
          ? ""
          : absl::StrCat("articles/", absl::StripPrefix(filter.article, "articles/"));
  Query query = {{"article", article},
                 {"place", filter.place},
                 {"page_size", std::to_string(std::min<size_t>(filter.limit, 500))}};
  CITY_RETURN_IF_ERROR(AddDate(filter.from, "date_from", &query));
  CITY_RETURN_IF_ERROR(AddDate(filter.to, "date_to", &query));
  auto list = session.api().GetAll("/v1/events", query, "events", filter.limit);
  if (!list.ok()) return list.status();
  if (session.json) {
    std::printf("%s\n", list->dump(2).c_str());
    return absl::OkStatus();
  }
  Table table({"DATE", "WHAT", "PLACE", "ARTICLE"});
  for (const Json& event : (*list)["events"]) {
    table.AddRow(
        {EventDateText(event),
         absl::StrCat(event.value("planned", false) ? "(plan) " : "", event.value("summary", "")),
         event.value("place", ""), event["citation"].value("article", "")});
  }
  std::printf("%s", table.empty() ? "no events\n" : table.ToString(64).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddEventCommands(CLI::App& app, Session& session) {
  CLI::App* events = app.add_subcommand("events", "The city's timeline");
  events->require_subcommand(1);
  CLI::App* list = events->add_subcommand("list", "Dated events, newest first");
  auto filter = std::make_shared<EventFilter>();
  list->add_option("--article", filter->article, "Only of this article");
  list->add_option("--place", filter->place, "Only of this place (code)");
  list->add_option("--from", filter->from, "Of this day, month or year or later");
  list->add_option("--to", filter->to, "Of this day, month or year or earlier");
  list->add_option("--limit", filter->limit, "At most this many")->check(CLI::Range(1, 100000));
  session.On(list, [&session, filter] { return List(session, *filter); });
}

}  // namespace cityinfo::cli
