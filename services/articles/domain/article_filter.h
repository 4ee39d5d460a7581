#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// Which articles to list. Everything given must hold; what is empty does not count.
struct ArticleFilter {
  ArticleState state = ArticleState::kPublished;
  std::string section;
  std::string tag;
  std::string publication;
  std::string page;   // The label as printed.
  std::string place;  // Exactly this place, in its short form; places inside it do not count.
  std::optional<base::Date> publish_date_from;
  std::optional<base::Date> publish_date_to;
};

// A place in a list that is sorted by publish_date and, within a day, by sequence, both descending.
// Stays good while articles are added: what comes after it is what comes after it.
struct ListPosition {
  base::Date publish_date;
  int64_t sequence = 0;

  friend bool operator==(const ListPosition&, const ListPosition&) = default;
};

struct ListWindow {
  int limit = 20;
  // Of ArticleView::kFull: the page ends after at least one article when its texts grow beyond
  // this, so that no answer is larger than what can be held for a caller.
  size_t text_bytes = 8 << 20;
  std::optional<ListPosition> after;  // Begin behind this one; not given: at the top.
  // The list must show at least the change feed up to here: the feed_position of the page before,
  // so that a walk never goes back in time. 0: any moment will do.
  int64_t min_feed_position = 0;
};

// Part of a list. `next` is given exactly when there is more.
struct ArticlePage {
  std::vector<Article> articles;
  std::optional<ListPosition> next;
  int64_t feed_position = 0;  // What this page shows of the change feed, at least; see ListWindow.
  // The same question has the same answer until then, as long as no change after feed_position is
  // committed. InfinitePast when the store does not know.
  absl::Time stands_until = absl::InfinitePast();
};

inline ListPosition PositionOf(const Article& article) {
  return {.publish_date = article.content.publish_date, .sequence = article.sequence};
}

}  // namespace cityinfo::articles
