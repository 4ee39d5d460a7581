#include "services/articles/domain/article.h"

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

// Appends values so that no two different sequences of them give the same bytes.
class FingerprintInput {
 public:
  void Add(absl::string_view text) { absl::StrAppend(&bytes_, text.size(), ":", text); }
  void Add(int64_t number) { absl::StrAppend(&bytes_, number, ";"); }
  void Add(const Span& span) {
    Add(span.begin);
    Add(span.end);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

void AddBlock(const Block& block, FingerprintInput* input) {
  input->Add(static_cast<int64_t>(block.kind));
  input->Add(block.text);
  input->Add(static_cast<int64_t>(block.spans.size()));
  for (const Span& span : block.spans) input->Add(span);
  input->Add(static_cast<int64_t>(block.quality.size()));
  for (QualityReason reason : block.quality) input->Add(static_cast<int64_t>(reason));
}

}  // namespace

absl::string_view ArticleStateName(ArticleState state) {
  switch (state) {
    case ArticleState::kDraft:
      return "DRAFT";
    case ArticleState::kScheduled:
      return "SCHEDULED";
    case ArticleState::kPublished:
      return "PUBLISHED";
    case ArticleState::kUnpublished:
      return "UNPUBLISHED";
    case ArticleState::kDeleted:
      return "DELETED";
  }
  return "UNKNOWN";
}

std::string MakeExcerpt(const ArticleContent& content) {
  std::string excerpt;
  int64_t left = kMaxExcerptCodePoints;
  for (const Block& block : content.blocks) {
    if (block.kind != BlockKind::kParagraph) continue;
    const absl::string_view piece = base::SubstrCodePoints(block.text, 0, left);
    excerpt.append(piece.data(), piece.size());
    left -= base::CountCodePoints(piece);
    if (left <= 0) break;
  }
  return excerpt;
}

std::string ContentFingerprint(const ArticleContent& content) {
  FingerprintInput input;
  for (absl::string_view text :
       {content.title, content.subtitle, content.byline, content.section, content.publication,
        base::FormatDate(content.publish_date), content.page, content.place, content.continued_from,
        content.printed_date ? base::FormatDate(*content.printed_date) : std::string()}) {
    input.Add(text);
  }
  input.Add(static_cast<int64_t>(content.tags.size()));
  for (const std::string& tag : content.tags) input.Add(tag);
  input.Add(static_cast<int64_t>(content.blocks.size()));
  for (const Block& block : content.blocks) AddBlock(block, &input);
  input.Add(static_cast<int64_t>(content.doubts.size()));
  for (const ArticleDoubt& doubt : content.doubts) {
    input.Add(static_cast<int64_t>(doubt.reason));
    input.Add(doubt.detail);
    input.Add(static_cast<int64_t>(doubt.block));
    input.Add(doubt.span);
  }
  return base::Sha256Hex(input.bytes());
}

}  // namespace cityinfo::articles
