#include "platform/postgres/host_lookup.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/postgres/postgres_error.h"

namespace cityinfo::postgres {

HostLookup::HostLookup(std::string host, Resolve resolve)
    : host_(std::move(host)), resolve_(std::move(resolve)) {}

HostLookup::Addresses HostLookup::Find(absl::Time deadline) {
  const std::shared_ptr<Answer> answer = Join();
  absl::MutexLock lock(&answer->mutex);
  if (!answer->mutex.AwaitWithDeadline(absl::Condition(&answer->ready), deadline)) {
    return base::DeadlineExceeded("the deadline passed while the store's host was looked up");
  }
  return answer->addresses;
}

std::shared_ptr<HostLookup::Answer> HostLookup::Join() {
  absl::MutexLock lock(&mutex_);
  if (under_way_ != nullptr) {
    absl::MutexLock answer_lock(&under_way_->mutex);
    if (!under_way_->ready) return under_way_;
  }
  under_way_ = Start();
  return under_way_;
}

std::shared_ptr<HostLookup::Answer> HostLookup::Start() const {
  auto answer = std::make_shared<Answer>();
  std::thread([answer, host = host_, resolve = resolve_] {
    Addresses addresses = resolve(host);
    absl::MutexLock lock(&answer->mutex);
    answer->addresses = std::move(addresses);
    answer->ready = true;
  }).detach();
  return answer;
}

HostLookup::Addresses HostLookup::AskSystem(const std::string& host) {
  const addrinfo hints = {.ai_flags = AI_ADDRCONFIG, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  const int result = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (result != 0) {
    return MapError("", absl::StrCat("could not translate host name \"", host,
                                     "\" to address: ", gai_strerror(result)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof(text), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) {
      addresses.emplace_back(text);
    }
  }
  return addresses;
}

bool HostLookup::IsNumeric(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace cityinfo::postgres
