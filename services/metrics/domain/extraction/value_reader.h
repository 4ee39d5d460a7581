#pragma once

#include <optional>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {

// What stands at a place where a number begins.
struct ValueReading {
  std::optional<ValueToken> value;
  bool bare = false;  // a number without a unit: a value only if its neighbours say so
  int end = 0;        // behind everything that was read
};

// Reads the number at `begin` with its unit and the bound behind it. Nothing is read at characters
// that begin no number.
ValueReading ReadValue(const SourceText& text, int begin, const Catalogue& catalogue);

}  // namespace cityinfo::metrics
