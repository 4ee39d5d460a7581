// cityctl import articles.
#include "cli/commands/article_import.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/article_chunks.h"
#include "cli/progress_bar.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

// Times a chunk is sent that the suite has not answered in time; safe, for what is stored already
// is known by its content.
constexpr int kMostTriesInTime = 3;

struct ImportOptions {
  std::string file;
  bool publish = false;
  bool dry_run = false;
};

// What became of the lines so far: prints it as it comes, keeps only counts.
class ImportReport {
 public:
  explicit ImportReport(bool json) : json_(json) {
    if (json_) std::printf("{\"results\":[");
  }

  void Stored(int64_t line, const std::string& outcome, const std::string& article) {
    ++(outcome == "EXISTING" ? existing_ : created_);
    if (!json_) return;
    Json entry{{"line", line}, {"outcome", outcome}};
    if (!article.empty()) entry["article"] = article;
    PrintEntry(entry);
  }

  void Failed(int64_t line, const absl::Status& why) {
    if (failed_++ == 0) {
      first_failure_ = base::MakeError(why.code(), base::ErrorReason(why),
                                       absl::StrCat("line ", line, ": ", why.message()));
    }
    if (json_) {
      PrintEntry(
          Json{{"line", line}, {"outcome", "FAILED"}, {"error", std::string(why.message())}});
    } else {
      std::printf("line %lld: %s\n", static_cast<long long>(line),
                  std::string(why.message()).c_str());
    }
  }

  // `stopped`: why not all of the file was sent.
  absl::Status Finish(const absl::Status& stopped, bool dry_run) {
    if (json_) {
      std::printf("],\"created\":%lld,\"existing\":%lld,\"failed\":%lld}\n", created_, existing_,
                  failed_);
    } else if (dry_run) {
      std::printf("%lld would be imported, %lld already there, %lld would fail\n", created_,
                  existing_, failed_);
    } else {
      std::printf("%lld imported, %lld already there, %lld failed\n", created_, existing_, failed_);
    }
    if (!stopped.ok() || failed_ == 0) return stopped;
    if (failed_ + created_ + existing_ == 1) return first_failure_;
    return base::MakeError(first_failure_.code(), base::ErrorReason(first_failure_),
                           absl::StrCat(failed_, " of ", failed_ + created_ + existing_,
                                        " failed; the first: ", first_failure_.message()));
  }

 private:
  void PrintEntry(const Json& entry) {
    std::printf("%s%s", first_entry_ ? "\n" : ",\n", entry.dump().c_str());
    first_entry_ = false;
  }

  const bool json_;
  bool first_entry_ = true;
  long long created_ = 0;
  long long existing_ = 0;
  long long failed_ = 0;
  absl::Status first_failure_;
};

absl::Status StatusOfItem(const Json& error) {
  return base::MakeError(static_cast<absl::StatusCode>(error.value("code", 2)), "NOT_STORED",
                         error.value("message", "was not stored"));
}

absl::StatusOr<Json> Send(Session& session, const std::string& body) {
  for (int attempt = 1;; ++attempt) {
    auto answer = session.api().PostText("/v1/articles:import", body);
    if (!absl::IsDeadlineExceeded(answer.status()) || attempt == kMostTriesInTime) return answer;
  }
}

// Puts what became of a chunk's lines into the report, in the order of the file.
absl::Status Report(const ArticleChunk& chunk, const Json& answer, ImportReport& report) {
  size_t told = 0;
  auto refused = chunk.refused.begin();
  const auto report_refused_before = [&](int64_t line) {
    for (; refused != chunk.refused.end() && refused->line < line; ++refused) {
      report.Failed(refused->line, refused->why);
    }
  };
  for (const Json& result : answer.value("results", Json::array())) {
    size_t item = 0;
    if (!absl::SimpleAtoi(result.value("item", ""), &item) || item < 1 ||
        item > chunk.lines.size()) {
      return base::DataLoss("ANSWER_NOT_READABLE", "the answer is about lines that were not sent");
    }
    const int64_t line = chunk.lines[item - 1];
    ++told;
    report_refused_before(line);
    const std::string outcome = result.value("outcome", "");
    if (outcome == "FAILED") {
      report.Failed(line, StatusOfItem(result.value("error", Json::object())));
    } else {
      report.Stored(line, outcome, result.value("name", ""));
    }
  }
  report_refused_before(std::numeric_limits<int64_t>::max());
  if (told == chunk.lines.size()) return absl::OkStatus();
  return base::DataLoss(
      "ANSWER_INCOMPLETE",
      absl::StrCat("of ", chunk.lines.size(), " lines from line ", chunk.lines.front(),
                   " on the answer says of ", told,
                   " what became of them; import the file again, what is stored will not be stored "
                   "twice"));
}

absl::Status SendChunk(Session& session, const ArticleChunk& chunk, ImportReport& report,
                       ProgressBar& bar) {
  Json answer = Json::object();
  if (!chunk.lines.empty()) {
    auto sent = Send(session, chunk.body);
    if (!sent.ok()) {
      return base::MakeError(
          sent.status().code(), base::ErrorReason(sent.status()),
          absl::StrCat("stopped at line ", chunk.lines.front(), ": ", sent.status().message(),
                       "; import the file again, what is stored will not be stored twice"));
    }
    answer = *std::move(sent);
  }
  bar.Clear();
  return Report(chunk, answer, report);
}

absl::Status ImportArticles(Session& session, const ImportOptions& options) {
  std::ifstream file;
  int64_t size = 0;
  if (options.file != "-") {
    std::error_code error;
    file.open(options.file, std::ios::binary);
    if (!file || std::filesystem::is_directory(options.file, error)) {
      return base::InvalidArgument(options.file, "cannot be read", "FILE_UNREADABLE");
    }
    const auto known = std::filesystem::file_size(options.file, error);
    if (!error) size = static_cast<int64_t>(known);
  }
  ArticleChunks chunks(options.file == "-" ? std::cin : file,
                       {.publish = options.publish, .validate_only = options.dry_run});
  ImportReport report(session.json);
  absl::Status stopped;
  {
    ProgressBar bar(100, isatty(STDERR_FILENO) != 0 && !session.json && size > 0);
    ArticleChunk chunk;
    while (stopped.ok() && chunks.Next(&chunk)) {
      bar.Reach(size > 0 ? 100 * chunks.bytes_read() / size : 0,
                absl::StrCat("line ", chunks.lines_read()));
      stopped = SendChunk(session, chunk, report, bar);
    }
  }
  return report.Finish(stopped, options.dry_run);
}

}  // namespace

void AddArticleImportCommand(CLI::App* import, Session& session) {
  CLI::App* articles =
      import->add_subcommand("articles", "Articles as JSON lines, in the API's form");
  auto options = std::make_shared<ImportOptions>();
  articles->add_option("file", options->file, "A file of any size, - for standard input")
      ->required();
  articles->add_flag("--publish", options->publish, "Publish them instead of keeping drafts");
  articles->add_flag("--dry-run", options->dry_run, "Say what would become of them, store nothing");
  session.On(articles, [&session, options] { return ImportArticles(session, *options); });
}

}  // namespace cityinfo::cli
