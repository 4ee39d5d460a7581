#include "services/metrics/domain/catalogue/catalogue.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/catalogue/folding.h"
#include "services/metrics/domain/catalogue/table.h"

namespace cityinfo::metrics {
namespace {

std::vector<std::string> SplitAliases(absl::string_view cell) {
  if (cell.empty()) return {};
  return absl::StrSplit(cell, '|');
}

bool IsSnakeCase(absl::string_view id) {
  if (id.empty() || id[0] < 'a' || id[0] > 'z') return false;
  for (char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

bool IsPlaceCode(absl::string_view code) {
  if (code.size() != 2 && code.size() != 4 && code.size() != 6 && code.size() != 9) return false;
  for (char c : code) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

// Adds all printed names of one row; fails on the first that already means something else.
absl::Status AddNames(const TableRow& row, absl::string_view name_zh,
                      const std::vector<std::string>& aliases, int value, PhraseTrie& trie) {
  if (name_zh.empty()) return row.Error("name_zh", "it is empty");
  if (trie.Add(name_zh, value) >= 0) {
    return row.Error("name_zh", absl::StrCat("\"", name_zh, "\" already names another row"));
  }
  for (const std::string& alias : aliases) {
    if (alias.empty()) return row.Error("aliases", "an alias is empty");
    if (trie.Add(alias, value) >= 0) {
      return row.Error("aliases", absl::StrCat("\"", alias, "\" already names a row"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Catalogue> Catalogue::Parse(const CatalogueSource& source) {
  Catalogue catalogue;
  absl::Status status = catalogue.ReadUnits(source.units_tsv);
  if (status.ok()) status = catalogue.ReadIndicators(source.indicators_tsv);
  if (status.ok()) status = catalogue.ReadPlaces(source.places_tsv);
  if (status.ok()) status = catalogue.ReadParts(source.parts_tsv);
  if (status.ok()) status = catalogue.ReadAssessment(source.assessment_tsv);
  if (!status.ok()) return status;
  return catalogue;
}

absl::Status Catalogue::ReadIndicators(absl::string_view tsv) {
  absl::StatusOr<Table> table =
      Table::Parse("indicators.tsv", tsv,
                   {"id", "name_zh", "name_en", "aliases", "base_unit", "display_unit", "category",
                    "default_measure", "nature"});
  if (!table.ok()) return table.status();
  return table->ForEach([this](const TableRow& row) {
    Indicator indicator;
    indicator.id = std::string(row["id"]);
    if (!IsSnakeCase(indicator.id)) {
      return row.Error("id", absl::StrCat("\"", indicator.id, "\" is not snake_case"));
    }
    indicator.name_zh = std::string(row["name_zh"]);
    indicator.name_en = std::string(row["name_en"]);
    if (indicator.name_en.empty()) return row.Error("name_en", "it is empty");
    indicator.aliases = SplitAliases(row["aliases"]);
    indicator.base_unit = std::string(row["base_unit"]);
    indicator.display_unit = std::string(row["display_unit"]);
    if (!indicator.display_unit.empty() && indicator.display_unit != indicator.base_unit) {
      const std::optional<Unit> unit = ResolveUnit(indicator.display_unit);
      if (!unit || unit->base_unit != indicator.base_unit) {
        return row.Error("display_unit", absl::StrCat("\"", indicator.display_unit,
                                                      "\" is not a unit of ", indicator.base_unit));
      }
    }
    indicator.category = std::string(row["category"]);
    if (!IsSnakeCase(indicator.category)) return row.Error("category", "it is not snake_case");
    const std::optional<Measure> measure = ParseMeasure(row["default_measure"]);
    if (!measure) {
      return row.Error("default_measure",
                       absl::StrCat("\"", row["default_measure"], "\" is not a measure"));
    }
    indicator.default_measure = *measure;
    if (!row["nature"].empty() && row["nature"] != "flow") {
      return row.Error("nature", "it is \"flow\" or empty");
    }
    indicator.is_flow = row["nature"] == "flow";
    const int index = static_cast<int>(indicators_.size());
    if (!indicator_by_id_.emplace(indicator.id, index).second) {
      return row.Error("id", absl::StrCat("\"", indicator.id, "\" stands twice"));
    }
    absl::Status names =
        AddNames(row, indicator.name_zh, indicator.aliases, index, indicator_names_);
    if (!names.ok()) return names;
    indicators_.push_back(std::move(indicator));
    return absl::OkStatus();
  });
}

absl::Status Catalogue::ReadPlaces(absl::string_view tsv) {
  absl::StatusOr<Table> table =
      Table::Parse("places.tsv", tsv, {"code", "name_zh", "aliases", "name_en", "parent", "level"});
  if (!table.ok()) return table.status();
  return table->ForEach([this](const TableRow& row) {
    Place place;
    place.code = std::string(row["code"]);
    if (!IsPlaceCode(place.code)) {
      return row.Error("code", absl::StrCat("\"", place.code, "\" is not 2, 4, 6 or 9 digits"));
    }
    place.name_zh = std::string(row["name_zh"]);
    place.aliases = SplitAliases(row["aliases"]);
    place.name_en = std::string(row["name_en"]);
    place.parent = std::string(row["parent"]);
    place.level = std::string(row["level"]);
    if (place.level != "nation" && place.level != "province" && place.level != "prefecture" &&
        place.level != "county" && place.level != "township") {
      return row.Error("level", "it is nation, province, prefecture, county or township");
    }
    if (place.parent.empty() != (place.level == "nation")) {
      return row.Error("parent", "every place but the nation lies in another");
    }
    if (!place.parent.empty() && place_by_code_.count(place.parent) == 0) {
      return row.Error("parent", absl::StrCat("\"", place.parent, "\" stands in no row before"));
    }
    const int index = static_cast<int>(places_.size());
    if (!place_by_code_.emplace(place.code, index).second) {
      return row.Error("code", absl::StrCat("\"", place.code, "\" stands twice"));
    }
    absl::Status names = AddNames(row, place.name_zh, place.aliases, index, place_names_);
    if (!names.ok()) return names;
    places_.push_back(std::move(place));
    return absl::OkStatus();
  });
}

absl::Status Catalogue::ReadUnits(absl::string_view tsv) {
  absl::StatusOr<Table> table = Table::Parse("units.tsv", tsv, {"text", "base_unit", "factor"});
  if (!table.ok()) return table.status();
  return table->ForEach([this](const TableRow& row) {
    Unit unit{std::string(row["text"]), std::string(row["base_unit"]), Decimal()};
    if (unit.base_unit.empty()) return row.Error("base_unit", "it is empty");
    absl::StatusOr<Decimal> factor = Decimal::Parse(row["factor"]);
    if (!factor.ok()) return row.Error("factor", factor.status().message());
    if (factor->is_zero() || factor->is_negative())
      return row.Error("factor", "it is not positive");
    unit.factor = *factor;
    if (unit.text.empty()) return row.Error("text", "it is empty");
    if (unit_names_.Add(unit.text, static_cast<int>(units_.size())) >= 0) {
      return row.Error("text", absl::StrCat("\"", unit.text, "\" stands twice"));
    }
    units_.push_back(std::move(unit));
    return absl::OkStatus();
  });
}

const Indicator* Catalogue::FindIndicator(absl::string_view id) const {
  const auto it = indicator_by_id_.find(std::string(id));
  return it == indicator_by_id_.end() ? nullptr : &indicators_[it->second];
}

const Indicator* Catalogue::FindIndicatorByName(absl::string_view printed) const {
  const int index = indicator_names_.Find(printed);
  return index < 0 ? nullptr : &indicators_[index];
}

const Place* Catalogue::FindPlace(absl::string_view code) const {
  std::string key(code);
  auto it = place_by_code_.find(key);
  while (it == place_by_code_.end() && key.size() == 6 && key.compare(4, 2, "00") == 0) {
    key.resize(key.compare(2, 4, "0000") == 0 ? 2 : 4);
    it = place_by_code_.find(key);
  }
  return it == place_by_code_.end() ? nullptr : &places_[it->second];
}

const Place* Catalogue::FindPlaceByName(absl::string_view printed) const {
  const int index = place_names_.Find(printed);
  return index < 0 ? nullptr : &places_[index];
}

const Place* Catalogue::FindAround(absl::string_view code, absl::string_view level) const {
  const Place* place = FindPlace(code);
  while (place != nullptr && absl::string_view(place->level) != level) {
    place = place->parent.empty() ? nullptr : FindPlace(place->parent);
  }
  return place;
}

std::optional<Decimal> Catalogue::Multiplier(absl::string_view printed) {
  Decimal product = Decimal::FromInteger(1);
  const std::u32string text = FoldText(printed);
  if (text.empty() || text.size() > 4) return std::nullopt;
  for (char32_t c : text) {
    long long step = 0;
    switch (c) {
      case U'十':
        step = 10;
        break;
      case U'百':
        step = 100;
        break;
      case U'千':
        step = 1000;
        break;
      case U'万':
      case U'萬':
        step = 10000;
        break;
      case U'亿':
        step = 100000000;
        break;
      default:
        return std::nullopt;
    }
    product = product.Times(Decimal::FromInteger(step));
  }
  return product;
}

std::optional<Unit> Catalogue::ResolveUnit(absl::string_view printed) const {
  const int whole = unit_names_.Find(printed);
  if (whole >= 0) return Unit{std::string(printed), units_[whole].base_unit, units_[whole].factor};
  // Otherwise the multiplier is the longest front part whose rest is a unit.
  for (size_t cut = 0; cut < printed.size();) {
    base::DecodeCodePoint(printed, &cut);
    const std::optional<Decimal> multiplier = Multiplier(printed.substr(0, cut));
    if (!multiplier) return std::nullopt;
    const int rest = unit_names_.Find(printed.substr(cut));
    if (rest >= 0) {
      return Unit{std::string(printed), units_[rest].base_unit,
                  units_[rest].factor.Times(*multiplier)};
    }
  }
  return std::nullopt;
}

}  // namespace cityinfo::metrics
