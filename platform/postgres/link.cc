#include "platform/postgres/link.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/postgres/postgres_error.h"

namespace cityinfo::postgres {
namespace {

int PollTimeout(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) return -1;
  // Rounded up, so that nobody spins through the last millisecond.
  const int64_t milliseconds =
      absl::ToInt64Milliseconds(deadline - absl::Now() + absl::Microseconds(999));
  return static_cast<int>(std::clamp<int64_t>(milliseconds, 0, 3'600'000));
}

// The SQLSTATE in "FATAL:  28P01: password authentication failed …", which is how libpq tells it
// while there is no result to ask; empty when the server was not reached.
std::string StateInMessage(absl::string_view message) {
  constexpr size_t kLength = 5;
  for (size_t at = message.find(":  "); at != absl::string_view::npos;
       at = message.find(":  ", at + 1)) {
    const absl::string_view state = message.substr(at + 3, kLength);
    const bool fits =
        state.size() == kLength && std::all_of(state.begin(), state.end(), [](char c) {
          return absl::ascii_isdigit(c) || absl::ascii_isupper(c);
        });
    if (fits && message.substr(at + 3 + kLength, 2) == ": ") return std::string(state);
  }
  return "";
}

}  // namespace

Link::~Link() { PQfinish(handle_); }

absl::StatusOr<std::unique_ptr<Link>> Link::Connect(const Endpoint& endpoint, absl::Time deadline,
                                                    int wake) {
  for (size_t host = 0;; ++host) {
    const size_t left = endpoint.hosts() - host;
    const absl::Time now = absl::Now();
    auto link =
        ConnectTo(endpoint, host, now + (deadline - now) / static_cast<int64_t>(left), wake);
    if (link.ok() || left == 1 || absl::IsCancelled(link.status())) return link;
  }
}

absl::StatusOr<std::unique_ptr<Link>> Link::ConnectTo(const Endpoint& endpoint, size_t host,
                                                      absl::Time deadline, int wake) {
  CITY_ASSIGN_OR_RETURN(const Endpoint::Keywords keywords, endpoint.Login(host, deadline));
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : keywords) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* handle = PQconnectStartParams(names.data(), values.data(), /*expand_dbname=*/0);
  if (handle == nullptr) return MapError("53200", "libpq has no memory");
  std::unique_ptr<Link> link(new Link(handle, wake));
  CITY_RETURN_IF_ERROR(link->Login(deadline));
  if (endpoint.requires_primary() && link->Reported("in_hot_standby") == "on") {
    return MapError("25006", "the server is a hot standby");
  }
  return link;
}

absl::Status Link::Login(absl::Time deadline) {
  // The server's notices are its own log's business; by default libpq prints them.
  PQsetNoticeProcessor(
      handle_, [](void*, const char*) {}, nullptr);
  PQsetErrorVerbosity(handle_, PQERRORS_VERBOSE);  // with the SQLSTATE
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (PQstatus(handle_) != CONNECTION_BAD && state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) break;
    CITY_RETURN_IF_ERROR(Await(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline));
    state = PQconnectPoll(handle_);
  }
  if (PQstatus(handle_) != CONNECTION_OK) {
    const std::string message = PQerrorMessage(handle_);
    return Lost(MapError(StateInMessage(message), message));
  }
  PQsetErrorVerbosity(handle_, PQERRORS_DEFAULT);
  if (PQsetnonblocking(handle_, 1) != 0 || PQenterPipelineMode(handle_) != 1) return Lost();
  return absl::OkStatus();
}

void Link::Note(int sent) {
  gathering_ = true;
  if (sent != 1) lost_ = true;
}

void Link::Add(const std::string& sql) {
  Note(PQsendQueryParams(handle_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
}

void Link::AddPrepare(const std::string& name, const std::string& sql) {
  Note(PQsendPrepare(handle_, name.c_str(), sql.c_str(), 0, nullptr));
}

void Link::AddPrepared(const std::string& name, const std::vector<Parameter>& parameters) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (const Parameter& parameter : parameters) {
    values.push_back(parameter.is_null ? nullptr : parameter.value.c_str());
    lengths.push_back(static_cast<int>(parameter.value.size()));
    formats.push_back(parameter.is_binary ? 1 : 0);
  }
  Note(PQsendQueryPrepared(handle_, name.c_str(), static_cast<int>(values.size()), values.data(),
                           lengths.data(), formats.data(), /*resultFormat=*/0));
}

absl::StatusOr<std::vector<Result>> Link::Exchange(absl::Time deadline) {
  if (!lost_) Note(PQpipelineSync(handle_));
  if (lost_) return Lost();
  gathering_ = false;
  CITY_RETURN_IF_ERROR(Flush(deadline));
  std::vector<Result> results;
  for (; unread_batches_ > 0; --unread_batches_) {
    CITY_RETURN_IF_ERROR(ReadBatch(deadline, &results));
  }
  results.clear();
  absl::Status read = ReadBatch(deadline, &results);
  // What the server said last before it closed tells more than that it closed.
  const bool said_why = std::any_of(results.begin(), results.end(), [](const Result& result) {
    return PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) != nullptr;
  });
  if (!read.ok() && !(absl::IsUnavailable(read) && said_why)) return read;
  return results;
}

