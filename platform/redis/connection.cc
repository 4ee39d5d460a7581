#include "platform/redis/connection.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/retry.h"
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

}  // namespace

Connection::Connection(ClientOptions options)
    : options_(std::move(options)), wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  thread_ = std::jthread([this] { Run(); });
}

Connection::~Connection() {
  stopping_ = true;
  Wake();
  thread_.join();
  close(wake_fd_);
}

absl::Status Connection::Submit(std::shared_ptr<Command> command) {
  bool wake = false;
  {
    absl::MutexLock lock(&mutex_);
    if (state_ != State::kConnected) {
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
  if (wake) Wake();
  return absl::OkStatus();
}

State Connection::state() const {
  absl::MutexLock lock(&mutex_);
  return state_;
}

bool Connection::WaitUntilConnected(absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto connected = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return state_ == State::kConnected;
  };
  return mutex_.AwaitWithDeadline(absl::Condition(&connected), deadline);
}

void Connection::Run() {
  base::Backoff backoff({.initial = options_.reconnect_initial, .max = options_.reconnect_max});
  const Link::Options link_options = {
      .host = options_.host,
      .port = options_.port,
      .connect_timeout = options_.connect_timeout,
      .max_reply_bytes = static_cast<size_t>(options_.max_value_bytes) + 4096};
  bool reported = false;
  while (!stopping_) {
    absl::StatusOr<std::unique_ptr<Link>> link = Link::Connect(link_options, wake_fd_, stopping_);
    absl::Status why = link.status();
    if (link.ok()) why = Handshake(**link);
    if (why.ok()) {
      if (reported || tally_.connects == 0) log::Info("redis connected", {{"port", options_.port}});
      ++tally_.connects;
      SetState(State::kConnected);
      const auto since = SteadyClock::now();
      why = Serve(**link);
      ++tally_.drops;
      // What breaks right after its PING is not well yet: neither hurry back to it nor log each
      // time.
      if (SteadyClock::now() - since > kWellAfter) {
        backoff.Reset();
        reported = false;
      }
    }
    SetState(State::kDegraded);
    FailAll(link.ok() ? link->get() : nullptr, why);
    if (stopping_) break;
    if (!reported) {
      log::Warning("redis unavailable", {{"port", options_.port}, {"why", why.message()}});
      reported = true;
    }
    if (link.ok()) link->reset();
    Pause(backoff.Next());
  }
  SetState(State::kDegraded);
  FailAll(nullptr, absl::CancelledError("stopping"));
}

absl::Status Connection::Handshake(Link& link) {
  const auto deadline = SteadyClock::now() + ToSteady(options_.connect_timeout);
  std::vector<std::shared_ptr<Command>> commands;
  if (!options_.password.empty()) {
    commands.push_back(std::make_shared<Command>(
        Command::Expected::kStored,
        FormatCommand(std::array<absl::string_view, 2>{"AUTH", options_.password})));
  }
  commands.push_back(std::make_shared<Command>(
      Command::Expected::kPong, FormatCommand(std::array<absl::string_view, 1>{"PING"})));
  for (const std::shared_ptr<Command>& command : commands) {
    absl::MutexLock lock(&mutex_);
    ++outstanding_;
    outstanding_bytes_ += static_cast<int64_t>(command->bytes);
    link.Enqueue(command);
  }
  while (!commands.back()->done.HasBeenNotified()) {
    if (stopping_) return absl::CancelledError("stopping");
    if (SteadyClock::now() >= deadline) return absl::DeadlineExceededError("PING was not answered");
    if (absl::Status status = Turn(link, deadline); !status.ok()) return status;
  }
  for (const std::shared_ptr<Command>& command : commands) {
    if (!command->status.ok()) return command->status;
  }
  return absl::OkStatus();
}

absl::Status Connection::Serve(Link& link) {
  auto last_traffic = SteadyClock::now();
  while (!stopping_) {
    TakeInbox(link);
    const auto now = SteadyClock::now();
    if (link.idle() && now - last_traffic >= kIdlePing) {
      auto ping = std::make_shared<Command>(
          Command::Expected::kPong, FormatCommand(std::array<absl::string_view, 1>{"PING"}));
      absl::MutexLock lock(&mutex_);
      ++outstanding_;
      outstanding_bytes_ += static_cast<int64_t>(ping->bytes);
      link.Enqueue(std::move(ping));
    }
    if (!link.idle()) last_traffic = now;
    const auto until =
        link.idle() ? last_traffic + kIdlePing : *link.oldest() + ToSteady(options_.stall_timeout);
    if (absl::Status status = Turn(link, until); !status.ok()) return status;
    if (absl::Status status = CheckStall(link); !status.ok()) return status;
  }
  return absl::CancelledError("stopping");
}

absl::Status Connection::Turn(Link& link, Instant until) {
  if (absl::Status status = link.Flush(); !status.ok()) return status;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - SteadyClock::now()).count();
  const short events =
      static_cast<short>(link.wants_write() ? POLLIN | POLLOUT : POLLIN);  // NOLINT
  std::array<pollfd, 2> fds = {pollfd{link.fd(), events, 0}, pollfd{wake_fd_, POLLIN, 0}};
  const int ready =
      poll(fds.data(), fds.size(), static_cast<int>(std::clamp<int64_t>(left, 0, 1000)));
  if (ready < 0 && errno != EINTR) return absl::UnavailableError(std::strerror(errno));
  if (ready <= 0) return absl::OkStatus();
  if (fds[1].revents != 0) DrainWake();
  if ((fds[0].revents & (POLLIN | POLLERR | POLLHUP)) == 0) return absl::OkStatus();
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
  if (reply.type == Reply::Type::kError) {
    ++tally_.errors;
    Finish(command, base::FailedPrecondition("REDIS_REFUSED", reply.text.substr(0, 200)),
           std::nullopt);
    return absl::OkStatus();
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

void Connection::SetState(State state) {
  absl::MutexLock lock(&mutex_);
  state_ = state;
}

void Connection::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_fd_, &one, sizeof(one));
}

void Connection::DrainWake() {
  uint64_t count;
  (void)!read(wake_fd_, &count, sizeof(count));
}

void Connection::Pause(absl::Duration duration) {
  const auto until = SteadyClock::now() + ToSteady(duration);
  while (!stopping_) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - SteadyClock::now()).count();
    if (left <= 0) return;
    pollfd fd{wake_fd_, POLLIN, 0};
    if (poll(&fd, 1, static_cast<int>(left)) > 0 && !stopping_) DrainWake();
  }
}

}  // namespace cityinfo::redis
