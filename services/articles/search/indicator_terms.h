#pragma once

#include <string>
#include <string_view>
#include <vector>

// The names of what the city measures ("地区生产总值", "GDP", "社零总额"), compiled in from
// data/catalogue/indicators.tsv.
namespace cityinfo::articles {

struct IndicatorTerm {
  std::string text;
  std::u16string folded;  // See text_folding.h.
};

// The names of one indicator: its own in Chinese and English, then others for it in print.
using IndicatorNames = std::vector<IndicatorTerm>;

// In the catalogue's order. Lives as long as the process. Thread-safe.
const std::vector<IndicatorNames>& AllIndicatorNames();

// The name of each indicator that completes `prefix` (folded, not empty): the first that begins
// with it, else the first that holds it; indicators without one are left out.
std::vector<const IndicatorTerm*> IndicatorsWith(std::u16string_view prefix);

}  // namespace cityinfo::articles
