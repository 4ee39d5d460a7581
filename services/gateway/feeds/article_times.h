#pragma once

#include <string>

#include "absl/time/time.h"
#include "cityinfo/articles/v1/article.pb.h"

namespace cityinfo::gateway {

absl::Time ToTime(const google::protobuf::Timestamp& timestamp);

// When the article, as it stands now, became what the public sees: its newest revision, or for one
// that was scheduled the moment it became public.
absl::Time ChangedAt(const articles::v1::Article& article);

// "2026-12-01T00:00:00Z", with a fraction of a second only where there is one.
std::string Rfc3339(absl::Time time);

}  // namespace cityinfo::gateway
