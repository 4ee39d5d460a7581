#include "services/articles/rpc/watch_handler.h"

#include <algorithm>
#include <atomic>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/rpc/caller.h"
#include "services/articles/rpc/conversion.h"

namespace cityinfo::articles {
namespace {

// One batch is read within this, or the stream ends with the store's error and the client resumes.
constexpr absl::Duration kReadTimeout = absl::Seconds(10);

absl::StatusOr<int64_t> ParseResumeToken(const std::string& token) {
  if (token.empty()) return 0;
  int64_t position = 0;
  if (!absl::ascii_isdigit(token[0]) || !absl::SimpleAtoi(token, &position)) {
    return base::InvalidArgument("resume_token", "is not a token of this feed",
                                 "INVALID_RESUME_TOKEN");
  }
  return position;
}

// Turns true when the stream ends, and wakes whoever sleeps on the signal. The sink runs the
// callback from a thread of its own, so the flag, not the sink, is asked while the signal's lock is
// held.
class EndFlag {
 public:
  EndFlag(rpc::ServerWriter<v1::ArticleChange>& writer, ChangeSignal& signal) : writer_(writer) {
    writer_.OnEnd([this, &signal] {
      ended_.store(true, std::memory_order_release);
      signal.Wake();
    });
  }
  ~EndFlag() { writer_.OnEnd(nullptr); }
  EndFlag(const EndFlag&) = delete;
  EndFlag& operator=(const EndFlag&) = delete;

  bool ended() const { return ended_.load(std::memory_order_acquire); }

 private:
  rpc::ServerWriter<v1::ArticleChange>& writer_;
  std::atomic<bool> ended_{false};
};

}  // namespace

absl::StatusOr<bool> WatchHandler::SendBatch(rpc::ServerWriter<v1::ArticleChange>& writer,
                                             int64_t* position) {
  CITY_ASSIGN_OR_RETURN(const std::vector<ArticleChange> changes,
                        store_.ReadChanges(*position, options_.batch, absl::Now() + kReadTimeout));
  for (const ArticleChange& change : changes) {
    v1::ArticleChange message;
    ToProto(change, &message);
    if (!writer.Write(message)) return false;
    *position = change.position;
  }
  return true;
}

absl::Status WatchHandler::WatchArticles(const rpc::RequestContext& context,
                                         const v1::WatchArticlesRequest& request,
                                         rpc::ServerWriter<v1::ArticleChange>& writer) {
  CITY_RETURN_IF_ERROR(RequireEditor(CallerOf(context), "watch the change feed"));
  CITY_ASSIGN_OR_RETURN(int64_t position, ParseResumeToken(request.resume_token()));
  ChangeSignal& signal = store_.change_signal();
  const EndFlag end(writer, signal);
  WatcherPositions::Seat seat(options_.watchers, position);
  // The first heartbeat comes as soon as everything was sent, so that a watcher of a quiet feed
  // knows at once that the stream stands and that it has seen all.
  absl::Duration patience = absl::ZeroDuration();
  while (!end.ended()) {
    const int64_t before = position;
    const int64_t announced = signal.newest();
    seat.MoveTo(position);
    CITY_ASSIGN_OR_RETURN(const bool open, SendBatch(writer, &position));
    if (!open) break;
    if (position != before) continue;
    // The signal tells of every commit, another process's too; should it once be late, the
    // heartbeat's pace bounds for how long. What was announced and is not there was lost with the
    // primary: it is no reason to ask again at once.
    if (signal.WaitBeyond(std::max(position, announced), absl::Now() + patience,
                          [&] { return end.ended(); })) {
      continue;
    }
    if (end.ended()) break;
    CITY_ASSIGN_OR_RETURN(const bool still_open, SendBatch(writer, &position));
    if (!still_open) break;
    if (position != before) continue;
    seat.MoveTo(position);
    v1::ArticleChange heartbeat;
    heartbeat.set_heartbeat(true);
    heartbeat.set_resume_token(absl::StrCat(position));
    if (!writer.Write(heartbeat)) break;
    patience = options_.heartbeat;
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::articles
