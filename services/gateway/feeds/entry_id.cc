#include "services/gateway/feeds/entry_id.h"

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"

namespace cityinfo::gateway {

std::string EntryId(absl::string_view name) {
  std::string hex = base::Sha256Hex(absl::StrCat("cityinfo:", name)).substr(0, 32);
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  hex[12] = '8';                         // version: made as its maker likes
  hex[16] = "89ab"[digit(hex[16]) & 3];  // variant of RFC 9562
  const absl::string_view all = hex;
  return absl::StrCat("urn:uuid:", all.substr(0, 8), "-", all.substr(8, 4), "-", all.substr(12, 4),
                      "-", all.substr(16, 4), "-", all.substr(20));
}

}  // namespace cityinfo::gateway
