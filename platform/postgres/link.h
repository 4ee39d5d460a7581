#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/postgres/endpoint.h"

namespace cityinfo::postgres {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// One parameter of a prepared statement, as text or as raw bytes.
struct Parameter {
  std::string value;
  bool is_null = true;
  bool is_binary = false;
};

// A libpq connection that never blocks: everything it waits for it waits for in poll(), until a
// deadline. libpq's own waiting calls know none, and a frozen server would hold their caller for
// ever. Commands are gathered into a batch, sent together and answered together (libpq's pipeline
// mode), which saves a round trip for each command but one.
//
// Used by one thread at a time. Once `lost`, nothing works any more.
class Link {
 public:
  // What a wait ended with.
  enum class Wait { kReady, kTimeout, kWoken };

  // Connects and logs in to the first host of the address that will do; each has an even share of
  // the time that is left. `wake` is a descriptor that ends every wait when it becomes readable
  // (CANCELLED), -1 for none. UNAVAILABLE with what the last one or the system said in the detail;
  // DEADLINE_EXCEEDED.
  static absl::StatusOr<std::unique_ptr<Link>> Connect(const Endpoint& endpoint,
                                                       absl::Time deadline, int wake = -1);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Add to the batch. Errors show when it is exchanged.
  void Add(const std::string& sql);
  void AddPrepare(const std::string& name, const std::string& sql);
  void AddPrepared(const std::string& name, const std::vector<Parameter>& parameters);

  // Sends the batch and waits for all its results, one for each command, some of which may be
  // errors of the server. An error of Exchange itself means that the link is lost.
  absl::StatusOr<std::vector<Result>> Exchange(absl::Time deadline);
  // Sends the batch, if there is any, without waiting for it; the next exchange reads past its
  // results.
  void SendAhead();
  // Runs a script of several statements; the last one's result, or the first error.
  absl::StatusOr<Result> RunScript(const std::string& sql, absl::Time deadline);

  // Waits for anything from the server, when nothing is awaited (notifications, its end).
  Wait WaitForInput(absl::Time deadline);
  // Reads what has come in without waiting. False when the server has ended the connection.
  bool ReadInput();
  // The names of the channels that were notified since the last call.
  std::vector<std::string> TakeNotifications();

  bool lost() const { return lost_; }
  int server_version() const { return PQserverVersion(handle_); }
  // What the server has said of itself: "server_encoding", "in_hot_standby". Empty when nothing.
  absl::string_view Reported(const char* name) const;

 private:
  Link(PGconn* handle, int wake) : handle_(handle), wake_(wake) {}
  static absl::StatusOr<std::unique_ptr<Link>> ConnectTo(const Endpoint& endpoint, size_t host,
                                                         absl::Time deadline, int wake);

  absl::Status Login(absl::Time deadline);
  Wait Poll(short events, absl::Time deadline);
  // The same as an error, for waits that must succeed.
  absl::Status Await(short events, absl::Time deadline);
  absl::Status Flush(absl::Time deadline);
  // The next result; null at the end of one command's results.
  absl::StatusOr<Result> Next(absl::Time deadline);
  absl::Status ReadBatch(absl::Time deadline, std::vector<Result>* results);
  absl::Status Lost(absl::Status why);
  absl::Status Lost();
  void Note(int sent);

  PGconn* const handle_;
  const int wake_;
  bool gathering_ = false;  // the batch is not empty
  int unread_batches_ = 0;  // sent ahead
  bool lost_ = false;
};

}  // namespace cityinfo::postgres
