#pragma once

#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/predicate.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/revision_stage.h"

namespace cityinfo::metrics {

// The round of official accounting that a sentence names (经初步核算, 最终核实数为); the last one
// where it names several, kNone where it names none.
RevisionStage StageOfSentence(const SourceText& text, const TokenStream& stream,
                              const Stretch& sentence);

// The round of all values of a text that says so of all of its data (本公报数据为初步统计数);
// kNone for others.
RevisionStage StageOfDocument(const SourceText& text, const TokenStream& stream);

}  // namespace cityinfo::metrics
