#include "services/metrics/domain/extraction/written_name.h"

#include <cstddef>
#include <string>

namespace cityinfo::metrics {
namespace {

struct Abbreviation {
  absl::string_view printed;
  absl::string_view written;
};

// Longer ones first where one holds another.
constexpr Abbreviation kAbbreviations[] = {
    {"规上", "规模以上"},
    {"规模工业", "规模以上工业"},
    {"限上", "限额以上"},
    {"城镇常住居民", "城镇居民"},
    {"农村常住居民", "农村居民"},
    {"一产增加值", "第一产业增加值"},
    {"二产增加值", "第二产业增加值"},
    {"三产增加值", "第三产业增加值"},
    {"社零总额", "社会消费品零售总额"},
    {"新增城镇就业", "城镇新增就业"},
    {"经济总量", "生产总值"},
    {"地区GDP", "地区生产总值"},
};

void ReplaceFirst(std::string& name, absl::string_view from, absl::string_view to) {
  const size_t at = name.find(from.data(), 0, from.size());
  if (at == std::string::npos || name.find(to.data(), 0, to.size()) != std::string::npos) return;
  name.replace(at, from.size(), to.data(), to.size());
}

bool EndsAt(const std::string& name, size_t at, const std::string& word) {
  return at >= word.size() && name.compare(at - word.size(), word.size(), word) == 0;
}

// 生产总值 and GDP say of the nation 国内, of everything else 地区.
void WriteOutProduct(std::string& name, bool of_the_nation) {
  const std::string product = "生产总值";
  const std::string scope = of_the_nation ? "国内" : "地区";
  size_t at = name.find(product);
  if (at == std::string::npos) {
    at = name.find("GDP");
    if (at == std::string::npos) return;
    name.replace(at, 3, product);
  }
  if (!EndsAt(name, at, "地区") && !EndsAt(name, at, "国内")) name.insert(at, scope);
}

}  // namespace

std::string WriteOut(std::string name, bool of_the_nation) {
  for (const Abbreviation& abbreviation : kAbbreviations) {
    ReplaceFirst(name, abbreviation.printed, abbreviation.written);
  }
  WriteOutProduct(name, of_the_nation);
  return name;
}

}  // namespace cityinfo::metrics
