#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// A strong entity tag of these bytes, quotes included.
std::string MakeEntityTag(absl::string_view bytes);

// Whether an If-None-Match header names the tag: "*", or a list with it in its strong or weak form.
bool NamesEntityTag(absl::string_view if_none_match, absl::string_view tag);

}  // namespace cityinfo::gateway
