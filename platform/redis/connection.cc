#include "platform/redis/connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/retry.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "platform/redis/resp.h"

namespace cityinfo::redis {
namespace {

using SteadyClock = std::chrono::steady_clock;

// An idle connection is asked this often whether it still lives, so that health tells the truth
// without traffic.
constexpr std::chrono::milliseconds kIdlePing{500};

// A connection that lasted this long was a good one.
constexpr std::chrono::seconds kWellAfter{1};

SteadyClock::duration ToSteady(absl::Duration duration) {
  return std::chrono::duration_cast<SteadyClock::duration>(absl::ToChronoNanoseconds(duration));
}

// Whether a server that refused a command is still the one to talk to.
absl::Status CheckRefusal(absl::string_view said, bool has_sentinels) {
  if (absl::StartsWith(said, "NOAUTH")) return base::Unavailable("REDIS_PASSWORD_REFUSED", said);
  if (absl::StartsWith(said, "MOVED ") || absl::StartsWith(said, "CLUSTERDOWN")) {
    return base::Unavailable("REDIS_IS_CLUSTER", "has become a node of a Redis Cluster");
  }
  // Without Sentinels there is no other server: a replica's reads are as good as a master's.
  if (has_sentinels && absl::StartsWith(said, "READONLY")) {
    return base::Unavailable("REDIS_NOT_MASTER", "is no master any more");
  }
  return absl::OkStatus();
}

absl::string_view NameOf(Command::Expected expected) {
  switch (expected) {
    case Command::Expected::kValue:
      return "get";
    case Command::Expected::kStored:
      return "set";
    case Command::Expected::kPong:
      return "ping";
    case Command::Expected::kAnything:
      return "other";
  }
  return "other";
}

// Why the connection to `server` is no more, for operators.
absl::Status Lost(absl::string_view server, const absl::Status& why) {
  const std::string reason = base::ErrorReason(why);
  return base::Unavailable(absl::StartsWith(reason, "REDIS_") ? reason : "REDIS_UNREACHABLE",
                           absl::StrCat("redis ", server, ": ", why.message()));
}

}  // namespace

Connection::Connection(ClientOptions options)
    : options_(std::move(options)),
      dialer_({.address = options_.address,
               .password = options_.password,
               .connect_timeout = options_.connect_timeout,
               .sentinel_timeout = options_.sentinel_timeout,
               .max_reply_bytes = static_cast<size_t>(options_.max_value_bytes) + 4096}),
      status_(base::Unavailable("REDIS_UNREACHABLE", "not connected yet")) {
  thread_ = std::jthread([this] { Run(); });
}

Connection::~Connection() {
  interrupt_.Raise();
  thread_.join();
}

absl::Status Connection::Submit(std::shared_ptr<Command> command) {
  bool wake = false;
  {
    absl::MutexLock lock(&mutex_);
    if (!status_.ok()) {
      ++tally_.rejected;
      return base::Unavailable("REDIS_UNAVAILABLE", "the cache is not connected");
    }
    const int64_t bytes = static_cast<int64_t>(command->bytes);
    if (outstanding_ >= options_.max_outstanding ||
        outstanding_bytes_ + bytes > options_.max_outstanding_bytes) {
      ++tally_.rejected;
      return base::ResourceExhausted("REDIS_BUSY", "too many cache commands are unanswered");
    }
    ++outstanding_;
    outstanding_bytes_ += bytes;
    wake = inbox_.empty();  // else the one who put the first command there has woken the thread
    inbox_.push_back(std::move(command));
  }
  if (wake) interrupt_.Wake();
  return absl::OkStatus();
}

State Connection::state() const {
  absl::MutexLock lock(&mutex_);
  return status_.ok() ? State::kConnected : State::kDegraded;
}

absl::Status Connection::status() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

bool Connection::WaitUntilConnected(absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto connected = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return status_.ok(); };
  return mutex_.AwaitWithDeadline(absl::Condition(&connected), deadline);
}

void Connection::Run() {
  base::Backoff backoff({.initial = options_.reconnect_initial, .max = options_.reconnect_max});
  base::Backoff refused({.initial = options_.reconnect_max, .max = options_.refused_max});
  while (!interrupt_.raised) {
    absl::StatusOr<std::unique_ptr<Link>> link = dialer_.Dial(interrupt_);
    absl::Status why = link.status();
    if (link.ok()) {
      const std::string server = FormatServer(dialer_.server());
      if (!reported_.empty() || tally_.connects == 0) {
        log::Info("redis connected", {{"server", server}});
      }
      ++tally_.connects;
      SetStatus(absl::OkStatus());
      const auto since = SteadyClock::now();
      why = Lost(server, Serve(**link));
      ++tally_.drops;
      // What breaks right after its PING is not well yet: neither hurry back to it nor log each
      // time.
      if (SteadyClock::now() - since > kWellAfter) {
        backoff.Reset();
        reported_.clear();
      }
    }
    SetStatus(why);
    FailAll(link.ok() ? link->get() : nullptr, why);
    if (interrupt_.raised) break;
    Report(why);
    if (link.ok()) link->reset();
    const bool is_refused = base::ErrorReason(why) == "REDIS_PASSWORD_REFUSED";
    if (!is_refused) refused.Reset();
    Pause(is_refused ? refused.Next() : backoff.Next());
  }
  SetStatus(base::Unavailable("REDIS_UNREACHABLE", "the client has ended"));
  FailAll(nullptr, absl::CancelledError("stopping"));
}

