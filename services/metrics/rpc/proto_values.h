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
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/progress.h"

namespace cityinfo::metrics {

// Between the domain's values and the contract's messages. Pure functions; what reads a message
// gives nothing for UNSPECIFIED and for numbers the contract does not know.

v1::Measure ToProto(Measure measure);
v1::Kind ToProto(Kind kind);
v1::Qualifier ToProto(Qualifier qualifier);
v1::ReviewState ToProto(ReviewState state);
std::optional<Measure> FromProto(v1::Measure measure);
std::optional<Kind> FromProto(v1::Kind kind);
std::optional<Qualifier> FromProto(v1::Qualifier qualifier);
std::optional<ReviewState> FromProto(v1::ReviewState state);

google::type::Date ToProto(const base::Date& date);
google::protobuf::Timestamp ToProto(absl::Time time);

v1::Indicator ToProto(const Indicator& indicator);
v1::Place ToProto(const Place& place);
v1::Citation ToProto(const Citation& citation);
v1::Figure ToProto(const Figure& figure);
v1::Observation ToProto(const Observation& observation, const Catalogue& catalogue);
v1::Progress ToProto(const Progress& progress, const Catalogue& catalogue);
v1::Conflict ToProto(const Conflict& conflict, const Catalogue& catalogue);

}  // namespace cityinfo::metrics