void Link::SendAhead() {
  if (!gathering_) return;
  if (!lost_) Note(PQpipelineSync(handle_));
  if (lost_) return;
  gathering_ = false;
  ++unread_batches_;
  // What the socket does not take now goes with the next exchange.
  if (PQflush(handle_) < 0) lost_ = true;
}

absl::StatusOr<Result> Link::RunScript(const std::string& sql, absl::Time deadline) {
  // Scripts exist outside of the pipeline only.
  CITY_RETURN_IF_ERROR(Exchange(deadline).status());
  if (PQexitPipelineMode(handle_) != 1 || PQsendQuery(handle_, sql.c_str()) != 1) return Lost();
  CITY_RETURN_IF_ERROR(Flush(deadline));
  Result last;
  for (;;) {
    CITY_ASSIGN_OR_RETURN(Result result, Next(deadline));
    if (result == nullptr) break;
    last = std::move(result);
  }
  if (last == nullptr || PQenterPipelineMode(handle_) != 1) return Lost();
  return last;
}

absl::Status Link::ReadBatch(absl::Time deadline, std::vector<Result>* results) {
  // A null ends the results of one command; two in a row mean that nothing is awaited any more.
  for (bool ended = false;;) {
    CITY_ASSIGN_OR_RETURN(Result result, Next(deadline));
    if (result == nullptr) {
      if (std::exchange(ended, true) || PQstatus(handle_) == CONNECTION_BAD) return Lost();
      continue;
    }
    ended = false;
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return absl::OkStatus();
    results->push_back(std::move(result));
    if (PQstatus(handle_) == CONNECTION_BAD) return Lost();
  }
}

absl::StatusOr<Result> Link::Next(absl::Time deadline) {
  while (PQisBusy(handle_) != 0) {
    CITY_RETURN_IF_ERROR(Await(POLLIN, deadline));
    // An error is remembered by libpq and shows as the next result.
    if (PQconsumeInput(handle_) != 1) break;
  }
  return Result(PQgetResult(handle_));
}

absl::Status Link::Flush(absl::Time deadline) {
  for (;;) {
    const int left = PQflush(handle_);
    if (left == 0) return absl::OkStatus();
    if (left < 0) return Lost();
    // The server may have to be read from before it reads on.
    CITY_RETURN_IF_ERROR(Await(POLLIN | POLLOUT, deadline));
    if (PQconsumeInput(handle_) != 1) return Lost();
  }
}

absl::Status Link::Await(short events, absl::Time deadline) {
  switch (Poll(events, deadline)) {
    case Wait::kReady:
      return absl::OkStatus();
    case Wait::kTimeout:
      return Lost(base::DeadlineExceeded("the deadline passed while the store was working"));
    case Wait::kWoken:
      break;
  }
  return Lost(base::Cancelled("stopped while waiting for the store"));
}

Link::Wait Link::Poll(short events, absl::Time deadline) {
  pollfd sources[] = {{.fd = PQsocket(handle_), .events = events, .revents = 0},
                      {.fd = wake_, .events = POLLIN, .revents = 0}};
  for (;;) {
    const int ready = poll(sources, wake_ >= 0 ? 2 : 1, PollTimeout(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0 && absl::Now() < deadline) continue;  // poll() counts in int milliseconds
    if (ready <= 0) return Wait::kTimeout;
    return sources[1].revents != 0 ? Wait::kWoken : Wait::kReady;
  }
}

Link::Wait Link::WaitForInput(absl::Time deadline) { return Poll(POLLIN, deadline); }

bool Link::ReadInput() {
  // A server that ends a connection says so and then closes: two reads. The bound is for one that
  // never stops sending.
  for (int reads = 0; !lost_ && reads < 8; ++reads) {
    if (Poll(POLLIN, absl::InfinitePast()) != Wait::kReady) break;
    if (PQconsumeInput(handle_) != 1) lost_ = true;
  }
  return !lost_;
}

std::vector<std::string> Link::TakeNotifications() {
  std::vector<std::string> channels;
  for (;;) {
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> notification(PQnotifies(handle_),
                                                                       &PQfreemem);
    if (notification == nullptr) return channels;
    channels.emplace_back(notification->relname);
  }
}

absl::string_view Link::Reported(const char* name) const {
  const char* const value = PQparameterStatus(handle_, name);
  return value == nullptr ? "" : value;
}

absl::Status Link::Lost(absl::Status why) {
  lost_ = true;
  return why;
}

absl::Status Link::Lost() { return Lost(MapError("", PQerrorMessage(handle_))); }

}  // namespace cityinfo::postgres
