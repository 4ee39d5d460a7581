#include "services/metrics/domain/plausibility_message.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace cityinfo::metrics {
namespace {

constexpr int kShownPlaces = 6;

std::string NameOf(const std::string& indicator, const Catalogue& catalogue) {
  const Indicator* known = catalogue.FindIndicator(indicator);
  return known == nullptr ? indicator : known->name_zh;
}

// "凯里市2020年地区生产总值".
std::string Subject(const Observation& observation, const Catalogue& catalogue) {
  const Place* place = catalogue.FindPlace(observation.key.place);
  return absl::StrCat(place == nullptr ? observation.key.place : place->name_zh,
                      PeriodInChinese(observation.key.period),
                      NameOf(observation.key.indicator, catalogue));
}

// A number in the unit that people read: "290.1亿元".
std::string Shown(const Decimal& value, const Observation& like, const Catalogue& catalogue) {
  const Indicator* indicator = catalogue.FindIndicator(like.key.indicator);
  if (indicator != nullptr && like.vintage.value.unit == indicator->base_unit) {
    if (const auto unit = catalogue.ResolveUnit(indicator->display_unit)) {
      if (const auto shown = value.DividedBy(unit->factor, kShownPlaces)) {
        return absl::StrCat(shown->ToString(), indicator->display_unit);
      }
    }
  }
  return absl::StrCat(value.ToString(), like.vintage.value.unit);
}

std::string PrintedOf(const Observation& observation, const Catalogue& catalogue) {
  const StatedValue& value = observation.vintage.value;
  // Line breaks of the newspaper are none of the message.
  if (!value.printed.empty()) return absl::StrReplaceAll(value.printed, {{"\n", ""}, {"\r", ""}});
  const auto exact = Decimal::Parse(value.exact_value);
  return exact.ok() ? Shown(*exact, observation, catalogue) : value.exact_value;
}

// "第一产业增加值18.6亿元、第二产业增加值90亿元".
std::string Listed(const std::vector<Observation>& observations, const Catalogue& catalogue) {
  std::string text;
  for (const Observation& observation : observations) {
    absl::StrAppend(&text, text.empty() ? "" : "、", NameOf(observation.key.indicator, catalogue),
                    PrintedOf(observation, catalogue));
  }
  return text;
}

bool SameDay(const Observation& first, const std::vector<Observation>& others) {
  return std::all_of(others.begin(), others.end(), [&](const Observation& other) {
    return other.vintage.publish_date == first.vintage.publish_date;
  });
}

constexpr char kMayBeRevised[] = "（公布日期不同，也可能是数据修订所致）";

}  // namespace

std::string PeriodInChinese(const Period& period) {
  const int year = period.first_year();
  const auto month = [](absl::CivilDay day) { return static_cast<int>(day.month()); };
  switch (period.granularity()) {
    case Period::Granularity::kYear:
      return absl::StrCat(year, "年");
    case Period::Granularity::kHalf:
      return absl::StrCat(year, month(period.first_day()) == 1 ? "年上半年" : "年下半年");
    case Period::Granularity::kQuarter: {
      constexpr const char* kQuarters[] = {"一", "二", "三", "四"};
      return absl::StrCat(year, "年", kQuarters[(month(period.first_day()) - 1) / 3], "季度");
    }
    case Period::Granularity::kMonth:
      return absl::StrCat(year, "年", month(period.first_day()), "月");
    case Period::Granularity::kDay:
      return absl::StrCat(year, "年", month(period.first_day()), "月", period.first_day().day(),
                          "日");
    case Period::Granularity::kYears:
      return absl::StrCat(year, "—", period.last_year(), "年");
    case Period::Granularity::kMonths:
      if (period.last_year() == year) {
        return absl::StrCat(year, "年", month(period.first_day()), "—", month(period.last_day()),
                            "月");
      }
      return absl::StrCat(year, "年", month(period.first_day()), "月—", period.last_year(), "年",
                          month(period.last_day()), "月");
  }
  return period.ToString();
}

