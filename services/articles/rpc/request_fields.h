#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cityinfo/articles/v1/article.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "platform/base/date.h"
#include "platform/base/digest.h"
#include "platform/base/page_token.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_filter.h"

// Reading the fields that several requests share. Errors are INVALID_ARGUMENT and name the field.
namespace cityinfo::articles {

inline constexpr int kDefaultPageSize = 20;
inline constexpr int kMaxPageSize = 200;

// The id in "articles/{id}".
absl::StatusOr<std::string> ParseArticleName(absl::string_view name,
                                             absl::string_view field = "name");

absl::StatusOr<ArticleView> ParseView(v1::ArticleView view, ArticleView when_unspecified);

// A date that must be real; nothing when the message does not carry one.
absl::StatusOr<std::optional<base::Date>> ParseOptionalDate(bool given,
                                                            const google::type::Date& date,
                                                            absl::string_view field);

// A moment of the years 1 to 9999, cut to microseconds, which is what stores keep; nothing when the
// message does not carry one. INVALID_TIME.
absl::StatusOr<std::optional<absl::Time>> ParseOptionalTime(bool given,
                                                            const google::protobuf::Timestamp& time,
                                                            absl::string_view field);

// Section, tag, publication, page, place and publish_date range, of any request that has these
// fields.
template <typename Request>
absl::StatusOr<ArticleFilter> ParseFilter(const Request& request);

// Ties a page token to the request's other arguments.
template <typename Request>
uint64_t RequestHash(const Request& request) {
  Request other = request;
  other.clear_page_size();
  other.clear_page_token();
  return base::Fingerprint64(other.GetTypeName() + ":" + other.SerializeAsString());
}

// What a page token of a list says: where the page before ended, and what it showed of the change
// feed. Tokens of before this was said are good too.
std::string EncodeListToken(const ListPosition& end, int64_t feed_position);
absl::Status DecodeListToken(absl::string_view text, ListWindow* window);

// Below: how ParseFilter is made.
struct FilterFields {
  std::string section;
  std::string tag;
  std::string publication;
  std::string page;
  std::string place;
  std::optional<base::Date> from;
  std::optional<base::Date> to;
};
absl::StatusOr<ArticleFilter> CheckFilter(FilterFields fields);

template <typename Request>
absl::StatusOr<ArticleFilter> ParseFilter(const Request& request) {
  absl::StatusOr<std::optional<base::Date>> from = ParseOptionalDate(
      request.has_publish_date_from(), request.publish_date_from(), "publish_date_from");
  if (!from.ok()) return std::move(from).status();
  absl::StatusOr<std::optional<base::Date>> to = ParseOptionalDate(
      request.has_publish_date_to(), request.publish_date_to(), "publish_date_to");
  if (!to.ok()) return std::move(to).status();
  return CheckFilter({.section = request.section(),
                      .tag = request.tag(),
                      .publication = request.publication(),
                      .page = request.page(),
                      .place = request.place(),
                      .from = *from,
                      .to = *to});
}

}  // namespace cityinfo::articles
