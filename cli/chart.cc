#include "cli/chart.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "cli/table.h"

namespace cityinfo::cli {

std::string BarChart(const std::vector<Bar>& bars, int width) {
  double longest = 0;
  int label_width = 0;
  for (const Bar& bar : bars) {
    longest = std::max(longest, bar.value);
    label_width = std::max(label_width, DisplayWidth(bar.label));
  }
  std::string out;
  for (const Bar& bar : bars) {
    const int length =
        longest > 0 ? static_cast<int>(std::lround(std::max(0.0, bar.value) / longest * width)) : 0;
    absl::StrAppend(&out, bar.label, std::string(label_width - DisplayWidth(bar.label), ' '), "  ");
    for (int i = 0; i < length; ++i) out += bar.hollow ? "░" : "█";
    absl::StrAppend(&out, length > 0 ? " " : "", bar.printed, "\n");
  }
  return out;
}

}  // namespace cityinfo::cli
