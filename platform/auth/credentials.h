#pragma once

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "platform/auth/api_key.h"
#include "platform/auth/json_web_key_set.h"
#include "platform/auth/json_web_token.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::auth {

// Who is let in: the holders of keys in a key file, and those for whom a token speaks. Both files
// are looked at again and again: keys that are added or taken away count within a second, without
// a restart. A file that is not good is logged once and counted, and what was good last stays.
//
// Shows cityinfo_auth_reloads_total{file,result}. Thread-safe.
class Credentials {
 public:
  struct Options {
    std::string key_file;    // see KeyRing; empty: no keys
    std::string key_set;     // file of a JsonWebKeySet; empty: no tokens
    TokenRules token_rules;  // with a key set
    absl::Duration period = absl::Seconds(1);
  };

  // The error of the file that is not good now. `metrics` must outlive it.
  static absl::StatusOr<std::unique_ptr<Credentials>> Start(const Options& options,
                                                            telemetry::Metrics& metrics);
  ~Credentials();
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  // `authorization` is the header's value, "Bearer KEY" or "Bearer TOKEN". UNAUTHENTICATED as
  // KeyRing::Authenticate and VerifyToken.
  absl::StatusOr<Principal> Authenticate(absl::string_view authorization) const
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // One file: what it held last, and what was said of it.
  template <typename Content>
  struct Watched {
    std::string path;
    const char* name;
    std::string text;        // as it was read last
    std::string complained;  // the reason that has been logged
    std::shared_ptr<const Content> content;
  };

  Credentials(const Options& options, telemetry::Metrics& metrics);
  template <typename Content>
  void Look(Watched<Content>* file) ABSL_LOCKS_EXCLUDED(mutex_);
  void Watch();

  const Options options_;
  telemetry::Metrics& metrics_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const KeyRing> keys_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const JsonWebKeySet> key_set_ ABSL_GUARDED_BY(mutex_);
  void Use(std::shared_ptr<const KeyRing> keys) ABSL_LOCKS_EXCLUDED(mutex_);
  void Use(std::shared_ptr<const JsonWebKeySet> key_set) ABSL_LOCKS_EXCLUDED(mutex_);

  // Of the watch's thread, once it runs.
  Watched<KeyRing> key_file_;
  Watched<JsonWebKeySet> key_set_file_;

  absl::Notification stop_;
  std::jthread thread_;
};

}  // namespace cityinfo::auth
