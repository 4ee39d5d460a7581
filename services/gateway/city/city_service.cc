#include "services/gateway/city/city_service.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "services/gateway/city/article_page.h"
#include "services/gateway/city/gathering.h"
#include "services/gateway/city/home_page.h"
#include "services/gateway/city/indicator_page.h"
#include "services/gateway/city/indicator_questions.h"
#include "services/gateway/city/observation_pages.h"

namespace cityinfo::gateway {
namespace {

constexpr char kListArticles[] = "/cityinfo.articles.v1.ArticleService/ListArticles";
constexpr char kGetArticle[] = "/cityinfo.articles.v1.ArticleService/GetArticle";
constexpr char kQueryObservations[] = "/cityinfo.metrics.v1.MetricService/QueryObservations";
constexpr char kListProgress[] = "/cityinfo.metrics.v1.MetricService/ListProgress";
constexpr char kListFigures[] = "/cityinfo.metrics.v1.MetricService/ListFigures";

constexpr char kGetIndicator[] = "/cityinfo.metrics.v1.MetricService/GetIndicator";
constexpr char kGetPlace[] = "/cityinfo.metrics.v1.MetricService/GetPlace";
constexpr char kListFindings[] = "/cityinfo.metrics.v1.MetricService/ListPlausibilityFindings";

constexpr int kHomeArticles = 10;
// Periods of each series that are looked at for the newest: a year, its quarters and its months may
// end on the same day.
constexpr int kNewestPeriods = 4;
constexpr int kMaxFigures = 1000;
// As much as the screen of an indicator could hold.
constexpr size_t kMaxIndicatorObservations = 8000;

absl::Status CheckPlace(absl::string_view place) {
  const bool digits =
      std::all_of(place.begin(), place.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits &&
      (place.size() == 2 || place.size() == 4 || place.size() == 6 || place.size() == 9)) {
    return absl::OkStatus();
  }
  return base::InvalidArgument("place",
                               absl::StrCat("\"", place, "\" is not a code of 2, 4, 6 or 9 digits"),
                               "INVALID_PLACE");
}

metrics::v1::QueryObservationsRequest HeadlineRequest(const std::string& place,
                                                      const std::vector<std::string>& indicators) {
  metrics::v1::QueryObservationsRequest request;
  for (const std::string& indicator : indicators) request.add_indicators(indicator);
  request.add_places(place);
  request.add_kinds(metrics::v1::ACTUAL);
  for (auto measure : {metrics::v1::LEVEL, metrics::v1::SHARE, metrics::v1::YOY_GROWTH,
                       metrics::v1::AVERAGE_GROWTH}) {
    request.add_measures(measure);
  }
  request.set_last_n(kNewestPeriods);
  request.set_page_size(1000);
  return request;
}

}  // namespace

CityService::CityService(Options options, Upstream& articles, Upstream& metrics)
    : options_(std::move(options)), articles_(articles), metrics_(metrics) {}

CallContext CityService::ForSection(const CallContext& context) const {
  CallContext section = context;
  section.deadline = std::min(context.deadline, absl::Now() + options_.section_timeout);
  return section;
}

void CityService::GetHome(const CallContext& context, const v1::GetHomeRequest& request,
                          Callback<v1::HomePage> callback) {
  const std::string place = request.place().empty() ? options_.place : request.place();
  if (absl::Status bad = CheckPlace(place); !bad.ok()) return callback(std::move(bad));
  auto gathering = std::make_shared<Gathering<HomeParts>>(
      3, [place, callback = std::move(callback), &options = options_](HomeParts parts) {
        callback(ComposeHomePage(place, options.headline_indicators, std::move(parts)));
      });
  articles::v1::ListArticlesRequest newest;
  newest.set_page_size(kHomeArticles);
  newest.set_place(place);
  newest.set_state(articles::v1::PUBLISHED);
  newest.set_view(articles::v1::BASIC);
  metrics::v1::ListProgressRequest promises;
  promises.add_places(place);
  const CallContext section = ForSection(context);
  CallMessage(articles_, kListArticles, section, newest, Into(&HomeParts::articles, gathering));
  CallMessage(metrics_, kQueryObservations, section,
              HeadlineRequest(place, options_.headline_indicators),
              Into(&HomeParts::observations, gathering));
  CallMessage(metrics_, kListProgress, section, promises, Into(&HomeParts::progress, gathering));
}

void CityService::GetIndicatorPage(const CallContext& context,
                                   const v1::GetIndicatorPageRequest& request,
                                   Callback<v1::IndicatorPage> callback) {
  const std::string place = request.place().empty() ? options_.place : request.place();
  if (absl::Status bad = CheckPlace(place); !bad.ok()) return callback(std::move(bad));
  // What is promised and what cannot be so is known of what stands now only.
  const bool now = !request.has_as_of();
  auto gathering = std::make_shared<Gathering<IndicatorParts>>(
      now ? 7 : 5, [place, callback = std::move(callback)](IndicatorParts parts) {
        callback(ComposeIndicatorPage(place, std::move(parts)));
      });
  if (now) {
    CallMessage(metrics_, kListProgress, ForSection(context), ProgressQuestion(request, place),
                Into(&IndicatorParts::progress, gathering));
    CallMessage(metrics_, kListFindings, ForSection(context), FindingsQuestion(request, place),
                Into(&IndicatorParts::findings, gathering));
  } else {
    gathering->parts.progress = metrics::v1::ListProgressResponse();
    gathering->parts.findings = metrics::v1::ListPlausibilityFindingsResponse();
  }
  metrics::v1::GetIndicatorRequest indicator;
  indicator.set_name(request.name());
  metrics::v1::GetPlaceRequest named;
  named.set_name(absl::StrCat("places/", place));
  // The page is nothing without its indicator, so that call has the whole time.
  CallMessage(metrics_, kGetIndicator, context, indicator,
              Into(&IndicatorParts::indicator, gathering));
  CallMessage(metrics_, kGetPlace, ForSection(context), named,
              Into(&IndicatorParts::place, gathering));
  FetchObservations(metrics_, ForSection(context), YearsQuestion(request, place),
                    kMaxIndicatorObservations, Into(&IndicatorParts::years, gathering));
  FetchObservations(metrics_, ForSection(context), ShorterQuestion(request, place),
                    kMaxIndicatorObservations, Into(&IndicatorParts::shorter, gathering));
  FetchObservations(metrics_, ForSection(context), PartsQuestion(request, place),
                    kMaxIndicatorObservations, Into(&IndicatorParts::parts, gathering));
}

void CityService::GetArticlePage(const CallContext& context,
                                 const v1::GetArticlePageRequest& request,
                                 Callback<v1::ArticlePage> callback) {
  auto gathering = std::make_shared<Gathering<ArticleParts>>(
      2, [callback = std::move(callback)](ArticleParts parts) {
        callback(ComposeArticlePage(std::move(parts)));
      });
  articles::v1::GetArticleRequest article;
  article.set_name(request.name());
  article.set_revision(request.revision());
  article.set_view(articles::v1::FULL);
  metrics::v1::ListFiguresRequest figures;
  figures.set_article(request.name());
  figures.set_page_size(kMaxFigures);
  // The page is nothing without its article, so that call has the whole time.
  CallMessage(articles_, kGetArticle, context, article, Into(&ArticleParts::article, gathering));
  CallMessage(metrics_, kListFigures, ForSection(context), figures,
              Into(&ArticleParts::figures, gathering));
}

void CityService::Call(absl::string_view rpc_name, const CallContext& context,
                       const std::string& request, Callback<std::string> callback) {
  const auto serialised = [&callback]<typename Response>(Response*) -> Callback<Response> {
    return [callback = std::move(callback)](absl::StatusOr<Response> response) {
      if (!response.ok()) return callback(std::move(response).status());
      callback(response->SerializeAsString());
    };
  };
  if (absl::EndsWith(rpc_name, "/GetHome")) {
    v1::GetHomeRequest message;
    message.ParseFromString(request);
    return GetHome(context, message, serialised(static_cast<v1::HomePage*>(nullptr)));
  }
  if (absl::EndsWith(rpc_name, "/GetIndicatorPage")) {
    v1::GetIndicatorPageRequest message;
    message.ParseFromString(request);
    return GetIndicatorPage(context, message, serialised(static_cast<v1::IndicatorPage*>(nullptr)));
  }
  if (absl::EndsWith(rpc_name, "/GetArticlePage")) {
    v1::GetArticlePageRequest message;
    message.ParseFromString(request);
    return GetArticlePage(context, message, serialised(static_cast<v1::ArticlePage*>(nullptr)));
  }
  callback(base::Unimplemented(absl::StrCat(rpc_name, " is not available yet")));
}

}  // namespace cityinfo::gateway
