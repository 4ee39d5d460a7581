#include "platform/redis/password.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"

namespace cityinfo::redis {
namespace {

constexpr size_t kMostBytes = 4096;

}  // namespace

absl::StatusOr<std::string> ReadPassword(const Password& password) {
  if (password.file.empty()) return password.text;
  const auto wrong = [&](absl::string_view why) {
    return base::FailedPrecondition("REDIS_PASSWORD_UNREADABLE",
                                    absl::StrCat("the password file ", password.file, " ", why));
  };
  errno = 0;
  std::ifstream file(password.file, std::ios::binary);
  std::string bytes(kMostBytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.is_open() || file.bad()) {
    return wrong(absl::StrCat("cannot be read: ", std::strerror(errno)));
  }
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (bytes.size() > kMostBytes) return wrong(absl::StrCat("has more than ", kMostBytes, " bytes"));
  absl::string_view text = bytes;
  absl::ConsumeSuffix(&text, "\n");
  absl::ConsumeSuffix(&text, "\r");
  if (text.empty()) return wrong("is empty");
  return std::string(text);
}

}  // namespace cityinfo::redis
