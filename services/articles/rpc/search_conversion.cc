#include "services/articles/rpc/search_conversion.h"

#include "absl/strings/str_cat.h"
#include "services/articles/rpc/conversion.h"

namespace cityinfo::articles {
namespace {

v1::Suggestion::Kind KindToProto(SuggestionKind kind) {
  switch (kind) {
    case SuggestionKind::kIndicator:
      return v1::Suggestion::INDICATOR;
    case SuggestionKind::kTag:
      return v1::Suggestion::TAG;
    case SuggestionKind::kTitle:
      return v1::Suggestion::TITLE;
  }
  return v1::Suggestion::KIND_UNSPECIFIED;
}

}  // namespace

void ToProto(const SearchPage& page, v1::SearchArticlesResponse* proto) {
  for (const SearchHit& hit : page.hits) ToProto(hit, proto->add_results());
  proto->set_total_size(page.total);
  proto->set_total_size_is_lower_bound(page.total_is_lower_bound);
  for (const LabelCount& section : page.sections) ToProto(section, proto->add_section_facets());
  for (const YearCount& year : page.years) {
    v1::YearCount* facet = proto->add_year_facets();
    facet->set_year(year.year);
    facet->set_count(year.count);
  }
  proto->set_changes_behind(page.changes_behind);
}

void ToProto(const SearchHit& hit, v1::SearchResult* proto) {
  ToProto(hit.article, proto->mutable_article());
  for (const Span& span : hit.title_spans) ToProto(span, proto->add_title_spans());
  proto->set_excerpt(hit.excerpt);
  for (const Span& span : hit.excerpt_spans) ToProto(span, proto->add_excerpt_spans());
  proto->set_excerpt_block(hit.excerpt_block);
  proto->set_excerpt_begin(hit.excerpt_begin);
}

void ToProto(const Suggestion& suggestion, v1::Suggestion* proto) {
  proto->set_text(suggestion.text);
  proto->set_kind(KindToProto(suggestion.kind));
  for (const Span& span : suggestion.spans) ToProto(span, proto->add_spans());
  if (!suggestion.article_id.empty()) {
    proto->set_article(absl::StrCat("articles/", suggestion.article_id));
  }
}

}  // namespace cityinfo::articles