std::string ShareMessage(const Observation& share, const std::string& limit,
                         const Catalogue& catalogue) {
  return absl::StrCat(Subject(share, catalogue), "为", PrintedOf(share, catalogue),
                      limit == "0" ? "，低于" : "，超过", limit, "，作为占比不可能");
}

std::string PartsMessage(const Observation& whole, const std::vector<Observation>& parts,
                         const Decimal& sum, bool all, const Catalogue& catalogue) {
  const absl::StatusOr<Decimal> total = Decimal::Parse(whole.vintage.value.exact_value);
  const Decimal difference = total.ok() ? sum.Minus(*total) : Decimal();
  return absl::StrCat(
      Subject(whole, catalogue), "为", PrintedOf(whole, catalogue), "，而", all ? "各部分" : "其中",
      "（", Listed(parts, catalogue), "）合计", Shown(sum, whole, catalogue),
      difference.is_negative() ? "，少" : "，多",
      Shown(difference.is_negative() ? difference.Negated() : difference, whole, catalogue),
      "，超出四舍五入的误差", SameDay(whole, parts) ? "" : kMayBeRevised);
}

std::string SharesMessage(const std::vector<Observation>& shares, const Decimal& sum,
                          const Catalogue& catalogue) {
  return absl::StrCat(PeriodInChinese(shares.front().key.period), "各部分占比（",
                      Listed(shares, catalogue), "）合计", sum.ToString(),
                      "%，与100%相差超出四舍五入的误差",
                      SameDay(shares.front(), shares) ? "" : kMayBeRevised);
}

std::string GrowthMessage(const Observation& growth, const Observation& level,
                          const Observation& before, const Decimal& implied,
                          const Catalogue& catalogue) {
  const Indicator* indicator = catalogue.FindIndicator(growth.key.indicator);
  const GrowthBasis basis = indicator == nullptr ? GrowthBasis::kCurrent : indicator->growth_basis;
  const char* hint = "";
  if (basis == GrowthBasis::kConstantPrices) {
    hint = "（增速按不变价格计算，与现价水平不直接可比，仅作提示）";
  } else if (basis == GrowthBasis::kComparableScope) {
    hint = "（增速按可比口径计算，与公布的水平不直接可比，仅作提示）";
  }
  // "下降0.9%" is printed as 0.9%.
  const std::string printed = PrintedOf(growth, catalogue);
  const bool bare_fall = absl::StartsWith(growth.vintage.value.exact_value, "-") &&
                         !printed.empty() &&
                         absl::ascii_isdigit(static_cast<unsigned char>(printed[0]));
  return absl::StrCat(Subject(growth, catalogue), "公布的增速为", bare_fall ? "-" : "", printed,
                      "，而由", PeriodInChinese(before.key.period), PrintedOf(before, catalogue),
                      "到", PeriodInChinese(level.key.period), PrintedOf(level, catalogue),
                      "的变动为", implied.ToString(), "%", hint);
}

std::string PowerMessage(const Observation& value, const std::vector<Observation>& neighbours,
                         int power, const Catalogue& catalogue) {
  std::string beside;
  for (const Observation& neighbour : neighbours) {
    absl::StrAppend(&beside, beside.empty() ? "" : "、", PeriodInChinese(neighbour.key.period),
                    PrintedOf(neighbour, catalogue));
  }
  const std::string times =
      absl::StrCat("1", std::string(static_cast<size_t>(std::abs(power)), '0'));
  return absl::StrCat(Subject(value, catalogue), "为", PrintedOf(value, catalogue),
                      "，与相邻时期（", beside, "）相比约为其",
                      power > 0 ? times + "倍" : times + "分之一", "，疑为小数点或单位有误");
}

}  // namespace cityinfo::metrics
