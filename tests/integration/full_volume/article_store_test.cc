// The article store on a volume that fills up: each write fails cleanly and whole, reads go on, and
// with more space everything works again.
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "platform/base/clock.h"
#include "platform/base/error.h"
#include "services/articles/storage/open_article_store.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/support/small_volume.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

constexpr int64_t kSize = 4 << 20;

absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

ArticleContent LongContent(int number) {
  ArticleContent content = SampleContent(number);
  content.blocks.assign(8, {.text = std::string(15'000, 'x')});
  return content;
}

// Everything a store can be asked to write, about an article that is there. `number` makes each
// attempt another one.
std::vector<std::function<absl::Status()>> Writes(ArticleStore& store, const Article& article,
                                                  int number) {
  return {
      [&store, number] { return store.Create({.content = LongContent(number)}, Soon()).status(); },
      [&store, number] {
        std::vector<ArticleImport> items;
        for (int i = 0; i < 5; ++i) items.push_back({.content = LongContent(number + i)});
        return store.ImportArticles(items, "", Soon()).status();
      },
      [&store, &article, number] {
        return store
            .Update({.id = article.id, .patch = {.blocks = LongContent(number).blocks}}, Soon())
            .status();
      },
      [&store, number] {
        return store
            .ImportPage({.text = absl::StrCat(number, std::string(200'000, 'x')),
                         .publication = "样例晚报",
                         .publish_date = {.year = 2021, .month = 12, .day = 20},
                         .place = "522601",
                         .articles = {LongContent(number)}},
                        Soon())
            .status();
      }};
}

TEST(FullVolume, ArticleStore) {
  const auto volume = testing::SmallVolume::Mount(kSize);
  ASSERT_OK(volume);
  base::FakeClock clock;
  ArticleStoreOptions options;
  options.database.store = absl::StrCat("sqlite:", ((*volume)->path() / "articles.db").string());
  options.clock = &clock;
  ASSERT_OK_AND_ASSIGN(std::unique_ptr<SqlArticleStore> store, OpenArticleStore(options));
  ASSERT_OK_AND_ASSIGN(Article first,
                       store->Create({.content = SampleContent(), .publish = true}, Soon()));
  ASSERT_OK_AND_ASSIGN(
      first,
      store->ChangeState({.id = first.id, .unpublish_time = clock.Now() + absl::Hours(1)}, Soon()));

  int acknowledged = 0;
  absl::Status full;
  for (; full.ok() && acknowledged < 1000; ++acknowledged) {
    full = store->Create({.content = LongContent(acknowledged)}, Soon()).status();
  }
  EXPECT_EQ(base::ErrorReason(full), "STORE_FULL") << base::ErrorText(full);
  ASSERT_GT(--acknowledged, 5);

  const auto feed = [&] { return store->ReadChanges(0, {.changes = 10'000}, Soon()); };
  const int64_t newest = store->change_signal().newest();
  EXPECT_EQ(newest, acknowledged + 2);
  int number = 5000;
  for (const auto& write : Writes(*store, first, number)) {
    const absl::Status status = write();
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << base::ErrorText(status);
    EXPECT_EQ(base::ErrorReason(status), "STORE_FULL") << base::ErrorText(status);
  }
  EXPECT_EQ(store->change_signal().newest(), newest) << "nothing was announced";
  // Reads go on, and time too.
  clock.Advance(absl::Hours(2));
  ASSERT_OK_AND_ASSIGN(const Article read, store->Get(first.id, 0, ArticleView::kFull, Soon()));
  EXPECT_EQ(read.state, ArticleState::kUnpublished);
  EXPECT_EQ(read.content, first.content);
  ASSERT_OK_AND_ASSIGN(const auto drafts, store->List({.state = ArticleState::kDraft},
                                                      {.limit = 200}, ArticleView::kBasic, Soon()));
  EXPECT_EQ(drafts.articles.size(), acknowledged);
  ASSERT_OK_AND_ASSIGN(const auto changes, feed());
  EXPECT_EQ(changes.size(), newest) << "nothing is half there";

  ASSERT_OK((*volume)->Resize(kSize * 8));
  ASSERT_OK_AND_ASSIGN(const Upkeep upkeep, store->KeepUp(Soon()));
  EXPECT_EQ(upkeep.settled, 1);
  for (const auto& write : Writes(*store, first, number + 100)) EXPECT_OK(write());
  store.reset();
  ASSERT_OK_AND_ASSIGN(store, OpenArticleStore(options));
  ASSERT_OK_AND_ASSIGN(const auto all, feed());
  EXPECT_EQ(all.size(), newest + 1 + 1 + 5 + 1 + 1) << "and after a restart";
}

}  // namespace
}  // namespace cityinfo::articles