absl::Status Connection::Serve(Link& link) {
  auto last_traffic = SteadyClock::now();
  while (!interrupt_.raised) {
    TakeInbox(link);
    const auto now = SteadyClock::now();
    if (link.idle() && now - last_traffic >= kIdlePing) SendPing(link);
    if (!link.idle()) last_traffic = now;
    const auto until =
        link.idle() ? last_traffic + kIdlePing : *link.oldest() + ToSteady(options_.stall_timeout);
    if (absl::Status status = Turn(link, until); !status.ok()) return status;
    if (absl::Status status = CheckStall(link); !status.ok()) return status;
  }
  return absl::CancelledError("stopping");
}

void Connection::SendPing(Link& link) {
  auto ping = std::make_shared<Command>(Command::Expected::kPong,
                                        FormatCommand(std::array<absl::string_view, 1>{"PING"}));
  absl::MutexLock lock(&mutex_);
  ++outstanding_;
  outstanding_bytes_ += static_cast<int64_t>(ping->bytes);
  link.Enqueue(std::move(ping));
}

absl::Status Connection::Turn(Link& link, Instant until) {
  CITY_RETURN_IF_ERROR(link.Flush());
  const short events =
      static_cast<short>(link.wants_write() ? POLLIN | POLLOUT : POLLIN);  // NOLINT
  CITY_ASSIGN_OR_RETURN(const short ready, AwaitSocket(link.fd(), events, until, interrupt_));
  if ((ready & (POLLIN | POLLERR | POLLHUP)) == 0) return absl::OkStatus();
  return link.Receive(
      [this](Command& command, Reply reply) { return Settle(command, std::move(reply)); });
}

void Connection::TakeInbox(Link& link) {
  std::vector<std::shared_ptr<Command>> taken;
  {
    absl::MutexLock lock(&mutex_);
    taken.swap(inbox_);
  }
  for (std::shared_ptr<Command>& command : taken) link.Enqueue(std::move(command));
}

absl::Status Connection::CheckStall(const Link& link) const {
  const std::optional<Instant> oldest = link.oldest();
  if (oldest && SteadyClock::now() - *oldest >= ToSteady(options_.stall_timeout)) {
    return absl::DeadlineExceededError("a command stayed unanswered");
  }
  return absl::OkStatus();
}

// Gives the reply to its command. An error means that whoever answers is not Redis.
absl::Status Connection::Settle(Command& command, Reply reply) {
  if (options_.on_reply) {
    options_.on_reply(NameOf(command.expected),
                      absl::FromChrono(SteadyClock::now() - command.submitted));
  }
  if (reply.type == Reply::Type::kError) {
    ++tally_.errors;
    const std::string said = reply.text.substr(0, 200);
    Finish(command, base::FailedPrecondition("REDIS_REFUSED", said), std::nullopt);
    return CheckRefusal(said, options_.address.has_sentinels());
  }
  bool expected = false;
  switch (command.expected) {
    case Command::Expected::kValue:
      expected = reply.type == Reply::Type::kString || reply.type == Reply::Type::kNil;
      break;
    case Command::Expected::kStored:
      expected = reply.type == Reply::Type::kStatus && reply.text == "OK";
      break;
    case Command::Expected::kPong:
      expected = reply.type == Reply::Type::kStatus && reply.text == "PONG";
      break;
    case Command::Expected::kAnything:
      expected = true;
      break;
  }
  if (!expected) {
    const absl::Status why = absl::DataLossError("a reply of the wrong kind");
    Finish(command, base::Unavailable("REDIS_UNAVAILABLE", why.message()), std::nullopt);
    return why;
  }
  if (command.expected == Command::Expected::kStored) ++tally_.writes;
  std::optional<std::string> value;
  if (reply.type == Reply::Type::kString) value = std::move(reply.text);
  Finish(command, absl::OkStatus(), std::move(value));
  return absl::OkStatus();
}

void Connection::Finish(Command& command, absl::Status status, std::optional<std::string> value) {
  {
    absl::MutexLock lock(&mutex_);
    --outstanding_;
    outstanding_bytes_ -= static_cast<int64_t>(command.bytes);
  }
  if (command.abandoned && status.ok()) ++tally_.late_replies;
  command.status = std::move(status);
  command.value = std::move(value);
  command.done.Notify();
}

void Connection::FailAll(Link* link, const absl::Status& why) {
  const absl::Status status = base::Unavailable(
      "REDIS_UNAVAILABLE", absl::StrCat("the cache connection was lost: ", why.message()));
  if (link != nullptr) {
    for (const std::shared_ptr<Command>& command : link->TakeInFlight()) {
      Finish(*command, status, std::nullopt);
    }
  }
  std::vector<std::shared_ptr<Command>> waiting;
  {
    absl::MutexLock lock(&mutex_);
    waiting.swap(inbox_);
  }
  for (const std::shared_ptr<Command>& command : waiting) Finish(*command, status, std::nullopt);
}

bool Connection::WaitUntilDialed(absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithDeadline(absl::Condition(&dialed_), deadline);
}

void Connection::SetStatus(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  dialed_ = true;
  status_ = std::move(status);
}

void Connection::Report(const absl::Status& why) {
  const std::string reason = base::ErrorReason(why);
  if (!reported_.insert(reason).second) return;
  log::Warning("redis unavailable", {{"reason", reason}, {"why", why.message()}});
}

void Connection::Pause(absl::Duration duration) {
  const auto until = SteadyClock::now() + ToSteady(duration);
  while (!interrupt_.raised && SteadyClock::now() < until) {
    (void)AwaitSocket(/*socket=*/-1, /*events=*/0, until, interrupt_);
  }
}

}  // namespace cityinfo::redis
