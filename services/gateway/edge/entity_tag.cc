#include "services/gateway/edge/entity_tag.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/digest.h"

namespace cityinfo::gateway {

std::string MakeEntityTag(absl::string_view bytes) {
  // 128 bits of the hash are more than enough to tell answers apart.
  return absl::StrCat("\"", base::Sha256Hex(bytes).substr(0, 32), "\"");
}

bool NamesEntityTag(absl::string_view if_none_match, absl::string_view tag) {
  // Our tags hold no comma, so cutting at commas cannot miss one.
  for (absl::string_view part : absl::StrSplit(if_none_match, ',')) {
    part = absl::StripAsciiWhitespace(part);
    if (part == "*" || absl::StripPrefix(part, "W/") == tag) return true;
  }
  return false;
}

}  // namespace cityinfo::gateway
