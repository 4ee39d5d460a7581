#pragma once

#include <string>

#include "cityinfo/articles/v1/article.pb.h"

namespace cityinfo::gateway {

// The text of an article as a piece of HTML that is well-formed XML too: <h2> for a heading, <p>
// for a paragraph, <p class="caption"> for a caption, <p class="subtitle"> first. No text becomes
// markup.
std::string ArticleHtml(const articles::v1::Article& article);

// The same as plain text, an empty line between blocks.
std::string ArticleText(const articles::v1::Article& article);

}  // namespace cityinfo::gateway
