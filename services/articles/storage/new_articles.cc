#include "services/articles/storage/new_articles.h"

#include <utility>

#include "platform/base/id.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/storage/article_rows.h"

namespace cityinfo::articles {

Article MakeArticle(const Write& write, ArticleContent content, absl::string_view author,
                    absl::string_view summary, bool publish) {
  Article article{.id = base::NewId(write.clock),
                  .version = 1,
                  .revision = 1,
                  .newest_revision = 1,
                  .content = std::move(content),
                  .author = std::string(author),
                  .summary = std::string(summary),
                  .create_time = write.now,
                  .update_time = write.now};
  article.excerpt = MakeExcerpt(article.content);
  // A draft can always be published.
  if (publish) ApplyTransition(Transition::kPublish, write.now, &article).IgnoreError();
  return article;
}

absl::Status StoreNew(Write& write, std::span<Article> articles,
                      std::span<const std::string> import_fingerprints) {
  CITY_RETURN_IF_ERROR(InsertArticles(write.connection, articles, import_fingerprints));
  return write.Append(articles);
}

}  // namespace cityinfo::articles
