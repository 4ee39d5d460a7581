#pragma once

#include <optional>

#include "absl/time/time.h"
#include "cityinfo/metrics/v1/catalogue.pb.h"
#include "cityinfo/metrics/v1/observation.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "platform/base/date.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/figure.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// Between the domain's values and the contract's messages. Pure functions; what reads a message
// gives nothing for UNSPECIFIED and for numbers the contract does not know.

v1::Measure ToProto(Measure measure);
v1::Kind ToProto(Kind kind);
v1::Qualifier ToProto(Qualifier qualifier);
v1::ReviewState ToProto(ReviewState state);
v1::RevisionStage ToProto(RevisionStage stage);
v1::SupersededReason ToProto(SupersededReason reason);
std::optional<Measure> FromProto(v1::Measure measure);
std::optional<Kind> FromProto(v1::Kind kind);
std::optional<Qualifier> FromProto(v1::Qualifier qualifier);
std::optional<ReviewState> FromProto(v1::ReviewState state);
std::optional<RevisionStage> FromProto(v1::RevisionStage stage);

google::type::Date ToProto(const base::Date& date);
google::protobuf::Timestamp ToProto(absl::Time time);

v1::Indicator ToProto(const Indicator& indicator);
v1::Place ToProto(const Place& place);
v1::Citation ToProto(const Citation& citation);
v1::Observation ToProto(const Observation& observation, const Catalogue& catalogue);
// The same with when and why a newer vintage took its place: as part of its history, never as an
// answer as of a moment, which must not know what came later.
v1::Observation HistoricToProto(const Observation& observation, const Catalogue& catalogue);

}  // namespace cityinfo::metrics
