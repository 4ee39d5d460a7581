#include "services/gateway/routes/public_methods.h"

#include <string>

#include "cityinfo/articles/v1/article_service.pb.h"
#include "cityinfo/gateway/v1/city_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::gateway {
namespace {

using auth::Role;
using google::protobuf::ServiceDescriptor;

struct Entry {
  const char* method;
  std::optional<Role> needs;
};

constexpr Entry kArticleMethods[] = {
    {"GetArticle", {}},
    {"BatchGetArticles", {}},
    {"ListArticles", {}},
    {"SearchArticles", {}},
    {"SuggestArticles", {}},
    {"ListRelatedArticles", {}},
    {"CreateArticle", Role::kEditor},
    {"UpdateArticle", Role::kEditor},
    {"DeleteArticle", Role::kEditor},
    {"UndeleteArticle", Role::kEditor},
    {"PublishArticle", Role::kEditor},
    {"UnpublishArticle", Role::kEditor},
    {"ListArticleRevisions", {}},
    {"DiffArticleRevisions", {}},
    {"RollbackArticle", Role::kEditor},
    {"ImportPage", Role::kEditor},
    {"ImportArticles", Role::kEditor},
    {"SplitPage", {}},  // stores nothing
    {"ListTags", {}},
    {"ListSections", {}},
};

constexpr Entry kMetricMethods[] = {
    {"ListIndicators", {}},
    {"GetIndicator", {}},
    {"ListPlaces", {}},
    {"GetPlace", {}},
    {"QueryObservations", {}},
    {"ListVintages", {}},
    {"RecordObservations", Role::kEditor},
    {"ImportObservations", Role::kEditor},
    {"ListFigures", {}},
    {"GetFigure", {}},
    {"ReviewFigure", Role::kEditor},
    {"ListEvents", {}},
    {"ExtractFigures", {}},  // stores nothing
    {"ListProgress", {}},
    {"ListConflicts", {}},
    {"ListPlausibilityFindings", {}},
};

constexpr Entry kCityMethods[] = {
    {"GetHome", {}},
    {"GetIndicatorPage", {}},
    {"GetArticlePage", {}},
};

template <size_t kCount>
void Append(const ServiceDescriptor* service, Backend backend, const Entry (&entries)[kCount],
            std::vector<PublicMethod>* methods) {
  for (const Entry& entry : entries) {
    methods->push_back({service->FindMethodByName(entry.method), backend, entry.needs});
  }
}

}  // namespace

std::vector<PublicMethod> PublicMethods() {
  // Asking a message for its file also makes sure that the file is linked into the program.
  const auto* articles =
      articles::v1::GetArticleRequest::descriptor()->file()->FindServiceByName("ArticleService");
  const auto* metrics =
      metrics::v1::GetPlaceRequest::descriptor()->file()->FindServiceByName("MetricService");
  const auto* city = v1::GetHomeRequest::descriptor()->file()->FindServiceByName("CityService");
  std::vector<PublicMethod> methods;
  Append(articles, Backend::kArticles, kArticleMethods, &methods);
  Append(metrics, Backend::kMetrics, kMetricMethods, &methods);
  Append(city, Backend::kCity, kCityMethods, &methods);
  return methods;
}

}  // namespace cityinfo::gateway
