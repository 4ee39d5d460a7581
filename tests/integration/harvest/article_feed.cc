#include "tests/integration/harvest/article_feed.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::metrics::testing {

using articles::v1::Article;
using articles::v1::ArticleChange;
using articles::v1::WatchArticlesRequest;

ArticleFeed::~ArticleFeed() { Stop(); }

absl::Status ArticleFeed::Start() {
  server_ = std::make_unique<rpc::Server>(
      rpc::ServerOptions{.address = absl::StrCat("127.0.0.1:", port_)}, pool_, health_, metrics_);
  server_->ServerStream<WatchArticlesRequest, ArticleChange>(
      "/cityinfo.articles.v1.ArticleService/WatchArticles",
      [this](const rpc::RequestContext&, const WatchArticlesRequest& request, Writer& writer) {
        return Watch(request, writer);
      });
  CITY_ASSIGN_OR_RETURN(port_, server_->Start());
  return absl::OkStatus();
}

void ArticleFeed::Stop() {
  if (server_ != nullptr) (void)server_->Shutdown(absl::Now() + absl::Seconds(5));
  server_ = nullptr;
}

std::string ArticleFeed::target() const { return absl::StrCat("127.0.0.1:", port_); }

std::int64_t ArticleFeed::Append(const Article& article) {
  absl::MutexLock lock(&mutex_);
  ArticleChange change;
  *change.mutable_article() = article;
  return AppendChange(std::move(change));
}

std::int64_t ArticleFeed::AppendChange(ArticleChange change) {
  change.set_resume_token(absl::StrCat(++newest_));
  change.mutable_commit_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  changes_[newest_] = std::move(change);
  return newest_;
}

std::int64_t ArticleFeed::Purge(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(changes_, [&](const auto& entry) { return entry.second.article().id() == id; });
  ArticleChange change;
  change.set_purged(true);
  change.mutable_article()->set_name(absl::StrCat("articles/", id));
  change.mutable_article()->set_id(std::string(id));
  change.mutable_article()->set_state(articles::v1::DELETED);
  return AppendChange(std::move(change));
}

void ArticleFeed::Trim() {
  absl::MutexLock lock(&mutex_);
  std::set<std::string> seen;
  for (auto change = changes_.end(); change != changes_.begin();) {
    --change;
    if (seen.insert(change->second.article().id()).second) continue;
    newest_trimmed_ = std::max(newest_trimmed_, change->first);
    change = changes_.erase(change);
  }
}

void ArticleFeed::BreakAfter(int changes) {
  absl::MutexLock lock(&mutex_);
  break_after_ = changes;
}

void ArticleFeed::Replay(int changes) {
  absl::MutexLock lock(&mutex_);
  replay_ = changes;
}

void ArticleFeed::FallSilent(bool silent) {
  absl::MutexLock lock(&mutex_);
  silent_ = silent;
}

int ArticleFeed::streams() const {
  absl::MutexLock lock(&mutex_);
  return streams_;
}

int ArticleFeed::streams_from_start() const {
  absl::MutexLock lock(&mutex_);
  return streams_from_start_;
}

absl::Status ArticleFeed::Watch(const WatchArticlesRequest& request, Writer& writer) {
  std::int64_t position = 0;
  if (!request.resume_token().empty() && !absl::SimpleAtoi(request.resume_token(), &position)) {
    return base::InvalidArgument("resume_token", "is not ours");
  }
  int left = 0;
  bool silent = false;
  {
    absl::MutexLock lock(&mutex_);
    ++streams_;
    if (position == 0) ++streams_from_start_;
    if (position > 0 && position < newest_trimmed_) {
      return base::MakeError(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_TOO_OLD",
                             "changes behind this token have left the feed");
    }
    position = std::max<std::int64_t>(0, position - replay_);
    left = break_after_ > 0 ? break_after_ : -1;
    silent = silent_;
  }
  while (!writer.ended()) {
    ArticleChange change;
    const bool has_change = Next(&position, &change) && !silent;
    if (has_change) {
      if (left == 0) return base::Unavailable("FEED_BROKEN", "the stream breaks here");
      if (left > 0) --left;
    } else {
      change.Clear();
      change.set_heartbeat(true);
      change.set_resume_token(absl::StrCat(position));
    }
    if (!silent && !writer.Write(change)) break;
  }
  return absl::OkStatus();
}

bool ArticleFeed::Next(std::int64_t* position, ArticleChange* change) {
  absl::MutexLock lock(&mutex_);
  const auto there = [this, position]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return changes_.upper_bound(*position) != changes_.end();
  };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Milliseconds(50))) return false;
  const auto next = changes_.upper_bound(*position);
  *position = next->first;
  *change = next->second;
  return true;
}

Article MakeArticle(absl::string_view id, const std::vector<std::string>& paragraphs) {
  Article article;
  article.set_name(absl::StrCat("articles/", id));
  article.set_id(std::string(id));
  article.set_revision(1);
  article.set_state(articles::v1::PUBLISHED);
  article.set_title("今年经济运行平稳");
  article.set_publication("凯里晚报");
  article.mutable_publish_date()->set_year(2021);
  article.mutable_publish_date()->set_month(12);
  article.mutable_publish_date()->set_day(20);
  article.set_page("B2");
  article.set_place("522601");
  for (const std::string& paragraph : paragraphs) {
    articles::v1::Block* block = article.add_blocks();
    block->set_kind(articles::v1::Block::PARAGRAPH);
    block->set_text(paragraph);
  }
  return article;
}

}  // namespace cityinfo::metrics::testing
