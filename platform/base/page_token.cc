#include "platform/base/page_token.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"

namespace cityinfo::base {
namespace {

// A token is, in URL-safe base64: version, hash of the request, checksum of position and hash,
// position.
constexpr char kVersion = '1';
constexpr size_t kHashBytes = 8;
constexpr size_t kHeaderBytes = 1 + 2 * kHashBytes;
constexpr size_t kMaxTokenBytes = 4096;

std::string Pack(uint64_t value) {
  std::string bytes(kHashBytes, '\0');
  for (size_t i = 0; i < kHashBytes; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string Checksum(absl::string_view packed_hash, absl::string_view position) {
  return Pack(Fingerprint64(absl::StrCat(packed_hash, position)));
}

}  // namespace

std::string EncodePageToken(absl::string_view position, uint64_t request_hash) {
  const std::string hash = Pack(request_hash);
  return absl::WebSafeBase64Escape(
      absl::StrCat(absl::string_view(&kVersion, 1), hash, Checksum(hash, position), position));
}

absl::StatusOr<std::string> DecodePageToken(absl::string_view token, uint64_t request_hash) {
  std::string bytes;
  const bool readable = token.size() <= kMaxTokenBytes &&
                        absl::WebSafeBase64Unescape(token, &bytes) &&
                        bytes.size() >= kHeaderBytes && bytes[0] == kVersion;
  const absl::string_view all = bytes;
  if (!readable || Checksum(all.substr(1, kHashBytes), all.substr(kHeaderBytes)) !=
                       all.substr(1 + kHashBytes, kHashBytes)) {
    return InvalidArgument("page_token", "is not a token this service gave out",
                           "INVALID_PAGE_TOKEN");
  }
  if (all.substr(1, kHashBytes) != Pack(request_hash)) {
    return InvalidArgument(
        "page_token", "belongs to another query: every argument but page_size must stay the same",
        "PAGE_TOKEN_MISMATCH");
  }
  return bytes.substr(kHeaderBytes);
}

absl::StatusOr<int> ClampPageSize(int64_t requested, int default_size, int max_size) {
  if (requested < 0) {
    return InvalidArgument("page_size", absl::StrCat("must not be negative, but is ", requested),
                           "INVALID_PAGE_SIZE");
  }
  if (requested == 0) return default_size;
  return static_cast<int>(std::min<int64_t>(requested, max_size));
}

}  // namespace cityinfo::base
