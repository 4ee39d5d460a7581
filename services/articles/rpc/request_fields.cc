#include "services/articles/rpc/request_fields.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/domain/place_code.h"
#include "services/articles/rpc/conversion.h"

namespace cityinfo::articles {
namespace {

constexpr size_t kMaxIdLength = 64;

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, what google.protobuf.Timestamp can say.
constexpr int64_t kFirstSecond = -62'135'596'800;
constexpr int64_t kLastSecond = 253'402'300'799;

}  // namespace

absl::StatusOr<std::string> ParseArticleName(absl::string_view name, absl::string_view field) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, "articles/") || id.empty() || id.size() > kMaxIdLength ||
      id.find('/') != absl::string_view::npos) {
    return base::InvalidArgument(field, "must have the form articles/{id}", "INVALID_NAME");
  }
  return std::string(id);
}

absl::StatusOr<ArticleView> ParseView(v1::ArticleView view, ArticleView when_unspecified) {
  switch (view) {
    case v1::ARTICLE_VIEW_UNSPECIFIED:
      return when_unspecified;
    case v1::BASIC:
      return ArticleView::kBasic;
    case v1::FULL:
      return ArticleView::kFull;
    default:
      return base::InvalidArgument("view", "must be BASIC or FULL", "INVALID_VIEW");
  }
}

absl::StatusOr<std::optional<base::Date>> ParseOptionalDate(bool given,
                                                            const google::type::Date& date,
                                                            absl::string_view field) {
  if (!given) return std::optional<base::Date>();
  const base::Date day = DateFromProto(date);
  CITY_RETURN_IF_ERROR(ValidateDay(day, field));
  return std::optional<base::Date>(day);
}

absl::StatusOr<std::optional<absl::Time>> ParseOptionalTime(bool given,
                                                            const google::protobuf::Timestamp& time,
                                                            absl::string_view field) {
  if (!given) return std::optional<absl::Time>();
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return base::InvalidArgument(
        field,
        absl::StrCat(time.seconds(), " seconds and ", time.nanos(),
                     " nanoseconds are not a moment of the years 1 to 9999"),
        "INVALID_TIME");
  }
  return std::optional<absl::Time>(absl::FromUnixSeconds(time.seconds()) +
                                   absl::Microseconds(time.nanos() / 1000));
}

absl::StatusOr<ArticleFilter> CheckFilter(FilterFields fields) {
  CITY_RETURN_IF_ERROR(ValidateLine(fields.section, "section", kMaxLineCodePoints, false));
  CITY_RETURN_IF_ERROR(ValidateLine(fields.tag, "tag", kMaxTagCodePoints, false));
  CITY_RETURN_IF_ERROR(
      ValidateLine(fields.publication, "publication", kMaxPublicationCodePoints, false));
  CITY_RETURN_IF_ERROR(ValidateLine(fields.page, "page", kMaxPageLabelCodePoints, false));
  if (!fields.place.empty()) {
    CITY_ASSIGN_OR_RETURN(fields.place, ParsePlaceCode(fields.place, "place"));
  }
  if (fields.from && fields.to && *fields.to < *fields.from) {
    return base::InvalidArgument("publish_date_from", "lies after publish_date_to",
                                 "INVALID_RANGE");
  }
  return ArticleFilter{.section = std::move(fields.section),
                       .tag = std::move(fields.tag),
                       .publication = std::move(fields.publication),
                       .page = std::move(fields.page),
                       .place = std::move(fields.place),
                       .publish_date_from = fields.from,
                       .publish_date_to = fields.to};
}

std::string EncodeListToken(const ListPosition& end, int64_t feed_position) {
  return absl::StrCat(base::FormatDate(end.publish_date), "|", end.sequence, "|", feed_position);
}

absl::Status DecodeListToken(absl::string_view text, ListWindow* window) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '|');
  ListPosition end;
  if ((parts.size() == 2 ||
       (parts.size() == 3 && absl::SimpleAtoi(parts[2], &window->min_feed_position))) &&
      absl::SimpleAtoi(parts[1], &end.sequence)) {
    if (absl::StatusOr<base::Date> date = base::ParseDate(parts[0]); date.ok()) {
      end.publish_date = *date;
      window->after = end;
      return absl::OkStatus();
    }
  }
  return base::InvalidArgument("page_token", "does not say where the next page begins",
                               "INVALID_PAGE_TOKEN");
}

}  // namespace cityinfo::articles
