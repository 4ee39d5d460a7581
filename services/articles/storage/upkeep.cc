#include "services/articles/storage/upkeep.h"

#include <string>
#include <vector>

#include "platform/base/status_macros.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/storage/article_rows.h"
#include "services/articles/storage/change_rows.h"
#include "services/articles/storage/feed_trim.h"
#include "services/articles/storage/purge_rows.h"
#include "services/articles/storage/schedule_rows.h"

namespace cityinfo::articles {
namespace {

constexpr int kMostSettled = 64;     // Articles.
constexpr int kMostPurged = 32;      // Articles.
constexpr int kMostLookedAt = 1000;  // Changes.

}  // namespace

absl::StatusOr<UpkeepNeeds> LookForUpkeep(sql::Connection& connection, absl::Time now,
                                          const Retention& retention) {
  UpkeepNeeds needs;
  CITY_ASSIGN_OR_RETURN(needs.next_due, ReadNextMoment(connection));
  needs.settle = needs.next_due <= now;
  CITY_ASSIGN_OR_RETURN(const std::vector<Article> purgeable,
                        ReadPurgeable(connection, now - retention.deleted, 1));
  needs.purge = !purgeable.empty();
  CITY_ASSIGN_OR_RETURN(needs.trim, FeedHasOld(connection, now - retention.changes));
  return needs;
}

absl::StatusOr<Upkeep> SettleDue(Write& write) {
  Upkeep done;
  CITY_ASSIGN_OR_RETURN(const std::vector<std::string> due,
                        ReadDue(write.connection, write.now, kMostSettled));
  for (const std::string& id : due) {
    CITY_ASSIGN_OR_RETURN(Article article,
                          ReadArticle(write.connection, id, 0, ArticleView::kBasic));
    while (SettleNext(write.now, &article)) {
      CITY_RETURN_IF_ERROR(write.StoreState(article));
      ++done.settled;
    }
  }
  done.more = due.size() == kMostSettled;
  CITY_ASSIGN_OR_RETURN(done.next_due, ReadNextMoment(write.connection));
  return done;
}

absl::StatusOr<Upkeep> PurgeDeleted(Write& write, const Retention& retention) {
  CITY_ASSIGN_OR_RETURN(
      std::vector<Article> purgeable,
      ReadPurgeable(write.connection, write.now - retention.deleted, kMostPurged));
  for (Article& article : purgeable) {
    article.version += 1;
    CITY_ASSIGN_OR_RETURN(write.last_position, AppendPurge(write.connection, article, write.now));
    CITY_RETURN_IF_ERROR(RemoveArticle(write.connection, article));
  }
  return Upkeep{.purged = static_cast<int>(purgeable.size()),
                .more = purgeable.size() == kMostPurged};
}

absl::StatusOr<Upkeep> TrimChanges(Write& write, const Retention& retention) {
  CITY_ASSIGN_OR_RETURN(const FeedTrim trim,
                        TrimFeed(write.connection, write.now - retention.changes, kMostLookedAt));
  return Upkeep{.trimmed = trim.trimmed, .more = trim.more};
}

}  // namespace cityinfo::articles
