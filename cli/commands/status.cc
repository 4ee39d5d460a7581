// cityctl status: how each part of the suite is.
#include <cstdio>
#include <memory>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/table.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

constexpr absl::Duration kPollEvery = absl::Milliseconds(100);

// /readyz answers 200 or 503, both with the components.
absl::StatusOr<Json> Ready(Session& session) {
  auto response = session.api().http().Send("GET", "/readyz");
  if (!response.ok()) return response.status();
  Json json = Json::parse(response->body, nullptr, false);
  if (!json.is_object() || !json.contains("status")) return StatusOfError(*response);
  return json;
}

int ExitCodeOfState(const std::string& state) {
  return state == "ok" ? kSuccess : state == "degraded" ? kDegraded : kUnavailable;
}

absl::Status Wait(Session& session, absl::Duration wait) {
  const absl::Time deadline = absl::Now() + wait;
  std::string last = "no answer";
  while (absl::Now() < deadline) {
    auto ready = Ready(session);
    if (ready.ok() && ready->value("status", "") != "down") return absl::OkStatus();
    last = ready.ok() ? ready->dump() : std::string(ready.status().message());
    std::this_thread::sleep_for(absl::ToChronoMilliseconds(kPollEvery));
  }
  return base::Unavailable(
      "NOT_READY", absl::StrCat("not ready after ", absl::FormatDuration(wait), ": ", last));
}

absl::Status Show(Session& session) {
  auto ready = Ready(session);
  if (!ready.ok()) return ready.status();
  const std::string state = ready->value("status", "down");
  session.exit_code = ExitCodeOfState(state);
  if (session.json) {
    std::printf("%s\n", ready->dump(2).c_str());
    return absl::OkStatus();
  }
  Table table({"COMPONENT", "STATE", "MESSAGE"});
  for (const Json& part : ready->value("components", Json::array())) {
    table.AddRow({part.value("name", ""), part.value("state", ""), part.value("message", "")});
  }
  std::printf("%s%s\n", table.ToString(80).c_str(), state.c_str());
  return absl::OkStatus();
}

}  // namespace

void AddStatusCommand(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("status", "How each component is: ok, degraded or down");
  auto wait = std::make_shared<std::string>();
  command->add_option("--wait", *wait,
                      "Wait this long (such as 30s) until the suite is ready, then exit 0");
  session.On(command, [&session, wait]() -> absl::Status {
    if (wait->empty()) return Show(session);
    absl::Duration duration;
    if (!absl::ParseDuration(*wait, &duration) || duration <= absl::ZeroDuration()) {
      return base::InvalidArgument("--wait",
                                   absl::StrCat("\"", *wait, "\" is not a duration such as 30s"));
    }
    return Wait(session, duration);
  });
}

}  // namespace cityinfo::cli
