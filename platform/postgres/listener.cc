#include "platform/postgres/listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/retry.h"
#include "platform/base/status_macros.h"

namespace cityinfo::postgres {
namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(5);

}  // namespace

Listener::Listener(Endpoint endpoint, std::string channel_name, std::function<void()> look,
                   absl::Duration look_every)
    : endpoint_(std::move(endpoint)),
      channel_name_(std::move(channel_name)),
      look_(std::move(look)),
      look_every_(look_every),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { Work(); }) {}

Listener::~Listener() {
  eventfd_write(stop_, 1);
  thread_.join();
  close(stop_);
}

bool Listener::stopped() const {
  pollfd stop = {.fd = stop_, .events = POLLIN, .revents = 0};
  return poll(&stop, 1, 0) > 0;
}

void Listener::Work() {
  base::Backoff backoff({.initial = absl::Milliseconds(100), .max = absl::Seconds(5)});
  while (!stopped()) {
    const absl::Time begun = absl::Now();
    Listen().IgnoreError();  // the look below is what an operator hears of: it asks the store too
    if (absl::Now() - begun > kConnectTimeout * 2) backoff.Reset();
    LookUntil(absl::Now() + backoff.Next());
  }
}

absl::Status Listener::Listen() {
  CITY_ASSIGN_OR_RETURN(const std::unique_ptr<Link> link,
                        Link::Connect(endpoint_, absl::Now() + kConnectTimeout, stop_));
  link->Add("LISTEN " + channel_name_);
  CITY_ASSIGN_OR_RETURN(const std::vector<Result> results,
                        link->Exchange(absl::Now() + kConnectTimeout));
  for (const Result& result : results) {
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
      return base::Unavailable("STORE_UNREACHABLE", PQresultErrorMessage(result.get()));
    }
  }
  // What was committed before LISTEN took effect was not heard.
  look_();
  absl::Time next_look = absl::Now() + look_every_;
  for (;;) {
    const Link::Wait wait = link->WaitForInput(next_look);
    if (wait == Link::Wait::kWoken) return absl::OkStatus();
    if (wait == Link::Wait::kReady && !link->ReadInput()) return absl::OkStatus();
    const bool heard = !link->TakeNotifications().empty();
    if (!heard && absl::Now() < next_look) continue;
    look_();
    next_look = absl::Now() + look_every_;
  }
}

void Listener::LookUntil(absl::Time deadline) {
  while (!stopped() && absl::Now() < deadline) {
    const absl::Duration pause = std::min(look_every_, deadline - absl::Now());
    pollfd stop = {.fd = stop_, .events = POLLIN, .revents = 0};
    poll(&stop, 1, static_cast<int>(absl::ToInt64Milliseconds(pause)) + 1);
    if (!stopped()) look_();
  }
}

}  // namespace cityinfo::postgres
