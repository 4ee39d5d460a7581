// cityctl figures review.
#include <cstdio>
#include <memory>

#include "cli/commands/figure_commands.h"
#include "cli/figure_text.h"

namespace cityinfo::cli {
namespace {

struct ReviewOptions {
  std::string name, comment;
  bool confirm = false, reject = false;
  std::vector<std::string> amend;
};

absl::Status Review(Session& session, const ReviewOptions& options) {
  auto path = FigurePath(options.name);
  if (!path.ok()) return path.status();
  if (options.confirm + options.reject + !options.amend.empty() != 1) {
    return absl::InvalidArgumentError("say one of --confirm, --reject and --amend field=value …");
  }
  Json body = {{"action", options.confirm  ? "CONFIRM"
                          : options.reject ? "REJECT"
                                           : "AMEND"},
               {"comment", options.comment}};
  if (!options.amend.empty()) {
    auto amended = AmendmentFromFields(options.amend);
    if (!amended.ok()) return amended.status();
    body["amended"] = *std::move(amended);
  }
  auto figure = session.api().Post(*path + ":review", body);
  if (!figure.ok()) return figure.status();
  std::printf("%s", session.json ? (figure->dump(2) + "\n").c_str() : FigureText(*figure).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddFigureReviewCommand(CLI::App& figures, Session& session) {
  CLI::App* review =
      figures.add_subcommand("review", "Say of a figure that it is right, wrong, or what it means");
  auto options = std::make_shared<ReviewOptions>();
  review->add_option("name", options->name, "The figure's name, as figures list shows it")
      ->required();
  review->add_flag("--confirm", options->confirm, "It is right as it was read");
  review->add_flag("--reject", options->reject, "It is wrong and leaves the series");
  review->add_option("--amend", options->amend,
                     "It is to read: field=value, any of indicator, place, measure, kind, period, "
                     "exact_value, exact_value_high, unit, qualifier, stage");
  review->add_option("--comment", options->comment, "Why; for those who may review");
  session.On(review, [&session, options] { return Review(session, *options); });
}

}  // namespace cityinfo::cli
