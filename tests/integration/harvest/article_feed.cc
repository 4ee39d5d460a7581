#include "tests/integration/harvest/article_feed.h"

#include <algorithm>
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
  change.set_resume_token(absl::StrCat(changes_.size() + 1));
  *change.mutable_article() = article;
  const absl::Time now = absl::Now();
  change.mutable_commit_time()->set_seconds(absl::ToUnixSeconds(now));
  changes_.push_back(std::move(change));
  return static_cast<std::int64_t>(changes_.size());
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

absl::Status ArticleFeed::Watch(const WatchArticlesRequest& request, Writer& writer) {
  std::int64_t index = 0;
  if (!request.resume_token().empty() && !absl::SimpleAtoi(request.resume_token(), &index)) {
    return base::InvalidArgument("resume_token", "is not ours");
  }
  int left = 0;
  bool silent = false;
  {
    absl::MutexLock lock(&mutex_);
    ++streams_;
    index = std::max<std::int64_t>(0, index - replay_);
    left = break_after_ > 0 ? break_after_ : -1;
    silent = silent_;
  }
  while (!writer.ended()) {
    ArticleChange change;
    const bool has_change = Next(index, &change) && !silent;
    if (has_change) {
      if (left == 0) return base::Unavailable("FEED_BROKEN", "the stream breaks here");
      if (left > 0) --left;
      ++index;
    } else {
      change.Clear();
      change.set_heartbeat(true);
      change.set_resume_token(absl::StrCat(index));
    }
    if (!silent && !writer.Write(change)) break;
  }
  return absl::OkStatus();
}

bool ArticleFeed::Next(std::size_t index, ArticleChange* change) {
  absl::MutexLock lock(&mutex_);
  const auto there = [this, index]()
                         ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return changes_.size() > index; };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Milliseconds(50))) return false;
  *change = changes_[index];
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
