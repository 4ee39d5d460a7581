// cityctl observations vintages.
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/commands/figure_commands.h"
#include "cli/figure_text.h"

namespace cityinfo::cli {
namespace {

absl::Status ListVintages(Session& session, const std::string& name) {
  const std::string id(absl::StripPrefix(name, "observations/"));
  auto answer = session.api().Get(absl::StrCat("/v1/observations/", id, ":vintages"));
  if (!answer.ok()) return answer.status();
  std::printf("%s",
              session.json
                  ? (answer->dump(2) + "\n").c_str()
                  : VintageTable(answer->value("vintages", Json::array())).ToString().c_str());
  return absl::OkStatus();
}

}  // namespace

void AddVintagesCommand(CLI::App& observations, Session& session) {
  CLI::App* vintages = observations.add_subcommand(
      "vintages",
      "Every version of one observation: what it said, whence, and why it was replaced");
  auto name = std::make_shared<std::string>();
  vintages->add_option("name", *name, "As the API has it: gdp.522601.LEVEL.ACTUAL.2020")
      ->required();
  session.On(vintages, [&session, name] { return ListVintages(session, *name); });
}

}  // namespace cityinfo::cli
