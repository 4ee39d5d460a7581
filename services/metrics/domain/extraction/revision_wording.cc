#include "services/metrics/domain/extraction/revision_wording.h"

namespace cityinfo::metrics {
namespace {

constexpr int kAbout = 16;  // characters around the words that may say what they are about

bool IsStage(const Token& token) {
  return token.kind == TokenKind::kCue && token.index == static_cast<int>(Cue::kStage);
}

RevisionStage StageOf(const SourceText& text, const Token& token) {
  bool verifies = false;
  for (int i = token.begin; i + 1 < token.end; ++i) {
    const char32_t c = text.at(i);
    if (c == U'最' || c == U'修') return RevisionStage::kFinal;  // 最终核实, 普查修订
    verifies |= c == U'核' && text.at(i + 1) == U'实';
  }
  return verifies ? RevisionStage::kVerified : RevisionStage::kPreliminary;
}

}  // namespace

RevisionStage StageOfSentence(const SourceText& text, const TokenStream& stream,
                              const Stretch& sentence) {
  for (int i = sentence.last_token; i-- > sentence.first_token;) {
    if (IsStage(stream.tokens[i])) return StageOf(text, stream.tokens[i]);
  }
  return RevisionStage::kNone;
}

RevisionStage StageOfDocument(const SourceText& text, const TokenStream& stream) {
  for (const Token& token : stream.tokens) {
    if (!IsStage(token)) continue;
    bool all = false;
    bool here = false;
    for (int i = token.begin - 1; i > token.begin - kAbout; --i) {
      const char32_t c = text.at(i);
      if (c == U'。' || c == U'\n' || c == 0) break;
      all |= c == U'数' && text.at(i + 1) == U'据';
      here |= c == U'本' || (c == U'文' && text.at(i + 1) == U'中');  // 本公报, 文中
    }
    if (all && here) return StageOf(text, token);
  }
  return RevisionStage::kNone;
}

}  // namespace cityinfo::metrics
