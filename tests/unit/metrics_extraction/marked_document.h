#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// A figure that an editor marked in a document.
struct MarkedFigure {
  int start = 0;          // of the value, in code points of MarkedDocument::text
  std::string printed;    // the value with its unit, without white space
  std::string name;       // of the indicator
  char kind = 'L';        // see MarkedDocument
  bool target = false;    // a promise
  bool optional = false;  // counts neither way: ranks, headlines, things of an administration
  std::string period;     // "" when the text does not say
};

// A document of the tests' own with its figures marked by hand:
//
//   # 2023-04-12
//   全年实现地区生产总值⟦612.84亿元|地区生产总值|L|2022⟧，增长⟦4.3%|地区生产总值|Y|2022⟧。
//
// The first line is the publish date. A mark holds the value as printed, the indicator's name, what
// is stated (L level, C count, S share, Y growth on the year before, A average growth, O other:
// changes, ranks, multiples; a T before it for a promise) and the period, "-" when the text does
// not say. A value that begins with ? is optional.
struct MarkedDocument {
  std::string name;  // of its file
  std::string date;
  std::string text;  // without the marks
  std::vector<MarkedFigure> figures;
};

// Aborts on a mark that cannot be read, naming it: the documents come with the tests.
MarkedDocument ReadMarkedDocument(absl::string_view name, absl::string_view marked);

// All documents of the folder, in the order of their names; empty when there is none.
std::vector<MarkedDocument> ReadMarkedDocuments(const std::string& folder);

}  // namespace cityinfo::metrics
