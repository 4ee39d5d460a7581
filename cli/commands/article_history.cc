// cityctl articles revisions|diff|rollback.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>

#include "absl/time/time.h"
#include "cli/article_text.h"
#include "cli/commands/article_commands.h"
#include "cli/moment.h"
#include "cli/revision_diff_text.h"
#include "cli/table.h"
#include "platform/base/id.h"

namespace cityinfo::cli {
namespace {

std::string Optional(int64_t revision) { return revision == 0 ? "" : std::to_string(revision); }

absl::Status ListRevisions(Session& session, const std::string& id, size_t limit) {
  auto path = ArticlePath(id);
  if (!path.ok()) return path.status();
  auto list = session.api().GetAll(*path + "/revisions",
                                   {{"page_size", std::to_string(std::min<size_t>(limit, 200))}},
                                   "revisions", limit);
  if (!list.ok()) return list.status();
  if (PrintedAsJson(session, *list)) return absl::OkStatus();
  Table table({"REVISION", "STORED", "AUTHOR", "CHANGE", "TITLE"});
  for (const Json& revision : (*list)["revisions"]) {
    table.AddRow({revision.value("revision", ""),
                  MomentText(revision.value("createTime", ""), absl::LocalTimeZone()),
                  revision.value("author", ""), revision.value("summary", ""),
                  revision.value("article", Json::object()).value("title", "")});
  }
  std::printf("%s", table.empty() ? "no revisions\n" : table.ToString().c_str());
  return absl::OkStatus();
}

absl::Status Diff(Session& session, const std::string& id, int64_t from, int64_t to) {
  auto path = ArticlePath(id);
  if (!path.ok()) return path.status();
  auto diff = session.api().Get(*path + ":diff",
                                {{"from_revision", Optional(from)}, {"to_revision", Optional(to)}});
  if (!diff.ok()) return diff.status();
  if (!PrintedAsJson(session, *diff)) std::printf("%s", RevisionDiffText(*diff).c_str());
  return absl::OkStatus();
}

absl::Status Rollback(Session& session, const std::string& id, int64_t revision,
                      const std::string& etag) {
  auto path = ArticlePath(id);
  if (!path.ok()) return path.status();
  Json body = {{"revision", std::to_string(revision)}, {"requestId", base::NewId()}};
  if (!etag.empty()) body["etag"] = etag;
  auto article = session.api().Post(*path + ":rollback", body);
  if (!article.ok()) return article.status();
  if (PrintedAsJson(session, *article)) return absl::OkStatus();
  std::printf("revision %s has the content of revision %lld\n%s",
              article->value("revision", "").c_str(), static_cast<long long>(revision),
              LifeText(*article, absl::LocalTimeZone()).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddArticleHistoryCommands(CLI::App& articles, Session& session) {
  const auto add = [&articles](const char* name, const char* what, std::string& id) {
    CLI::App* command = articles.add_subcommand(name, what);
    command->add_option("id", id, "The article's id or name")->required();
    return command;
  };
  const auto positive = CLI::Range(int64_t{1}, std::numeric_limits<int64_t>::max());

  auto listed = std::make_shared<std::string>();
  auto limit = std::make_shared<size_t>(20);
  CLI::App* revisions = add("revisions", "What it was before, newest first", *listed);
  revisions->add_option("--limit", *limit, "At most this many")->check(CLI::Range(1, 100000));
  session.On(revisions,
             [&session, listed, limit] { return ListRevisions(session, *listed, *limit); });

  auto compared = std::make_shared<std::string>();
  auto from = std::make_shared<int64_t>(0);
  auto to = std::make_shared<int64_t>(0);
  CLI::App* diff =
      add("diff", "What differs between two revisions: - gone, + come, ~ changed", *compared);
  diff->add_option("--from", *from, "The older one; default the one before")->check(positive);
  diff->add_option("--to", *to, "The newer one; default the newest")->check(positive);
  session.On(diff, [&session, compared, from, to] { return Diff(session, *compared, *from, *to); });

  auto rolled = std::make_shared<std::string>();
  auto revision = std::make_shared<int64_t>(0);
  auto etag = std::make_shared<std::string>();
  CLI::App* rollback = add("rollback", "A new revision with the content of an older one", *rolled);
  rollback->add_option("--revision", *revision, "The older one")->required()->check(positive);
  rollback->add_option("--etag", *etag, "Only if the article still has this etag");
  session.On(rollback, [&session, rolled, revision, etag] {
    return Rollback(session, *rolled, *revision, *etag);
  });
}

}  // namespace cityinfo::cli
