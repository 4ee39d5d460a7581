#include "services/gateway/feeds/article_times.h"

#include <algorithm>

namespace cityinfo::gateway {

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

absl::Time ChangedAt(const articles::v1::Article& article) {
  return std::max(ToTime(article.update_time()), ToTime(article.first_publish_time()));
}

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace cityinfo::gateway
