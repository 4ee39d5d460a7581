#include "services/metrics/rpc/watch_handler.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/rpc/proto_values.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

constexpr int kChangesAtOnce = 100;
constexpr absl::Duration kReadTimeout = absl::Seconds(5);
// How long the end of a stream may go unnoticed while nothing changes.
constexpr absl::Duration kLookAround = absl::Milliseconds(100);

absl::Status NoPosition(const std::string& token) {
  return base::InvalidArgument("resume_token",
                               absl::StrCat(Quoted(token), " is not a position of this feed"),
                               "INVALID_RESUME_TOKEN");
}

v1::ObservationChange ToMessage(const ObservationChange& change, const Catalogue& catalogue) {
  v1::ObservationChange message;
  message.set_resume_token(absl::StrCat(change.sequence));
  *message.mutable_observation() = ToProto(change.observation, catalogue);
  message.set_retracted(change.retracted);
  *message.mutable_commit_time() = ToProto(change.commit_time);
  return message;
}

}  // namespace

absl::StatusOr<std::int64_t> WatchHandler::ReadPosition(const std::string& token) {
  if (token.empty()) return 0;
  std::int64_t position = 0;
  if (!absl::SimpleAtoi(token, &position) || position < 0) return NoPosition(token);
  if (position <= versions_.Latest()) return position;
  // Another replica may have told of a change that this one has yet to hear of.
  CITY_RETURN_IF_ERROR(store_.RefreshDataVersions(absl::Now() + kReadTimeout));
  if (position > versions_.Latest()) return NoPosition(token);
  return position;
}

absl::Status WatchHandler::WatchObservations(const rpc::RequestContext&,
                                             const v1::WatchObservationsRequest& request,
                                             rpc::ServerWriter<v1::ObservationChange>& writer) {
  CITY_ASSIGN_OR_RETURN(std::int64_t position, ReadPosition(request.resume_token()));
  absl::Time next_heartbeat = absl::Now() + options_.heartbeat;
  while (!writer.ended()) {
    CITY_ASSIGN_OR_RETURN(const std::vector<ObservationChange> changes,
                          store_.ReadChanges(position, kChangesAtOnce, absl::Now() + kReadTimeout));
    for (const ObservationChange& change : changes) {
      if (!writer.Write(ToMessage(change, catalogue_))) return absl::OkStatus();
      position = change.sequence;
    }
    const absl::Time now = absl::Now();
    if (!changes.empty()) {
      next_heartbeat = now + options_.heartbeat;
      continue;
    }
    if (now >= next_heartbeat) {
      v1::ObservationChange heartbeat;
      heartbeat.set_heartbeat(true);
      heartbeat.set_resume_token(absl::StrCat(position));
      if (!writer.Write(heartbeat)) return absl::OkStatus();
      next_heartbeat = now + options_.heartbeat;
    }
    while (!writer.ended() && absl::Now() < next_heartbeat &&
           !versions_.AwaitBeyond(position, std::min(absl::Now() + kLookAround, next_heartbeat))) {
    }
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::metrics
