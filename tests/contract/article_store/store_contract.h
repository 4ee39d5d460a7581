#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/base/error.h"
#include "services/articles/domain/article_store.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/support/status_matchers.h"

// The promises of the ArticleStore port, run on every adapter. An adapter takes part by
// instantiating ArticleStoreContract with a StoreBackend of its own, as sqlite_backend.cc and
// postgres_backend.cc do.
namespace cityinfo::articles {

// One empty store of one adapter, for one test.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  // False when it could not be opened; the failure has been noted.
  virtual bool ready() const = 0;
  virtual ArticleStore& store() = 0;
  // Closes the store and opens what it left.
  virtual void Reopen() = 0;
};

struct StoreBackend {
  std::string name;
  // The store takes its time from `clock`, which outlives it.
  std::function<std::unique_ptr<StoreUnderTest>(const base::Clock& clock)> make;

  friend void PrintTo(const StoreBackend& backend, std::ostream* out) { *out << backend.name; }
};

class ArticleStoreContract : public ::testing::TestWithParam<StoreBackend> {
 protected:
  void SetUp() override {
    under_test_ = GetParam().make(clock_);
    ASSERT_TRUE(under_test_->ready());
  }

  ArticleStore& store() { return under_test_->store(); }
  void Reopen() { under_test_->Reopen(); }
  static absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

  // Stores an article that must be storable.
  Article Create(const ArticleContent& content, bool publish = false) {
    absl::StatusOr<Article> article =
        store().Create({.content = content, .publish = publish}, Soon());
    EXPECT_OK(article);
    return article.ok() ? *article : Article{};
  }
  Article Published(int number = 1) { return Create(SampleContent(number), /*publish=*/true); }

  absl::StatusOr<Article> Change(const Article& article, Transition transition,
                                 const std::string& etag = "") {
    return store().ChangeState({.id = article.id, .etag = etag, .transition = transition}, Soon());
  }
  absl::StatusOr<Article> Schedule(const Article& article, std::optional<absl::Time> publish_time,
                                   std::optional<absl::Time> unpublish_time = std::nullopt) {
    return store().ChangeState({.id = article.id,
                                .transition = Transition::kPublish,
                                .publish_time = publish_time,
                                .unpublish_time = unpublish_time},
                               Soon());
  }
  // Keeps up until there is nothing left to do now; what was done in all.
  Upkeep KeepUp() {
    Upkeep all;
    for (int calls = 0; calls < 1000; ++calls) {
      const absl::StatusOr<Upkeep> done = store().KeepUp(Soon());
      EXPECT_OK(done);
      if (!done.ok()) break;
      all.settled += done->settled;
      all.purged += done->purged;
      all.trimmed += done->trimmed;
      all.next_due = done->next_due;
      if (!done->more) break;
    }
    return all;
  }
  absl::StatusOr<Article> Get(const Article& article, int64_t revision = 0) {
    return store().Get(article.id, revision, ArticleView::kFull, Soon());
  }
  absl::StatusOr<Article> Retitle(const Article& article, const std::string& title,
                                  const std::string& etag = "") {
    return store().Update(
        {.id = article.id, .etag = etag, .patch = {.title = title}, .author = "redakteur"}, Soon());
  }

  // The whole feed.
  std::vector<ArticleChange> Feed() {
    absl::StatusOr<std::vector<ArticleChange>> feed =
        store().ReadChanges(0, {.changes = 100'000, .text_bytes = 1 << 30}, Soon());
    EXPECT_OK(feed);
    return feed.ok() ? *feed : std::vector<ArticleChange>{};
  }

  // The ids of a whole list, walked in pages of `page_size`.
  std::vector<std::string> Walk(const ArticleFilter& filter, int page_size = 3) {
    std::vector<std::string> ids;
    ListWindow window{.limit = page_size};
    for (int pages = 0; pages < 1000; ++pages) {
      absl::StatusOr<ArticlePage> page = store().List(filter, window, ArticleView::kBasic, Soon());
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const Article& article : page->articles) ids.push_back(article.id);
      window.after = page->next;
      if (!window.after) break;
    }
    return ids;
  }

  base::FakeClock clock_;
  std::unique_ptr<StoreUnderTest> under_test_;
};

// EXPECT_THAT(result, HasReason("ETAG_MISMATCH"));
MATCHER_P(HasReason, reason, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << "which is " << base::ErrorText(status);
  return !status.ok() && base::ErrorReason(status) == reason;
}

// EXPECT_THAT(result, BlamesField("article.title"));
MATCHER_P(BlamesField, field, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << "which is " << base::ErrorText(status);
  const std::vector<base::FieldViolation> violations = base::FieldViolations(status);
  return violations.size() == 1 && violations[0].field == field;
}

}  // namespace cityinfo::articles
