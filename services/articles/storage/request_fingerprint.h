#pragma once

#include <string>

#include "services/articles/domain/article_store.h"

// What a request id stands for: the same exactly for the same method with the same fields, but for
// who asks.
namespace cityinfo::articles {

std::string FingerprintOf(const NewArticle& request);
std::string FingerprintOf(const ArticleUpdate& request);
std::string FingerprintOf(const ArticleRollback& request);
std::string FingerprintOf(const StateChange& request);

}  // namespace cityinfo::articles
