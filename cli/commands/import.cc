// cityctl import page, cityctl split.
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "cli/commands/article_import.h"
#include "cli/commands/observation_import.h"
#include "cli/input.h"
#include "cli/progress_bar.h"
#include "cli/session.h"
#include "cli/table.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

struct PageOptions {
  std::vector<std::string> files;
  std::string publication, date, place, page;
  bool publish = false;
  bool dry_run = false;
};

// Sums up a run over many inputs: the first failure decides the exit code, the rest still run.
class Summary {
 public:
  Summary(const Session& session, std::vector<std::string> header)
      : json_(session.json), table_(std::move(header)) {}

  void Done(Json entry, std::vector<std::string> row) {
    // A page's entry goes with its first article's row.
    if (!entry.is_null()) entries_.push_back(std::move(entry));
    table_.AddRow(std::move(row));
  }
  void Failed(const std::string& input, const absl::Status& status, std::vector<std::string> row) {
    if (failed_++ == 0) first_failure_ = status;
    entries_.push_back(Json{{"input", input}, {"error", std::string(status.message())}});
    table_.AddRow(std::move(row));
  }
  absl::Status Print(size_t total) {
    if (json_) {
      std::printf("%s\n", Json{{"results", entries_}, {"failed", failed_}}.dump(2).c_str());
    } else {
      std::printf("%s", table_.ToString(72).c_str());
    }
    if (failed_ == 0) return absl::OkStatus();
    if (total == 1) return first_failure_;
    return base::MakeError(
        first_failure_.code(), base::ErrorReason(first_failure_),
        absl::StrCat(failed_, " of ", total, " failed; the first: ", first_failure_.message()));
  }

 private:
  const bool json_;
  Table table_;
  Json entries_ = Json::array();
  size_t failed_ = 0;
  absl::Status first_failure_;
};

absl::StatusOr<Json> ImportOnePage(Session& session, const PageOptions& options, const Json& date,
                                   const std::string& file) {
  auto text = ReadTextFile(file);
  if (!text.ok()) return text.status();
  return session.api().Post("/v1/pages:import", Json{{"text", *text},
                                                     {"publication", options.publication},
                                                     {"publishDate", date},
                                                     {"page", options.page},
                                                     {"place", options.place},
                                                     {"publish", options.publish},
                                                     {"validateOnly", options.dry_run}});
}

absl::Status ImportPages(Session& session, const PageOptions& options) {
  auto date = DateToJson(options.date);
  if (!date.ok()) return date.status();
  Summary summary(session, {"FILE", "RESULT", "ARTICLE", "DOUBTS", "TITLE"});
  {
    ProgressBar bar(options.files.size(), isatty(STDERR_FILENO) != 0 && !session.json);
    for (const std::string& file : options.files) {
      bar.Step(file);
      auto answer = ImportOnePage(session, options, *date, file);
      if (!answer.ok()) {
        summary.Failed(file, answer.status(),
                       {file, "failed", "", "", std::string(answer.status().message())});
        continue;
      }
      const char* result = options.dry_run                           ? "would import"
                           : answer->value("alreadyImported", false) ? "already there"
                           : options.publish                         ? "published"
                                                                     : "draft";
      Json entry{{"input", file}, {"result", result}, {"answer", *answer}};
      for (const Json& article : (*answer)["articles"]) {
        summary.Done(std::exchange(entry, Json(nullptr)),
                     {file, result, article.value("id", ""),
                      std::to_string(article.value("doubts", Json::array()).size()),
                      article.value("title", "")});
      }
    }
  }
  return summary.Print(options.files.size());
}

absl::Status Split(Session& session, const std::string& path) {
  auto text = ReadTextFile(path);
  if (!text.ok()) return text.status();
  auto answer = session.api().Post("/v1/pages:split", Json{{"text", *text}});
  if (!answer.ok()) return answer.status();
  std::printf("%s\n", answer->dump(2).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddImportCommands(CLI::App& app, Session& session) {
  CLI::App* import =
      app.add_subcommand("import", "Bring text in; importing the same again changes nothing");
  import->require_subcommand(1);

  CLI::App* page = import->add_subcommand("page", "OCR text of newspaper pages, one page a file");
  auto options = std::make_shared<PageOptions>();
  page->add_option("files", options->files, "UTF-8 text files, - for standard input")->required();
  page->add_option("--publication", options->publication, "Newspaper")->required();
  page->add_option("--date", options->date, "Day it appeared (2021-12-20)")->required();
  page->add_option("--place", options->place, "Code of the place it speaks for (522601)")
      ->required();
  page->add_option("--page", options->page, "Page label (B2)");
  page->add_flag("--publish", options->publish, "Publish the articles instead of keeping drafts");
  page->add_flag("--dry-run", options->dry_run, "Show what would be imported, store nothing");
  session.On(page, [&session, options] { return ImportPages(session, *options); });

  AddArticleImportCommand(import, session);
  AddObservationImportCommand(import, session);

  CLI::App* split =
      app.add_subcommand("split", "Show how a page divides into articles; JSON, stores nothing");
  auto split_path = std::make_shared<std::string>();
  split->add_option("file", *split_path, "A UTF-8 text, - for standard input")->required();
  session.On(split, [&session, split_path] { return Split(session, *split_path); });
}

}  // namespace cityinfo::cli
