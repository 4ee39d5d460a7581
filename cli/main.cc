// cityctl, the tool of editors and operators.
#include <cstdio>
#include <string>

#include "cli/exit_code.h"
#include "cli/session.h"

namespace {

constexpr char kFooter[] =
    "Settings: CITYINFO_URL (the gateway), CITYINFO_KEY (the key for writes).\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 refused input, 5 not allowed,\n"
    "            6 unavailable (try again), 10 degraded (status only).";

int Run(int argc, char** argv) {
  cityinfo::cli::Session session;
  CLI::App app("cityctl: a city's articles and official figures from the command line", "cityctl");
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  app.add_option("--url", session.url, "The gateway's address")->envname("CITYINFO_URL");
  app.add_option("--key", session.key, "An editor's key; better given in CITYINFO_KEY")
      ->envname("CITYINFO_KEY");
  app.add_flag("--json", session.json, "Print JSON, as the API answers");
  AddImportCommands(app, session);
  AddArticleCommands(app, session);
  AddObservationCommands(app, session);
  AddAssessmentCommands(app, session);
  AddFigureCommands(app, session);
  AddEventCommands(app, session);
  AddStatusCommand(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cityinfo::cli::kSuccess : cityinfo::cli::kUsage;
  }
  if (!session.status.ok()) {
    std::fprintf(stderr, "cityctl: %s\n", std::string(session.status.message()).c_str());
    if (cityinfo::cli::ExitCodeOf(session.status) == cityinfo::cli::kNotAllowed) {
      std::fprintf(stderr,
                   "Set CITYINFO_KEY to an editor's key; ./dev run keeps its own in the data "
                   "folder's editor.key.\n");
    }
  }
  return session.exit_code >= 0 ? session.exit_code : cityinfo::cli::ExitCodeOf(session.status);
}

}  // namespace

int main(int argc, char** argv) { return Run(argc, argv); }
