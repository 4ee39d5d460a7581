#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/metrics/domain/catalogue/phrase_trie.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// What the growth that is published for an indicator compares.
enum class GrowthBasis {
  kCurrent,          // the levels as they are published
  kConstantPrices,   // volumes: 按不变价格计算, 按可比价格计算
  kComparableScope,  // levels brought to the scope of this year: 按可比口径, 同口径
};

// Which values besides 0 to 100 % a share of this indicator may have.
enum class ShareBounds {
  kWhole,    // none: it is a part of a whole
  kOver100,  // more: gross enrolment counts pupils of any age
  kBelow0,   // less: a balance, such as natural growth
};

// What is measured. `id` is stored with every figure and never changes its meaning.
struct Indicator {
  std::string id;                    // snake_case: "gdp"
  std::string name_zh;               // canonical: "地区生产总值"
  std::string name_en;               // "Gross Regional Product"
  std::vector<std::string> aliases;  // other names in print, without name_zh
  std::string base_unit;             // of exact values: "元"; "" for an index
  std::string display_unit;          // of tables and charts: "亿元"
  std::string category;              // "national_accounts"
  Measure default_measure = Measure::kLevel;
  bool is_flow = false;  // counts what happens within a time (jobs created), not a state at its end

  // For assessments; see data/catalogue/README.md, parts.tsv and assessment.tsv.
  std::vector<std::string> parts;   // ids whose levels add up to this one's by definition
  bool part_shares_add_up = false;  // and the parts' shares, which are of this, to 100 %
  bool less_is_better = false;      // a target without a bound word is a limit
  GrowthBasis growth_basis = GrowthBasis::kCurrent;
  ShareBounds share_bounds = ShareBounds::kWhole;
};

// Whom a figure is about.
struct Place {
  std::string code;                  // GB/T 2260, as short as its level allows: "52", "522601"
  std::string name_zh;               // "凯里市"
  std::vector<std::string> aliases;  // "凯里"
  std::string name_en;               // "Kaili"
  std::string parent;                // code of the place it lies in; "" for the nation
  std::string level;                 // nation, province, prefecture, county, township
};

// A unit as printed, resolved: 1 of it is `factor` of `base_unit`.
struct Unit {
  std::string text;       // "万亩"
  std::string base_unit;  // "m²"
  Decimal factor;         // 6666700
};

// The text of the catalogue's tables; the last two may be empty. See data/catalogue/README.md for
// their columns.
struct CatalogueSource {
  absl::string_view indicators_tsv;
  absl::string_view places_tsv;
  absl::string_view units_tsv;
  absl::string_view parts_tsv = {};
  absl::string_view assessment_tsv = {};
};

// The indicators, places and units that the service knows. Immutable after Parse, so any number of
// threads may read it; pointers handed out live as long as the catalogue.
class Catalogue {
 public:
  // Fails with INVALID_ARGUMENT naming file, line and column: "indicators.tsv:7: default_measure:
  // \"LEVLE\" is not a measure". Checks that ids and codes are unique, that parents exist, that
  // no printed name means two indicators and that no indicator is a part of itself.
  static absl::StatusOr<Catalogue> Parse(const CatalogueSource& source);

  // The catalogue in data/catalogue/, compiled into the program.
  static const Catalogue& Embedded();

  Catalogue(Catalogue&&) = default;
  Catalogue& operator=(Catalogue&&) = default;

  const std::vector<Indicator>& indicators() const { return indicators_; }
  const std::vector<Place>& places() const { return places_; }

  // By id; null when unknown.
  const Indicator* FindIndicator(absl::string_view id) const;
  // By exactly this printed name, canonical or alias; null when unknown.
  const Indicator* FindIndicatorByName(absl::string_view printed) const;

  // By code; null when unknown. The six-digit form of a province or prefecture ("520000", "522600")
  // finds it too.
  const Place* FindPlace(absl::string_view code) const;
  // By printed name, full or short; null when unknown.
  const Place* FindPlaceByName(absl::string_view printed) const;
  // The place of that level (or the nation) around `code`, `code` itself included; null when there
  // is none.
  const Place* FindAround(absl::string_view code, absl::string_view level) const;

  // Resolves a printed unit: multipliers (万, 亿, 千万…) before a known base unit. Nothing for an
  // unknown unit. An empty base unit is never returned: "万" alone is not a unit, see Multiplier.
  std::optional<Unit> ResolveUnit(absl::string_view printed) const;
  // 万 -> 10000; nothing for anything but multipliers.
  static std::optional<Decimal> Multiplier(absl::string_view printed);

  // Tries over the printed names for matching inside text, as code points with full-width forms
  // folded. Values are indexes into indicators(), places() and a private table of units.
  const PhraseTrie& indicator_names() const { return indicator_names_; }
  const PhraseTrie& place_names() const { return place_names_; }
  const PhraseTrie& unit_names() const { return unit_names_; }

 private:
  Catalogue() = default;
  absl::Status ReadIndicators(absl::string_view tsv);
  absl::Status ReadPlaces(absl::string_view tsv);
  absl::Status ReadUnits(absl::string_view tsv);
  absl::Status ReadParts(absl::string_view tsv);
  absl::Status ReadAssessment(absl::string_view tsv);
  bool IsPartOf(const std::string& part, const Indicator& whole) const;

  std::vector<Indicator> indicators_;
  std::vector<Place> places_;
  std::vector<Unit> units_;
  std::unordered_map<std::string, int> indicator_by_id_;
  std::unordered_map<std::string, int> place_by_code_;
  PhraseTrie indicator_names_;
  PhraseTrie place_names_;
  PhraseTrie unit_names_;
};

}  // namespace cityinfo::metrics
