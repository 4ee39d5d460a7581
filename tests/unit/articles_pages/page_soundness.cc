#include "tests/unit/articles_pages/page_soundness.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"
#include "services/articles/pages/glyph.h"
#include "services/articles/pages/head_line.h"
#include "services/articles/pages/page_contents.h"
#include "services/articles/pages/page_splitter.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles::testing {
namespace {

constexpr std::size_t kMostDoubts = 500;  // An editor is never shown more of one article.

bool IsBlank(char32_t c) { return IsSpace(c) || c < 0x20 || (c >= 0x7F && c < 0xA0); }

// The text without anything that prints nothing.
std::u32string Ink(std::u32string_view text) {
  std::u32string ink;
  for (const char32_t c : text) {
    if (!IsBlank(c)) ink.push_back(c);
  }
  return ink;
}

std::u32string Ink(absl::string_view utf8) { return Ink(PageText(utf8).text()); }

class Inspection {
 public:
  explicit Inspection(absl::string_view page)
      : page_(page), claimed_(page_.text().size(), false), split_(SplitPageText(page)) {}

  std::string FirstFault(absl::string_view page);

 private:
  bool Inside(const Span& span) const {
    return 0 <= span.begin && span.begin < span.end &&
           span.end <= static_cast<std::int64_t>(page_.text().size());
  }
  void Claim(const Span& span) {
    std::fill(claimed_.begin() + span.begin, claimed_.begin() + span.end, true);
  }
  std::string ClaimOnce(const std::vector<Span>& spans, bool in_order);
  std::string FaultOfDoubts(const std::vector<Doubt>& doubts);
  std::string FaultOfBlock(const Block& block);
  std::string FaultOfArticle(const PageArticle& article);
  std::string FaultOfContents(absl::string_view page, const std::vector<ArticleContent>& contents);
  std::string FirstLostLine() const;
  bool SaidInHead(std::u32string_view line) const;

  PageText page_;
  std::vector<bool> claimed_;  // Per character: stands in a span of the answer.
  SplitResult split_;
};

std::string Inspection::ClaimOnce(const std::vector<Span>& spans, bool in_order) {
  std::int64_t last = -1;
  for (const Span& span : spans) {
    if (!Inside(span)) return "a span outside the page";
    if (in_order && span.begin < last) return "spans out of order";
    last = span.end;
    for (std::int64_t i = span.begin; i < span.end; ++i) {
      if (claimed_[static_cast<std::size_t>(i)]) return absl::StrCat("place ", i, " claimed twice");
      claimed_[static_cast<std::size_t>(i)] = true;
    }
  }
  return "";
}

std::string Inspection::FaultOfDoubts(const std::vector<Doubt>& doubts) {
  for (const Doubt& doubt : doubts) {
    if (!Inside(doubt.span)) return absl::StrCat("a doubt outside the page: ", doubt.detail);
    if (doubt.detail.empty()) return "a doubt without a word";
  }
  return "";
}

std::string Inspection::FaultOfBlock(const Block& block) {
  const bool moved = std::find(block.quality.begin(), block.quality.end(), QualityReason::kMoved) !=
                     block.quality.end();
  if (std::string fault = ClaimOnce(block.spans, /*in_order=*/!moved); !fault.empty()) return fault;
  std::u32string printed;
  for (const Span& span : block.spans) printed += Ink(page_.Slice(span));
  if (printed.empty()) return "a block without text";
  if (printed != Ink(block.text)) return absl::StrCat("not what stands there: ", block.text);
  return "";
}

std::string Inspection::FaultOfArticle(const PageArticle& article) {
  if (article.title.empty()) return "an article without a title";
  if (std::string fault = ClaimOnce(article.title_spans, true); !fault.empty()) return fault;
  std::u32string printed;
  for (const Span& span : article.title_spans) printed += Ink(page_.Slice(span));
  if (printed != Ink(article.title)) return absl::StrCat("not the title there: ", article.title);
  for (const Block& block : article.blocks) {
    if (std::string fault = FaultOfBlock(block); !fault.empty()) return fault;
  }
  return FaultOfDoubts(article.doubts);
}

// Lines between a title and its text have no span; what they say stands in the article's fields.
bool Inspection::SaidInHead(std::u32string_view line) const {
  const std::string text = EncodeUtf8(line);
  if (ReadByline(line) || ReadBareNames(line) || ReadSignature(line) || ReadPrintedDate(line) ||
      ReadContinuedFrom(line) || ReadDashedSubtitle(line))
    return true;
  return std::any_of(split_.articles.begin(), split_.articles.end(), [&](const auto& article) {
    const std::u32string subtitle = Ink(article.subtitle);
    return Contains(subtitle, Ink(line));
  });
}

std::string Inspection::FirstLostLine() const {
  for (int i = 0; i < page_.line_count(); ++i) {
    const Span& span = page_.line(i).span;
    for (std::int64_t at = span.begin; at < span.end; ++at) {
      const auto index = static_cast<std::size_t>(at);
      if (claimed_[index] || IsBlank(page_.text()[index])) continue;
      if (SaidInHead(page_.LineText(i))) break;
      return absl::StrCat("lost: ", EncodeUtf8(page_.LineText(i).substr(0, 40)));
    }
  }
  return "";
}

std::string Inspection::FaultOfContents(absl::string_view page,
                                        const std::vector<ArticleContent>& contents) {
  if (contents.size() != split_.articles.size()) return "an article lost between the two views";
  std::size_t bytes = 0;
  for (const ArticleContent& content : contents) {
    if (content.doubts.size() > kMostDoubts) return "more doubts than anybody reads";
    for (const ArticleDoubt& doubt : content.doubts) {
      if (!Inside(doubt.span)) return "a doubt outside the page";
      if (doubt.block < -1 || doubt.block >= static_cast<int>(content.blocks.size()))
        return "a doubt about a block that does not exist";
      if (!base::IsValidUtf8(doubt.detail)) return "a doubt that is not UTF-8";
    }
    std::vector<absl::string_view> texts = {content.title, content.subtitle, content.byline,
                                            content.section, content.continued_from};
    for (const Block& block : content.blocks) texts.push_back(block.text);
    for (const absl::string_view text : texts) {
      if (!base::IsValidUtf8(text)) return "a text that is not UTF-8";
      bytes += text.size();
    }
  }
  // A byte that is not UTF-8 becomes the three of U+FFFD; the page's section stands in each
  // article.
  const std::size_t most = 4 * page.size() + contents.size() * 64;
  return bytes <= most ? "" : "more text than the page has";
}

std::string Inspection::FirstFault(absl::string_view page) {
  for (const PageArticle& article : split_.articles) {
    if (std::string fault = FaultOfArticle(article); !fault.empty()) return fault;
  }
  if (std::string fault = ClaimOnce(split_.furniture.spans, true); !fault.empty()) return fault;
  if (std::string fault = FaultOfDoubts(split_.doubts); !fault.empty()) return fault;
  const std::vector<ArticleContent> contents = SplitPageIntoContents(page);
  if (std::string fault = FaultOfContents(page, contents); !fault.empty()) return fault;
  if (SplitPageIntoContents(page) != contents) return "another answer the second time";
  for (const Doubt& doubt : split_.doubts) Claim(doubt.span);
  for (const PageArticle& article : split_.articles) {
    for (const Doubt& doubt : article.doubts) Claim(doubt.span);
  }
  return FirstLostLine();
}

}  // namespace

std::string FirstFaultOfSplitting(absl::string_view page) {
  return Inspection(page).FirstFault(page);
}

}  // namespace cityinfo::articles::testing
