// A small bar chart for a terminal.
#pragma once

#include <string>
#include <vector>

namespace cityinfo::cli {

struct Bar {
  std::string label;    // "2020"
  double value = 0;     // length of the bar; negative values are drawn as none
  std::string printed;  // written behind the bar: "281.76亿元"
  bool hollow = false;  // a target, drawn differently from an actual
};

// One line a bar, the longest `width` columns. Empty without bars.
std::string BarChart(const std::vector<Bar>& bars, int width = 40);

}  // namespace cityinfo::cli
