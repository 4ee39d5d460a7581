#include "services/articles/storage/write.h"

#include "platform/base/status_macros.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/storage/article_rows.h"
#include "services/articles/storage/change_rows.h"

namespace cityinfo::articles {

absl::Status Write::Append(std::span<const Article> articles) {
  if (articles.empty()) return absl::OkStatus();
  CITY_ASSIGN_OR_RETURN(last_position, AppendChanges(connection, articles, now));
  return absl::OkStatus();
}

absl::Status Write::StoreState(const Article& article) {
  CITY_RETURN_IF_ERROR(UpdateState(connection, article));
  return Append(article);
}

absl::StatusOr<Article> Write::ReadSettled(absl::string_view id, ArticleView view) {
  CITY_ASSIGN_OR_RETURN(Article article, ReadArticle(connection, id, 0, view));
  while (SettleNext(now, &article)) CITY_RETURN_IF_ERROR(StoreState(article));
  return article;
}

absl::Time ToStoredPrecision(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

}  // namespace cityinfo::articles
