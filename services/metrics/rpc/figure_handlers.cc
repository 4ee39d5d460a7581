#include "services/metrics/rpc/figure_handlers.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/figure_from_extraction.h"
#include "services/metrics/domain/place_code.h"
#include "services/metrics/rpc/proto_values.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kMaxTextBytes = 2 << 20;

absl::Status CheckText(const std::string& text) {
  if (text.empty()) return base::InvalidArgument("text", "is required", "REQUIRED");
  if (text.size() > kMaxTextBytes) {
    return base::InvalidArgument(
        "text", absl::StrCat("has ", text.size(), " bytes; at most 2 MiB are read"),
        "TEXT_TOO_LONG");
  }
  const std::optional<size_t> invalid = base::FirstInvalidByte(text);
  if (invalid.has_value()) {
    return base::InvalidArgument(
        "text", absl::StrCat("is not UTF-8: byte ", *invalid, " cannot be read; is it GBK?"),
        "NOT_UTF8");
  }
  return absl::OkStatus();
}

// Without page_size and page_token: what a page token is bound to.
std::uint64_t FilterHash(const FigureQuery& query) {
  return base::Fingerprint64(
      absl::StrCat("ListFigures|", query.article, "|", query.indicator, "|", query.place, "|",
                   query.review_state.has_value() ? static_cast<int>(*query.review_state) : 0, "|",
                   query.with_retracted));
}

}  // namespace

absl::StatusOr<v1::ListFiguresResponse> FigureHandlers::ListFigures(
    const rpc::RequestContext& context, const v1::ListFiguresRequest& request) {
  FigureQuery query;
  if (!request.article().empty()) {
    CITY_RETURN_IF_ERROR(ReadName(request.article(), "articles", "article").status());
    query.article = request.article();
  }
  if (!request.indicator().empty()) {
    CITY_ASSIGN_OR_RETURN(query.indicator,
                          ReadIndicator(request.indicator(), catalogue_, "indicator"));
  }
  if (!request.place().empty()) {
    CITY_ASSIGN_OR_RETURN(query.place, ReadPlace(request.place(), catalogue_, "place"));
  }
  if (request.review_state() != v1::REVIEW_STATE_UNSPECIFIED) {
    query.review_state = FromProto(request.review_state());
    if (!query.review_state.has_value()) {
      return base::InvalidArgument("review_state", "is not one of its values", "INVALID_ENUM");
    }
  }
  query.with_retracted = request.show_retracted();
  CITY_ASSIGN_OR_RETURN(query.page_size,
                        base::ClampPageSize(request.page_size(), FigureQuery::kDefaultPageSize,
                                            FigureQuery::kMaxPageSize));
  const std::uint64_t hash = FilterHash(query);
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(query.after, base::DecodePageToken(request.page_token(), hash));
  }
  CITY_ASSIGN_OR_RETURN(const FigurePage page, store_.ListFigures(query, context.deadline));
  v1::ListFiguresResponse response;
  for (const Figure& figure : page.figures) *response.add_figures() = ToProto(figure);
  if (page.next.has_value()) {
    response.set_next_page_token(base::EncodePageToken(*page.next, hash));
  }
  return response;
}

absl::StatusOr<v1::ExtractFiguresResponse> FigureHandlers::ExtractFigures(
    const rpc::RequestContext&, const v1::ExtractFiguresRequest& request) {
  CITY_RETURN_IF_ERROR(CheckText(request.text()));
  CITY_ASSIGN_OR_RETURN(const Period published,
                        ReadPartialDate(request.publish_date(), "publish_date"));
  if (request.place().empty()) return base::InvalidArgument("place", "is required", "REQUIRED");
  const absl::StatusOr<std::string> place = NormalizePlaceCode(request.place());
  if (!place.ok()) {
    return base::InvalidArgument("place", place.status().message(), "INVALID_PLACE");
  }
  const base::Date publish_date{.year = request.publish_date().year(),
                                .month = request.publish_date().month(),
                                .day = request.publish_date().day()};
  v1::ExtractFiguresResponse response;
  for (const ExtractedFigure& figure : metrics::ExtractFigures(
           request.text(),
           {.publish_date = published, .place_code = *place, .catalogue = &catalogue_})) {
    *response.add_figures() = ToProto(FigureFromExtraction(figure, catalogue_, publish_date));
  }
  return response;
}

}  // namespace cityinfo::metrics
