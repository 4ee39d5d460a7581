#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "cityinfo/metrics/v1/observation.pb.h"
#include "services/metrics/domain/figure.h"
#include "services/metrics/domain/figure_review.h"

namespace cityinfo::metrics {

// Between figures with their reviews and the contract's messages. What reads a message gives
// nothing for UNSPECIFIED and for numbers the contract does not know.

v1::AnchorState ToProto(AnchorState anchor);
std::optional<AnchorState> FromProto(v1::AnchorState anchor);

// Who looked at it and what they said is shown to those who may review only.
v1::Figure ToProto(const Figure& figure, bool with_reviewer);

// The state that an officer's word brings a figure to.
std::optional<ReviewState> StateAfter(v1::ReviewFigureRequest::Action action);

// The fields of `amended` that are set. INVALID_ARGUMENT (amended.…) for an enum that is none.
absl::StatusOr<FigureAmendment> ReadAmendment(const v1::Figure& amended);

}  // namespace cityinfo::metrics
