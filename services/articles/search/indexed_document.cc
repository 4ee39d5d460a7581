#include "services/articles/search/indexed_document.h"

#include "absl/strings/str_cat.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

// No text holds it, so that no word can be taken for a label.
constexpr char kLabelMark = '\x01';

void AddLabel(LabelKind kind, absl::string_view label, std::string* labels) {
  if (!label.empty()) absl::StrAppend(labels, LabelToken(kind, label), "\n");
}

std::optional<int64_t> Micros(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return absl::ToUnixMicros(*time);
}

}  // namespace

std::string LabelToken(LabelKind kind, absl::string_view label) {
  const char head[] = {kLabelMark, static_cast<char>(kind)};
  return absl::StrCat(absl::string_view(head, sizeof(head)), label);
}

bool IsIndexed(const ArticleChange& change) {
  return !change.purged && (change.article.state == ArticleState::kPublished ||
                            change.article.state == ArticleState::kScheduled);
}

IndexedDocument MakeIndexedDocument(const Article& article) {
  const ArticleContent& content = article.content;
  IndexedDocument document{.id = article.id,
                           .sequence = article.sequence,
                           .day = base::DaysSinceEpoch(content.publish_date),
                           .published = article.state == ArticleState::kPublished,
                           .visible_until = Micros(article.unpublish_time),
                           .section = content.section,
                           .tags = content.tags};
  if (!document.published) {
    document.visible_from =
        absl::ToUnixMicros(article.publish_time.value_or(absl::InfiniteFuture()));
  }
  AppendFolded(content.title, &document.text);
  for (const Block& block : content.blocks) {
    document.text.push_back(u'\n');
    AppendFolded(block.text, &document.text);
  }
  AddLabel(LabelKind::kSection, content.section, &document.labels);
  for (const std::string& tag : content.tags) AddLabel(LabelKind::kTag, tag, &document.labels);
  AddLabel(LabelKind::kPublication, content.publication, &document.labels);
  AddLabel(LabelKind::kPage, content.page, &document.labels);
  AddLabel(LabelKind::kPlace, content.place, &document.labels);
  return document;
}

std::u16string_view TitleOf(std::u16string_view text) { return text.substr(0, text.find(u'\n')); }

std::string TokenizedText(std::u16string_view folded, absl::string_view labels) {
  std::string text;
  text.reserve(folded.size() * 3 + labels.size() + 1);
  AppendUtf8(folded, &text);
  absl::StrAppend(&text, "\n", labels);
  return text;
}

}  // namespace cityinfo::articles
