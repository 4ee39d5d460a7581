#include "platform/redis/conversation.h"

#include <poll.h>

#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "platform/base/status_macros.h"
#include "platform/redis/command.h"

namespace cityinfo::redis {

absl::StatusOr<std::vector<Reply>> Converse(Link& link, std::vector<std::string> commands,
                                            Link::Instant deadline, const Interrupt& interrupt) {
  for (std::string& command : commands) {
    link.Enqueue(std::make_shared<Command>(Command::Expected::kAnything, std::move(command)));
  }
  std::vector<Reply> replies;
  while (replies.size() < commands.size()) {
    CITY_RETURN_IF_ERROR(link.Flush());
    const short events =
        static_cast<short>(link.wants_write() ? POLLIN | POLLOUT : POLLIN);  // NOLINT
    CITY_ASSIGN_OR_RETURN(const short ready, AwaitSocket(link.fd(), events, deadline, interrupt));
    if ((ready & (POLLIN | POLLERR | POLLHUP)) != 0) {
      CITY_RETURN_IF_ERROR(link.Receive([&](Command&, Reply reply) {
        replies.push_back(std::move(reply));
        return absl::OkStatus();
      }));
    }
    if (replies.size() < commands.size() && std::chrono::steady_clock::now() >= deadline) {
      return absl::DeadlineExceededError("no answer in time");
    }
  }
  return replies;
}

}  // namespace cityinfo::redis
