#pragma once

#include "cityinfo/articles/v1/article_service.pb.h"
#include "services/articles/domain/article_search.h"

// Between what the search answers and the messages of the API.
namespace cityinfo::articles {

// Everything but next_page_token, which is tied to the request.
void ToProto(const SearchPage& page, v1::SearchArticlesResponse* proto);
void ToProto(const SearchHit& hit, v1::SearchResult* proto);
void ToProto(const Suggestion& suggestion, v1::Suggestion* proto);

}  // namespace cityinfo::articles
