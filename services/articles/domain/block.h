#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::articles {

// A stretch of a text in Unicode code points: [begin, end). For blocks it always points into the
// original text of the page the article was printed on, never into a mended text.
struct Span {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  friend bool operator==(const Span& a, const Span& b) = default;
};

// What a block is to the reader.
enum class BlockKind {
  kHeading,    // A heading inside the article, not its title.
  kParagraph,  // Running text.
  kCaption,    // The line under or beside a photograph; no part of the running text.
};

// Why an editor should look at something the page importer has produced. Nothing is corrected on
// the strength of a doubt: the text stays as it was read.
enum class QualityReason {
  kGarbled,            // Characters which no newspaper prints: the OCR engine misread the line.
  kDuplicatedRun,      // A run of words stands twice in close succession: the engine looped.
  kBreaksOff,          // The text stops, or resumes, in the middle of a sentence.
  kMoved,              // A line was put back where the sentence demands it.
  kUncertainKind,      // Heading, caption or paragraph: the line reads like more than one of them.
  kUncertainTitle,     // Title or heading, or where one article ends and the next begins.
  kUnpairedQuotation,  // A quotation mark or bracket has no partner.
};

// The name a reason has in the API and in logs, e.g. "DUPLICATED_RUN". Never empty.
absl::string_view QualityReasonName(QualityReason reason);

// One heading, paragraph or caption of an article, in reading order.
struct Block {
  BlockKind kind = BlockKind::kParagraph;

  // The text a reader sees: lines joined, spaces mended, no character corrected. UTF-8.
  std::string text;

  // Where the text stands on the page, in reading order. Several when the paragraph was interrupted
  // (by a caption, a column break). Empty when the block does not come from a page.
  std::vector<Span> spans;

  // What the importer was unsure of in this block; no reason occurs twice.
  std::vector<QualityReason> quality;

  friend bool operator==(const Block& a, const Block& b) = default;
};

}  // namespace cityinfo::articles
