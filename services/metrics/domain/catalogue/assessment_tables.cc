// The tables that judging needs: parts.tsv and assessment.tsv.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/catalogue/table.h"

namespace cityinfo::metrics {
namespace {

absl::Status ReadGrowth(const TableRow& row, Indicator& indicator) {
  const absl::string_view growth = row["growth"];
  if (growth == "constant_prices") {
    indicator.growth_basis = GrowthBasis::kConstantPrices;
  } else if (growth == "comparable_scope") {
    indicator.growth_basis = GrowthBasis::kComparableScope;
  } else if (!growth.empty()) {
    return row.Error("growth", "it is \"constant_prices\", \"comparable_scope\" or empty");
  }
  return absl::OkStatus();
}

absl::Status ReadShares(const TableRow& row, Indicator& indicator) {
  const absl::string_view shares = row["shares"];
  if (shares == "over_100") {
    indicator.share_bounds = ShareBounds::kOver100;
  } else if (shares == "below_0") {
    indicator.share_bounds = ShareBounds::kBelow0;
  } else if (!shares.empty()) {
    return row.Error("shares", "it is \"over_100\", \"below_0\" or empty");
  }
  return absl::OkStatus();
}

}  // namespace

bool Catalogue::IsPartOf(const std::string& part, const Indicator& whole) const {
  for (const std::string& direct : whole.parts) {
    if (direct == part || IsPartOf(part, *FindIndicator(direct))) return true;
  }
  return false;
}

absl::Status Catalogue::ReadParts(absl::string_view tsv) {
  if (tsv.empty()) return absl::OkStatus();
  absl::StatusOr<Table> table = Table::Parse("parts.tsv", tsv, {"whole", "parts", "shares"});
  if (!table.ok()) return table.status();
  return table->ForEach([this](const TableRow& row) {
    const auto found = indicator_by_id_.find(std::string(row["whole"]));
    if (found == indicator_by_id_.end()) {
      return row.Error("whole", absl::StrCat("\"", row["whole"], "\" is not an indicator"));
    }
    Indicator& whole = indicators_[static_cast<size_t>(found->second)];
    if (!whole.parts.empty()) {
      return row.Error("whole", absl::StrCat("\"", whole.id, "\" stands twice"));
    }
    const std::vector<std::string> parts = absl::StrSplit(row["parts"], '|', absl::SkipEmpty());
    if (parts.size() < 2) return row.Error("parts", "a whole has two parts or more");
    for (const std::string& id : parts) {
      const Indicator* part = FindIndicator(id);
      if (part == nullptr) {
        return row.Error("parts", absl::StrCat("\"", id, "\" is not an indicator"));
      }
      if (part->base_unit != whole.base_unit) {
        return row.Error("parts", absl::StrCat("\"", id, "\" has another unit than the whole"));
      }
      if (id == whole.id || IsPartOf(whole.id, *part)) {
        return row.Error("parts", absl::StrCat("\"", whole.id, "\" would be a part of itself"));
      }
      for (const std::string& other : whole.parts) {
        if (other == id) return row.Error("parts", absl::StrCat("\"", id, "\" stands twice"));
      }
      whole.parts.push_back(id);
    }
    if (!row["shares"].empty() && row["shares"] != "100") {
      return row.Error("shares", "it is \"100\" or empty");
    }
    whole.part_shares_add_up = row["shares"] == "100";
    return absl::OkStatus();
  });
}

absl::Status Catalogue::ReadAssessment(absl::string_view tsv) {
  if (tsv.empty()) return absl::OkStatus();
  absl::StatusOr<Table> table =
      Table::Parse("assessment.tsv", tsv, {"indicator", "better", "growth", "shares"});
  if (!table.ok()) return table.status();
  std::vector<bool> seen(indicators_.size(), false);
  return table->ForEach([&](const TableRow& row) {
    const auto found = indicator_by_id_.find(std::string(row["indicator"]));
    if (found == indicator_by_id_.end()) {
      return row.Error("indicator", absl::StrCat("\"", row["indicator"], "\" is not an indicator"));
    }
    const size_t index = static_cast<size_t>(found->second);
    if (seen[index]) {
      return row.Error("indicator", absl::StrCat("\"", row["indicator"], "\" stands twice"));
    }
    seen[index] = true;
    Indicator& indicator = indicators_[index];
    if (!row["better"].empty() && row["better"] != "less") {
      return row.Error("better", "it is \"less\" or empty");
    }
    indicator.less_is_better = row["better"] == "less";
    absl::Status status = ReadGrowth(row, indicator);
    if (status.ok()) status = ReadShares(row, indicator);
    return status;
  });
}

}  // namespace cityinfo::metrics
