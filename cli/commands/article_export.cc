// cityctl articles export.
#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "cli/commands/article_commands.h"

namespace cityinfo::cli {
namespace {

struct ExportOptions {
  std::string format = "atom";
  std::string section, tag, publication, place;
  int size = 30;
};

absl::Status Export(Session& session, const ExportOptions& options) {
  auto text = session.api().GetText(absl::StrCat("/feeds/articles.", options.format),
                                    {{"section", options.section},
                                     {"tag", options.tag},
                                     {"publication", options.publication},
                                     {"place", options.place},
                                     {"size", std::to_string(options.size)}});
  if (!text.ok()) return text.status();
  std::fwrite(text->data(), 1, text->size(), stdout);
  return absl::OkStatus();
}

}  // namespace

void AddArticleExportCommand(CLI::App& articles, Session& session) {
  CLI::App* command = articles.add_subcommand(
      "export", "The newest published articles as a feed, on standard output");
  auto options = std::make_shared<ExportOptions>();
  command
      ->add_option("--format", options->format,
                   "atom (RFC 4287), json (JSON Feed 1.1) or ninjs (IPTC ninjs 3.0)")
      ->check(CLI::IsMember({"atom", "json", "ninjs"}));
  command->add_option("--section", options->section, "Only this section");
  command->add_option("--tag", options->tag, "Only with this tag");
  command->add_option("--publication", options->publication, "Only of this newspaper");
  command->add_option("--place", options->place, "Only of this place (code)");
  command->add_option("--size", options->size, "At most this many")->check(CLI::Range(1, 100));
  session.On(command, [&session, options] { return Export(session, *options); });
}

}  // namespace cityinfo::cli
