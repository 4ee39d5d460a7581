#pragma once

#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/predicate.h"
#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {

// What a heading says about the section under it.
enum class SectionTense {
  kUnsaid,    // no heading, or one that says nothing of time: the section before goes on
  kPromises,  // 二、2024年主要目标, 三、今后五年工作安排, 重点抓好以下工作:
  kReports,   // 一、2023年工作回顾, 我们重点做了以下工作:
};

// Judges a line of the text. A heading of promises is one of a numbered section or begins with
// a year that is not over when the text is published in `publish_year`: a headline that cheers a
// goal is none.
SectionTense TenseOfHeading(const SourceText& text, const TokenStream& stream, const Stretch& line,
                            int publish_year);

}  // namespace cityinfo::metrics
