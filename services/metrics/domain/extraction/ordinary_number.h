#pragma once

#include "absl/strings/string_view.h"
#include "services/metrics/domain/extraction/phrase.h"
#include "services/metrics/domain/extraction/predicate.h"
#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {

// Whether a value that has a unit is still no figure but a number of everyday talk: how old
// somebody is, how long or how far away something is, what somebody paid, who was hurt. `words`
// are those before the value and `phrase` what they say; a name that the catalogue knows always
// makes a figure.
bool IsOrdinaryNumber(const SourceText& text, const Stretch& words, const Phrase& phrase,
                      const ValueToken& value, absl::string_view inherited_name);

// Where the 台阶 ends that a counter counts (跨上4个百亿级台阶); 0 when it counts anything else.
int EndOfSteps(const SourceText& text, const ValueToken& value);

}  // namespace cityinfo::metrics
