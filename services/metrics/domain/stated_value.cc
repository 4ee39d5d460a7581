#include "services/metrics/domain/stated_value.h"

#include "absl/status/statusor.h"
#include "services/metrics/domain/decimal.h"

namespace cityinfo::metrics {
namespace {

bool SameNumber(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const absl::StatusOr<Decimal> left = Decimal::Parse(a);
  const absl::StatusOr<Decimal> right = Decimal::Parse(b);
  return left.ok() && right.ok() && *left == *right;
}

}  // namespace

double StatedValue::ToDouble() const {
  const absl::StatusOr<Decimal> exact = Decimal::Parse(exact_value);
  return exact.ok() ? exact->ToDouble() : 0;
}

bool StatedValue::SaysTheSameAs(const StatedValue& other) const {
  return qualifier == other.qualifier && unit == other.unit &&
         SameNumber(exact_value, other.exact_value) &&
         SameNumber(exact_value_high, other.exact_value_high);
}

}  // namespace cityinfo::metrics
