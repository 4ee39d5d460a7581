#include "platform/redis/dialer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/redis/conversation.h"
#include "platform/redis/resp.h"

namespace cityinfo::redis {
namespace {

// What a Sentinel says in answer to our one question fits into this many times over.
constexpr size_t kMostSentinelBytes = 4096;

Link::Instant After(absl::Duration duration) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<Link::Instant::duration>(absl::ToChronoNanoseconds(duration));
}

// What an error says is cut to this many bytes for a log line.
absl::string_view Said(const Reply& reply) { return absl::string_view(reply.text).substr(0, 200); }

bool IsError(const Reply& reply) { return reply.type == Reply::Type::kError; }

// Why `reply`, the answer to the first command after AUTH, is an error; OK when it is none. AUTH's
// own answer is not minded when the command was allowed: nothing wanted a password then.
absl::Status CheckAllowed(const Reply& reply, const Reply* auth) {
  if (!IsError(reply)) return absl::OkStatus();
  if (!absl::StartsWith(reply.text, "NOAUTH")) {
    return base::Unavailable("REDIS_NOT_READY", absl::StrCat("answers an error: ", Said(reply)));
  }
  const Reply& refusal = auth != nullptr && IsError(*auth) ? *auth : reply;
  return base::Unavailable("REDIS_PASSWORD_REFUSED",
                           absl::StrCat(auth == nullptr ? "wants a password, and none is configured"
                                                        : "refuses the password",
                                        ": ", Said(refusal)));
}

// The replies to `commands`, after AUTH when there is a password; the first one is no error.
absl::StatusOr<std::vector<Reply>> AskAuthenticated(Link& link, absl::string_view password,
                                                    std::vector<std::string> commands,
                                                    Link::Instant deadline,
                                                    const Interrupt& interrupt) {
  const bool with_auth = !password.empty();
  if (with_auth) {
    commands.insert(commands.begin(),
                    FormatCommand(std::array<absl::string_view, 2>{"AUTH", password}));
  }
  CITY_ASSIGN_OR_RETURN(std::vector<Reply> replies,
                        Converse(link, std::move(commands), deadline, interrupt));
  const size_t first = with_auth ? 1 : 0;
  CITY_RETURN_IF_ERROR(CheckAllowed(replies[first], with_auth ? &replies[0] : nullptr));
  replies.erase(replies.begin(), replies.begin() + static_cast<std::ptrdiff_t>(first));
  return replies;
}

// `status` as it stands when it has a reason of ours (or was cancelled), else REDIS_UNREACHABLE;
// the server's name in front.
absl::Status About(absl::string_view what, const base::HostPort& server,
                   const absl::Status& status) {
  if (absl::IsCancelled(status)) return status;
  const std::string reason = base::ErrorReason(status);
  return base::Unavailable(absl::StartsWith(reason, "REDIS_") ? reason : "REDIS_UNREACHABLE",
                           absl::StrCat(what, " ", FormatServer(server), ": ", status.message()));
}

bool IsPong(const Reply& reply) {
  return reply.type == Reply::Type::kStatus && reply.text == "PONG";
}

bool IsClusterNode(const Reply& info) {
  return info.type == Reply::Type::kString && absl::StrContains(info.text, "cluster_enabled:1");
}

bool IsMaster(const Reply& role) {
  return role.type == Reply::Type::kArray && !role.elements.empty() &&
         role.elements[0].type == Reply::Type::kString && role.elements[0].text == "master";
}

// Whether the server is one to work with.
absl::Status CheckFit(Link& link, bool must_be_master, Link::Instant deadline,
                      const Interrupt& interrupt) {
  std::vector<std::string> commands = {
      FormatCommand(std::array<absl::string_view, 2>{"INFO", "cluster"})};
  if (must_be_master) {
    commands.push_back(FormatCommand(std::array<absl::string_view, 1>{"ROLE"}));
  }
  CITY_ASSIGN_OR_RETURN(const std::vector<Reply> replies,
                        Converse(link, std::move(commands), deadline, interrupt));
  if (IsClusterNode(replies[0])) {
    return base::Unavailable("REDIS_IS_CLUSTER",
                             "is a node of a Redis Cluster, which is not supported; name a single "
                             "server, or Sentinels");
  }
  if (!must_be_master) return absl::OkStatus();
  CITY_RETURN_IF_ERROR(CheckAllowed(replies[1], nullptr));
  if (IsMaster(replies[1])) return absl::OkStatus();
  return base::Unavailable("REDIS_NOT_MASTER",
                           "the Sentinels call it the master, but it says it is a replica");
}

absl::StatusOr<base::HostPort> ReadMaster(const Reply& reply, absl::string_view master_name) {
  if (reply.type == Reply::Type::kNil) {
    return base::Unavailable("REDIS_MASTER_UNKNOWN",
                             absl::StrCat("knows no master named ", master_name));
  }
  base::HostPort master;
  if (reply.type != Reply::Type::kArray || reply.elements.size() != 2 ||
      reply.elements[0].type != Reply::Type::kString || reply.elements[0].text.empty() ||
      !absl::SimpleAtoi(reply.elements[1].text, &master.port) || master.port < 1 ||
      master.port > 65535) {
    return absl::DataLossError("does not answer as a Sentinel");
  }
  master.host = reply.elements[0].text;
  return master;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Link>> Dialer::Dial(const Interrupt& interrupt) {
  CITY_ASSIGN_OR_RETURN(const std::string password, ReadPassword(options_.password));
  if (options_.address.has_sentinels()) return DialMaster(password, interrupt);
  server_ = options_.address.server;
  return Open(server_, password, interrupt);
}

absl::StatusOr<std::unique_ptr<Link>> Dialer::DialMaster(absl::string_view password,
                                                         const Interrupt& interrupt) {
  const std::vector<base::HostPort>& sentinels = options_.address.sentinels;
  absl::Status away = absl::OkStatus();  // of the Sentinels
  absl::Status why = absl::OkStatus();   // of the servers they name
  std::vector<base::HostPort> tried;
  for (size_t i = 0; i < sentinels.size(); ++i) {
    const size_t at = (first_sentinel_ + i) % sentinels.size();
    const absl::StatusOr<base::HostPort> master = AskSentinel(sentinels[at], password, interrupt);
    if (absl::IsCancelled(master.status())) return master.status();
    if (!master.ok()) {
      away = master.status();
      continue;
    }
    if (std::find(tried.begin(), tried.end(), *master) != tried.end()) continue;
    tried.push_back(*master);
    absl::StatusOr<std::unique_ptr<Link>> link = Open(*master, password, interrupt);
    if (link.ok()) {
      first_sentinel_ = at;
      server_ = *master;
      return link;
    }
    if (absl::IsCancelled(link.status())) return link.status();
    why = link.status();
  }
  if (!why.ok()) return why;
  if (base::ErrorReason(away) != "REDIS_UNREACHABLE") return away;
  return base::Unavailable("REDIS_SENTINELS_AWAY",
                           absl::StrCat("no Sentinel answers; the last: ", away.message()));
}

absl::StatusOr<std::unique_ptr<Link>> Dialer::Open(const base::HostPort& server,
                                                   absl::string_view password,
                                                   const Interrupt& interrupt) const {
  absl::StatusOr<std::unique_ptr<Link>> link =
      Link::Connect(server, After(options_.connect_timeout), options_.max_reply_bytes, interrupt);
  if (!link.ok()) return About("redis", server, link.status());
  const Link::Instant deadline = After(options_.connect_timeout);
  const absl::StatusOr<std::vector<Reply>> pong =
      AskAuthenticated(**link, password, {FormatCommand(std::array<absl::string_view, 1>{"PING"})},
                       deadline, interrupt);
  if (!pong.ok()) return About("redis", server, pong.status());
  if (!IsPong(pong->front())) {
    return About("redis", server, absl::DataLossError("does not answer as Redis"));
  }
  const absl::Status fit = CheckFit(**link, options_.address.has_sentinels(), deadline, interrupt);
  if (!fit.ok()) return About("redis", server, fit);
  return link;
}

absl::StatusOr<base::HostPort> Dialer::AskSentinel(const base::HostPort& sentinel,
                                                   absl::string_view password,
                                                   const Interrupt& interrupt) const {
  const Link::Instant deadline = After(options_.sentinel_timeout);
  absl::StatusOr<std::unique_ptr<Link>> link =
      Link::Connect(sentinel, deadline, kMostSentinelBytes, interrupt);
  if (!link.ok()) return About("sentinel", sentinel, link.status());
  const absl::StatusOr<std::vector<Reply>> replies =
      AskAuthenticated(**link, password,
                       {FormatCommand(std::array<absl::string_view, 3>{
                           "SENTINEL", "get-master-addr-by-name", options_.address.master_name})},
                       deadline, interrupt);
  if (!replies.ok()) return About("sentinel", sentinel, replies.status());
  absl::StatusOr<base::HostPort> master =
      ReadMaster(replies->front(), options_.address.master_name);
  if (!master.ok()) return About("sentinel", sentinel, master.status());
  return master;
}

}  // namespace cityinfo::redis
