#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/articles/search/search_index.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::articles {

// An index in a folder of its own and a feed that is written by hand.
class SearchIndexTest : public ::testing::Test {
 protected:
  void SetUp() override { index_ = Open(); }

  std::string Path() const { return folder_.File("deep/search.db"); }
  SearchIndex::Options Options() const { return {.path = Path(), .readers = 2}; }
  std::unique_ptr<SearchIndex> Open() {
    auto index = SearchIndex::Open(Options());
    EXPECT_OK(index);
    return index.ok() ? *std::move(index) : nullptr;
  }

  static Article Published(int64_t sequence, std::string title, std::vector<std::string> blocks,
                           base::Date date = {2021, 12, 20}) {
    Article article{.id = absl::StrCat("article", sequence),
                    .sequence = sequence,
                    .state = ArticleState::kPublished};
    article.content.title = std::move(title);
    article.content.publish_date = date;
    for (std::string& block : blocks) {
      article.content.blocks.push_back({.text = std::move(block)});
    }
    return article;
  }
  ArticleChange Next(Article article, bool purged = false) {
    return {.position = ++feed_, .article = std::move(article), .purged = purged};
  }
  void Apply(const std::vector<ArticleChange>& changes) {
    ASSERT_OK(index_->Apply(changes, feed_, absl::InfiniteFuture()));
  }
  void Add(Article article) { Apply({Next(std::move(article))}); }

  absl::StatusOr<FoundPage> Find(const SearchQuery& query, absl::Time now = kNow) {
    return index_->Find(query, now, absl::InfiniteFuture());
  }
  // The sequences of all that is found, newest first.
  std::vector<int64_t> Newest(const std::string& text, absl::Time now = kNow) {
    return Sequences({.text = text, .order = SearchOrder::kNewest, .limit = 1000}, now);
  }
  std::vector<int64_t> Sequences(const SearchQuery& query, absl::Time now = kNow) {
    const auto page = Find(query, now);
    EXPECT_OK(page);
    return page.ok() ? SequencesOf(*page) : std::vector<int64_t>();
  }
  static std::vector<int64_t> SequencesOf(const FoundPage& page) {
    std::vector<int64_t> sequences;
    for (const std::string& id : page.ids) sequences.push_back(std::stoll(id.substr(7)));
    return sequences;
  }

  static constexpr absl::Time kNow = absl::FromUnixSeconds(1'640'000'000);

  const testing::TempDir folder_;
  std::unique_ptr<SearchIndex> index_;
  int64_t feed_ = 0;
};

}  // namespace cityinfo::articles
