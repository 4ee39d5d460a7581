#include "platform/redis/client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/redis/command.h"
#include "platform/redis/connection.h"
#include "platform/redis/resp.h"
#include "platform/redis/sealed_value.h"

namespace cityinfo::redis {
namespace {

absl::StatusOr<std::shared_ptr<Command>> SetCommand(absl::string_view key, absl::string_view value,
                                                    absl::Duration ttl, int64_t max_value_bytes) {
  const int64_t ttl_ms = absl::ToInt64Milliseconds(ttl);
  if (ttl_ms < 1) return base::InvalidArgument("ttl", "must be at least one millisecond");
  if (static_cast<int64_t>(value.size()) > max_value_bytes) {
    return base::InvalidArgument(
        "value", absl::StrCat("has ", value.size(), " bytes; at most ", max_value_bytes));
  }
  const std::string sealed = Seal(key, value);
  return std::make_shared<Command>(Command::Expected::kStored,
                                   FormatCommand(std::array<absl::string_view, 5>{
                                       "SET", key, sealed, "PX", absl::StrCat(ttl_ms)}));
}

// Submits and waits; the command's own status, or why there is none.
absl::Status RunCommand(Connection& connection, const std::shared_ptr<Command>& command,
                        absl::Time deadline) {
  if (absl::Status status = connection.Submit(command); !status.ok()) return status;
  if (!command->done.WaitForNotificationWithDeadline(deadline)) {
    command->abandoned = true;
    ++connection.tally().timeouts;
    return base::DeadlineExceeded("the cache did not answer in time");
  }
  return command->status;
}

}  // namespace

Client::Client(ClientOptions options)
    : max_value_bytes_(options.max_value_bytes),
      connection_(std::make_unique<Connection>(std::move(options))) {}

Client::~Client() = default;

absl::StatusOr<std::optional<std::string>> Client::Get(absl::string_view key, absl::Time deadline) {
  auto command = std::make_shared<Command>(
      Command::Expected::kValue, FormatCommand(std::array<absl::string_view, 2>{"GET", key}));
  if (absl::Status status = RunCommand(*connection_, command, deadline); !status.ok())
    return status;
  Connection::Tally& tally = connection_->tally();
  if (!command->value.has_value()) {
    ++tally.misses;
    return std::nullopt;
  }
  const std::optional<absl::string_view> value = Unseal(key, *command->value);
  if (!value.has_value()) {
    ++tally.misses;
    ++tally.corrupt;
    return std::nullopt;
  }
  ++tally.hits;
  // The value is the tail of the reply: cut the seal off in place.
  std::string bytes = *std::move(command->value);
  bytes.erase(0, bytes.size() - value->size());
  return std::optional<std::string>(std::move(bytes));
}

absl::Status Client::Set(absl::string_view key, absl::string_view value, absl::Duration ttl,
                         absl::Time deadline) {
  absl::StatusOr<std::shared_ptr<Command>> command = SetCommand(key, value, ttl, max_value_bytes_);
  if (!command.ok()) return command.status();
  return RunCommand(*connection_, *command, deadline);
}

void Client::SetInBackground(absl::string_view key, absl::string_view value, absl::Duration ttl) {
  if (state() != State::kConnected) return;  // not worth formatting
  absl::StatusOr<std::shared_ptr<Command>> command = SetCommand(key, value, ttl, max_value_bytes_);
  if (command.ok()) (void)connection_->Submit(*std::move(command));
}

absl::Status Client::Ping(absl::Time deadline) {
  auto command = std::make_shared<Command>(Command::Expected::kPong,
                                           FormatCommand(std::array<absl::string_view, 1>{"PING"}));
  return RunCommand(*connection_, command, deadline);
}

State Client::state() const { return connection_->state(); }

absl::Status Client::status() const { return connection_->status(); }

Counters Client::counters() const {
  const Connection::Tally& tally = connection_->tally();
  return Counters{.hits = tally.hits,
                  .misses = tally.misses,
                  .corrupt = tally.corrupt,
                  .writes = tally.writes,
                  .errors = tally.errors,
                  .timeouts = tally.timeouts,
                  .late_replies = tally.late_replies,
                  .rejected = tally.rejected,
                  .connects = tally.connects,
                  .drops = tally.drops};
}

bool Client::WaitUntilDialed(absl::Time deadline) const {
  return connection_->WaitUntilDialed(deadline);
}

bool Client::WaitUntilConnected(absl::Time deadline) const {
  return connection_->WaitUntilConnected(deadline);
}

}  // namespace cityinfo::redis
