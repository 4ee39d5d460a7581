#pragma once

#include "services/articles/pages/article_head.h"
#include "services/articles/pages/body_item.h"
#include "services/articles/pages/page_splitter.h"

namespace cityinfo::articles {

// Makes one article of its head and its body's lines, with every doubt about them.
PageArticle BuildArticle(const ArticleHead& head, const BodyContext& body);

}  // namespace cityinfo::articles
