#pragma once

#include <functional>
#include <string>
#include <thread>

#include "platform/postgres/endpoint.h"
#include "platform/postgres/link.h"
#include "platform/sql/database.h"

namespace cityinfo::postgres {

// Hears NOTIFY on a connection and a thread of its own, and looks from time to time whatever it
// hears: a lost notification costs `look_every` at most. A lost connection is opened again, with
// growing pauses.
class Listener final : public sql::Watch {
 public:
  Listener(Endpoint endpoint, std::string channel_name, std::function<void()> look,
           absl::Duration look_every = absl::Seconds(1));
  // Waits for the end of `look`, should it be running.
  ~Listener() override;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  void Work();
  // Until the connection is lost or the end.
  absl::Status Listen();
  // Without a connection: looks until `deadline` or the end.
  void LookUntil(absl::Time deadline);
  bool stopped() const;

  const Endpoint endpoint_;
  const std::string channel_name_;  // quoted
  const std::function<void()> look_;
  const absl::Duration look_every_;
  const int stop_;  // an eventfd, readable from the end on
  std::thread thread_;
};

}  // namespace cityinfo::postgres
