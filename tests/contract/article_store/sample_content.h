#pragma once

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// A small valid article; `number` makes its words its own.
inline ArticleContent SampleContent(int number = 1) {
  return {.title = absl::StrCat("清水江畔第", number, "座步道桥通行"),
          .subtitle = "老街居民散步少绕两公里",
          .byline = "记者 杨晓岚",
          .section = "综合新闻",
          .tags = {"民生", "交通"},
          .publication = "样例晚报",
          .publish_date = {.year = 2021, .month = 12, .day = 20},
          .page = "A2",
          .place = "522601",
          .blocks = {{.kind = BlockKind::kHeading, .text = "桥通了"},
                     {.kind = BlockKind::kParagraph,
                      .text = absl::StrCat("昨天上午，编号", number, "的步道桥拆下围挡。")},
                     {.kind = BlockKind::kCaption, .text = "居民走过新桥。"}}};
}

// The same on another day.
inline ArticleContent SampleContentOf(int number, base::Date day) {
  ArticleContent content = SampleContent(number);
  content.publish_date = day;
  return content;
}

}  // namespace cityinfo::articles
