#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// A printed name with the abbreviations of statistics written out: 规上工业增加值 becomes
// 规模以上工业增加值, 人均GDP becomes 人均地区生产总值 (of the nation: 人均国内生产总值). Names
// that tell of another scope or an older series (大口径财政收入, 一般预算收入) stay as they are.
std::string WriteOut(std::string name, bool of_the_nation);

}  // namespace cityinfo::metrics
