#pragma once

#include <string>
#include <vector>

#include "services/metrics/domain/catalogue/catalogue.h"

namespace cityinfo::metrics {

// One of the things that a coordinated list of names stands for.
struct ListedName {
  std::string text;
  int indicator = -1;  // of the catalogue
};

// Splits a coordinated name into the `count` names it stands for, putting back the parts that the
// names share: 城镇和农村居民人均可支配收入 is 城镇居民人均可支配收入 and 农村居民人均可支配收入,
// 一般公共预算收入、支出 is 一般公共预算收入 and 一般公共预算支出. `clauses` are the list as
// printed; more than one when commas separate its parts. Empty when the list does not have `count`
// parts.
std::vector<ListedName> SplitCoordination(const std::vector<std::string>& clauses, int count,
                                          const Catalogue& catalogue);

}  // namespace cityinfo::metrics
