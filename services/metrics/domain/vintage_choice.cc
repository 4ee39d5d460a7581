#include "services/metrics/domain/vintage_choice.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace cityinfo::metrics {
namespace {

// By day, and within a day the winner first.
bool Precedes(const BackingStatement& a, const BackingStatement& b) {
  return std::tie(a.publish_date, b.learned_at, b.confidence, a.ordinal, a.id) <
         std::tie(b.publish_date, a.learned_at, a.confidence, b.ordinal, b.id);
}

}  // namespace

std::vector<ChosenVintage> ChooseVintages(std::vector<BackingStatement> statements) {
  std::sort(statements.begin(), statements.end(), Precedes);
  std::vector<ChosenVintage> chosen;
  for (size_t begin = 0; begin < statements.size();) {
    const BackingStatement& winner = statements[begin];
    size_t end = begin;
    while (end < statements.size() && statements[end].publish_date == winner.publish_date) ++end;
    const bool begins_vintage = chosen.empty() || !chosen.back().value.SaysTheSameAs(winner.value);
    if (begins_vintage) {
      chosen.push_back({.value = winner.value, .publish_date = winner.publish_date});
    }
    for (size_t i = begin; i < end; ++i) {
      if (!statements[i].value.SaysTheSameAs(winner.value)) continue;
      chosen.back().statements.push_back(statements[i].id);
      // The words of whoever said it first, so that an echo never changes how a value is printed.
      if (begins_vintage) chosen.back().value.printed = statements[i].value.printed;
    }
    begin = end;
  }
  return chosen;
}

}  // namespace cityinfo::metrics
