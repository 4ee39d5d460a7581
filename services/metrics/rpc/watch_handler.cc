#include "services/metrics/rpc/watch_handler.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
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

absl::StatusOr<std::int64_t> ParseToken(const std::string& token) {
  if (token.empty()) return 0;
  std::int64_t position = 0;
  // SimpleAtoi takes signs and spaces too, which no token of ours has.
  if (!std::all_of(token.begin(), token.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(token, &position)) {
    return base::InvalidArgument("resume_token",
                                 absl::StrCat(Quoted(token), " is not a token of this feed"),
                                 "INVALID_RESUME_TOKEN");
  }
  return position;
}

v1::ObservationChange Heartbeat(std::int64_t position) {
  v1::ObservationChange heartbeat;
  heartbeat.set_heartbeat(true);
  heartbeat.set_resume_token(absl::StrCat(position));
  return heartbeat;
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
  CITY_ASSIGN_OR_RETURN(const std::int64_t position, ParseToken(token));
  if (position <= versions_.Latest()) return position;
  // Another replica may have told of a change that this one has yet to hear of.
  CITY_RETURN_IF_ERROR(store_.RefreshDataVersions(absl::Now() + kReadTimeout));
  const std::int64_t last = versions_.Latest();
  if (position <= last) return position;
  return base::InvalidArgument(
      "resume_token",
      absl::StrCat("position ", position, " lies outside this feed, which ends at ", last,
                   "; begin again from an empty token"),
      "RESUME_TOKEN_AHEAD");
}

absl::StatusOr<bool> WatchHandler::SendBatch(rpc::ServerWriter<v1::ObservationChange>& writer,
                                             std::int64_t* position) {
  CITY_ASSIGN_OR_RETURN(const std::vector<ObservationChange> changes,
                        store_.ReadChanges(*position, kChangesAtOnce, absl::Now() + kReadTimeout));
  for (const ObservationChange& change : changes) {
    if (!writer.Write(ToMessage(change, catalogue_))) return false;
    *position = change.sequence;
  }
  return true;
}

bool WatchHandler::AwaitBeyond(std::int64_t sequence, absl::Time until,
                               const rpc::ServerWriter<v1::ObservationChange>& writer) const {
  while (!writer.ended() && absl::Now() < until) {
    if (versions_.AwaitBeyond(sequence, std::min(absl::Now() + kLookAround, until))) return true;
  }
  return false;
}

absl::Status WatchHandler::WatchObservations(const rpc::RequestContext&,
                                             const v1::WatchObservationsRequest& request,
                                             rpc::ServerWriter<v1::ObservationChange>& writer) {
  CITY_ASSIGN_OR_RETURN(std::int64_t position, ReadPosition(request.resume_token()));
  // The first heartbeat comes as soon as everything was sent, so that a watcher of a quiet feed
  // knows at once that the stream stands and that it has seen all.
  absl::Duration patience = absl::ZeroDuration();
  while (!writer.ended()) {
    const std::int64_t before = position;
    const std::int64_t announced = versions_.Latest();
    CITY_ASSIGN_OR_RETURN(const bool open, SendBatch(writer, &position));
    if (!open) break;
    if (position != before) continue;
    // What was announced and is not there was lost with the primary: it is no reason to ask again
    // at once, only at the heartbeat's pace.
    if (AwaitBeyond(std::max(position, announced), absl::Now() + patience, writer)) continue;
    if (writer.ended()) break;
    CITY_ASSIGN_OR_RETURN(const bool still_open, SendBatch(writer, &position));
    if (!still_open) break;
    if (position != before) continue;
    if (!writer.Write(Heartbeat(position))) break;
    patience = options_.heartbeat;
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::metrics
