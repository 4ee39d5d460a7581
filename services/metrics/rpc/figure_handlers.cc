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
#include "services/metrics/domain/event_from_extraction.h"
#include "services/metrics/domain/extraction/event_finder.h"
#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/figure_from_extraction.h"
#include "services/metrics/domain/place_code.h"
#include "services/metrics/rpc/caller.h"
#include "services/metrics/rpc/event_conversion.h"
#include "services/metrics/rpc/figure_conversion.h"
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
  return base::Fingerprint64(absl::StrCat(
      "ListFigures|", query.article, "|", query.indicator, "|", query.place, "|",
      query.review_state.has_value() ? static_cast<int>(*query.review_state) : 0, "|",
      query.with_retracted, "|", query.anchor.has_value() ? static_cast<int>(*query.anchor) : 0,
      "|", query.order_by == FigureOrder::kDoubt));
}

absl::Status ReadStates(const v1::ListFiguresRequest& request, FigureQuery& query) {
  if (request.review_state() != v1::REVIEW_STATE_UNSPECIFIED) {
    query.review_state = FromProto(request.review_state());
    if (!query.review_state.has_value()) {
      return base::InvalidArgument("review_state", "is not one of its values", "INVALID_ENUM");
    }
  }
  if (request.anchor() != v1::ANCHOR_STATE_UNSPECIFIED) {
    query.anchor = FromProto(request.anchor());
    if (!query.anchor.has_value()) {
      return base::InvalidArgument("anchor", "is not one of its values", "INVALID_ENUM");
    }
  }
  query.with_retracted = request.show_retracted();
  if (query.anchor == AnchorState::kBroken && !query.with_retracted) {
    return base::InvalidArgument("anchor", "BROKEN figures are retracted: set show_retracted",
                                 "NEEDS_SHOW_RETRACTED");
  }
  switch (request.order_by()) {
    case v1::ListFiguresRequest::ORDER_BY_UNSPECIFIED:
    case v1::ListFiguresRequest::NEWEST:
      return absl::OkStatus();
    case v1::ListFiguresRequest::DOUBT:
      query.order_by = FigureOrder::kDoubt;
      return absl::OkStatus();
    default:
      return base::InvalidArgument("order_by", "is not one of its values", "INVALID_ENUM");
  }
}

// A comment that a person can have meant: UTF-8 of a bounded length.
absl::Status CheckComment(const std::string& comment) {
  if (base::FirstInvalidByte(comment).has_value()) {
    return base::InvalidArgument("comment", "is not UTF-8", "NOT_UTF8");
  }
  const auto length = base::CountCodePoints(comment);
  if (length > FigureReview::kMaxComment) {
    return base::InvalidArgument("comment",
                                 absl::StrCat("has ", length, " code points; at most ",
                                              FigureReview::kMaxComment, " are kept"),
                                 "COMMENT_TOO_LONG");
  }
  return absl::OkStatus();
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
  CITY_RETURN_IF_ERROR(ReadStates(request, query));
  CITY_ASSIGN_OR_RETURN(query.page_size,
                        base::ClampPageSize(request.page_size(), FigureQuery::kDefaultPageSize,
                                            FigureQuery::kMaxPageSize));
  const std::uint64_t hash = FilterHash(query);
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(query.after, base::DecodePageToken(request.page_token(), hash));
  }
  CITY_ASSIGN_OR_RETURN(const FigurePage page, store_.ListFigures(query, context.deadline));
  v1::ListFiguresResponse response;
  const bool with_reviewer = CallerOf(context).may_review;
  for (const Figure& figure : page.figures) {
    *response.add_figures() = ToProto(figure, with_reviewer);
  }
  if (page.next.has_value()) {
    response.set_next_page_token(base::EncodePageToken(*page.next, hash));
  }
  return response;
}

absl::StatusOr<v1::Figure> FigureHandlers::GetFigure(const rpc::RequestContext& context,
                                                     const v1::GetFigureRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ReadName(request.name(), "figures", "name"));
  CITY_ASSIGN_OR_RETURN(const Figure figure, store_.GetFigure(id, context.deadline));
  return ToProto(figure, CallerOf(context).may_review);
}

absl::StatusOr<v1::Figure> FigureHandlers::ReviewFigure(const rpc::RequestContext& context,
                                                        const v1::ReviewFigureRequest& request) {
  const Caller caller = CallerOf(context);
  CITY_RETURN_IF_ERROR(RequireReviewer(caller));
  FigureReview review{.reviewer = caller.name, .comment = request.comment()};
  CITY_ASSIGN_OR_RETURN(review.figure, ReadName(request.name(), "figures", "name"));
  const std::optional<ReviewState> state = StateAfter(request.action());
  if (!state.has_value()) {
    return base::InvalidArgument("action", "is CONFIRM, REJECT or AMEND", "INVALID_ENUM");
  }
  review.state = *state;
  CITY_RETURN_IF_ERROR(CheckComment(request.comment()));
  if (review.state == ReviewState::kAmended) {
    CITY_ASSIGN_OR_RETURN(const FigureAmendment amendment, ReadAmendment(request.amended()));
    CITY_ASSIGN_OR_RETURN(const Figure figure, store_.GetFigure(review.figure, context.deadline));
    CITY_ASSIGN_OR_RETURN(
        review.amended, Amend(figure.extracted.value_or(figure.Reading()), amendment, catalogue_));
  } else if (request.has_amended()) {
    return base::InvalidArgument("amended", "goes with AMEND only", "NOT_AMENDING");
  }
  CITY_ASSIGN_OR_RETURN(const Figure figure, store_.Review(review, context.deadline));
  return ToProto(figure, /*with_reviewer=*/true);
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
  const ExtractionContext extraction{
      .publish_date = published, .place_code = *place, .catalogue = &catalogue_};
  v1::ExtractFiguresResponse response;
  for (const ExtractedEvent& event : FindEvents(request.text(), extraction)) {
    *response.add_events() = ToProto(EventFromExtraction(event, publish_date));
  }
  for (const ExtractedFigure& figure : metrics::ExtractFigures(request.text(), extraction)) {
    *response.add_figures() =
        ToProto(FigureFromExtraction(figure, catalogue_, publish_date), /*with_reviewer=*/false);
  }
  return response;
}

}  // namespace cityinfo::metrics
