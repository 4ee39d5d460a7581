// cityctl articles publish|unpublish|delete|undelete.
#include <cstdio>
#include <memory>

#include "absl/time/time.h"
#include "cli/article_text.h"
#include "cli/commands/article_commands.h"
#include "cli/moment.h"
#include "platform/base/id.h"

namespace cityinfo::cli {
namespace {

constexpr char kTimeForm[] = "2026-12-01T08:00:00+08:00, or \"2026-12-01 08:00\" in local time";

struct WriteOptions {
  std::string id, etag, at, until;
};

void AddTarget(CLI::App* command, WriteOptions& options) {
  command->add_option("id", options.id, "The article's id or name")->required();
  command->add_option("--etag", options.etag, "Only if the article still has this etag");
}

// Adds a moment to the body, unless it was not given.
absl::Status AddMoment(const std::string& text, const std::string& option, const char* field,
                       Json* body) {
  if (text.empty()) return absl::OkStatus();
  auto moment = ParseMoment(text, option, absl::LocalTimeZone());
  if (!moment.ok()) return moment.status();
  (*body)[field] = MomentToJson(*moment);
  return absl::OkStatus();
}

absl::Status Print(const Session& session, const absl::StatusOr<Json>& article) {
  if (!article.ok()) return article.status();
  if (!PrintedAsJson(session, *article)) {
    std::printf("%s", LifeText(*article, absl::LocalTimeZone()).c_str());
  }
  return absl::OkStatus();
}

// The request id makes sending again harmless when an answer was lost.
absl::Status Send(Session& session, const WriteOptions& options, const std::string& verb,
                  Json body) {
  auto path = ArticlePath(options.id);
  if (!path.ok()) return path.status();
  body["requestId"] = base::NewId();
  if (!options.etag.empty()) body["etag"] = options.etag;
  return Print(session, session.api().Post(*path + verb, body));
}

absl::Status Publish(Session& session, const WriteOptions& options) {
  Json body = Json::object();
  if (auto bad = AddMoment(options.at, "--at", "publishTime", &body); !bad.ok()) return bad;
  if (auto bad = AddMoment(options.until, "--until", "unpublishTime", &body); !bad.ok()) {
    return bad;
  }
  return Send(session, options, ":publish", std::move(body));
}

absl::Status Unpublish(Session& session, const WriteOptions& options) {
  Json body = Json::object();
  if (auto bad = AddMoment(options.at, "--at", "unpublishTime", &body); !bad.ok()) return bad;
  return Send(session, options, ":unpublish", std::move(body));
}

absl::Status Delete(Session& session, const WriteOptions& options) {
  auto path = ArticlePath(options.id);
  if (!path.ok()) return path.status();
  return Print(session, session.api().Delete(
                            *path, {{"request_id", base::NewId()}, {"etag", options.etag}}));
}

}  // namespace

void AddArticleLifecycleCommands(CLI::App& articles, Session& session) {
  CLI::App* publish = articles.add_subcommand("publish", "Make it public, now or at a moment");
  auto published = std::make_shared<WriteOptions>();
  AddTarget(publish, *published);
  publish->add_option("--at", published->at, std::string("When: ") + kTimeForm);
  publish->add_option("--until", published->until,
                      "When it is taken back by itself, in the same form");
  session.On(publish, [&session, published] { return Publish(session, *published); });

  CLI::App* unpublish = articles.add_subcommand("unpublish", "Take it back, now or at a moment");
  auto unpublished = std::make_shared<WriteOptions>();
  AddTarget(unpublish, *unpublished);
  unpublish->add_option("--at", unpublished->at, std::string("When: ") + kTimeForm);
  session.On(unpublish, [&session, unpublished] { return Unpublish(session, *unpublished); });

  CLI::App* remove =
      articles.add_subcommand("delete", "Hide it from everyone; it can be undeleted for a while");
  auto deleted = std::make_shared<WriteOptions>();
  AddTarget(remove, *deleted);
  session.On(remove, [&session, deleted] { return Delete(session, *deleted); });

  CLI::App* undelete = articles.add_subcommand("undelete", "Bring a deleted one back, unpublished");
  auto undeleted = std::make_shared<WriteOptions>();
  AddTarget(undelete, *undeleted);
  session.On(undelete, [&session, undeleted] {
    return Send(session, *undeleted, ":undelete", Json::object());
  });
}

}  // namespace cityinfo::cli
