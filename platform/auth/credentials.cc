#include "platform/auth/credentials.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"

namespace cityinfo::auth {
namespace {

constexpr absl::string_view kScheme = "bearer ";

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return base::FailedPrecondition("NO_KEY_FILE", absl::StrCat("cannot read ", path));
  }
  return text.str();
}

}  // namespace

Credentials::Credentials(const Options& options, telemetry::Metrics& metrics)
    : options_(options),
      metrics_(metrics),
      keys_(std::make_shared<const KeyRing>()),
      key_set_(std::make_shared<const JsonWebKeySet>()),
      key_file_{.path = options.key_file, .name = "keys"},
      key_set_file_{.path = options.key_set, .name = "token_keys"} {}

absl::StatusOr<std::unique_ptr<Credentials>> Credentials::Start(const Options& options,
                                                                telemetry::Metrics& metrics) {
  std::unique_ptr<Credentials> credentials(new Credentials(options, metrics));
  // What a file is later forgiven it is not at the start.
  if (!options.key_file.empty()) CITY_RETURN_IF_ERROR(KeyRing::Load(options.key_file).status());
  if (!options.key_set.empty()) {
    CITY_RETURN_IF_ERROR(JsonWebKeySet::Load(options.key_set).status());
  }
  credentials->Watch();
  credentials->thread_ = std::jthread([self = credentials.get()] {
    while (!self->stop_.WaitForNotificationWithTimeout(self->options_.period)) self->Watch();
  });
  return credentials;
}

Credentials::~Credentials() { stop_.Notify(); }

void Credentials::Watch() {
  Look(&key_file_);
  Look(&key_set_file_);
}

template <typename Content>
void Credentials::Look(Watched<Content>* file) {
  if (file->path.empty()) return;
  absl::StatusOr<std::string> text = ReadText(file->path);
  if (text.ok() && file->content != nullptr && *text == file->text) {
    file->complained.clear();
    return;
  }
  absl::StatusOr<Content> content = text.ok() ? Content::Parse(*text) : text.status();
  const auto count = [&](const char* result) {
    metrics_
        .GetCounter("cityinfo_auth_reloads_total",
                    "Times a file of keys had changed, by what became of it.",
                    {{"file", file->name}, {"result", result}})
        .Increment();
  };
  if (!content.ok()) {
    const std::string why(content.status().message());
    if (why == file->complained) return;
    file->complained = why;
    count("refused");
    log::Error("a file of keys is not good; what was good last stays in use",
               {{"file", file->path}, {"error", content.status()}});
    return;
  }
  const bool first = file->content == nullptr;
  file->complained.clear();
  file->text = *std::move(text);
  file->content = std::make_shared<const Content>(*std::move(content));
  Use(file->content);
  if (first) return;
  count("taken");
  log::Info("keys reloaded", {{"file", file->path}, {"keys", file->content->size()}});
}

void Credentials::Use(std::shared_ptr<const KeyRing> keys) {
  absl::MutexLock lock(&mutex_);
  keys_ = std::move(keys);
}

void Credentials::Use(std::shared_ptr<const JsonWebKeySet> key_set) {
  absl::MutexLock lock(&mutex_);
  key_set_ = std::move(key_set);
}

absl::StatusOr<Principal> Credentials::Authenticate(absl::string_view authorization) const {
  std::shared_ptr<const KeyRing> keys;
  std::shared_ptr<const JsonWebKeySet> key_set;
  {
    absl::MutexLock lock(&mutex_);
    keys = keys_;
    key_set = key_set_;
  }
  authorization = absl::StripAsciiWhitespace(authorization);
  if (!options_.key_set.empty() && absl::StartsWithIgnoreCase(authorization, kScheme)) {
    const absl::string_view credential =
        absl::StripAsciiWhitespace(authorization.substr(kScheme.size()));
    if (LooksLikeToken(credential)) {
      return VerifyToken(credential, *key_set, options_.token_rules, absl::Now());
    }
  }
  return keys->Authenticate(authorization);
}

}  // namespace cityinfo::auth
