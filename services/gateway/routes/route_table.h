#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "platform/auth/api_key.h"
#include "services/gateway/routes/path_template.h"
#include "services/gateway/routes/public_methods.h"

namespace cityinfo::gateway {

// One way to reach one method over HTTP.
struct Route {
  std::string http_method;  // "GET"
  PathTemplate path;
  // Which part of the request message the body is: "" none, "*" all that the path does not bind,
  // else the name of a field.
  std::string body;
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string rpc_name;  // "/cityinfo.articles.v1.ArticleService/GetArticle"
  Backend backend = Backend::kArticles;
  std::optional<auth::Role> needs;

  // The body is CSV, whose rows go to a client stream.
  bool takes_csv() const { return method->client_streaming() && backend == Backend::kMetrics; }
  // The body is JSON lines, a message of a client stream each.
  bool takes_lines() const { return method->client_streaming() && !takes_csv(); }

  // Answers can be cached and calls repeated without harm.
  bool safe() const { return http_method == "GET"; }
};

// Every route of the platform, made once at the start from the methods' google.api.http
// annotations. Immutable, so any number of threads may ask.
class RouteTable {
 public:
  // INVALID_ARGUMENT when a method has no annotation, streams what it answers, takes a stream other
  // than as a whole body, binds a field that it has not, or has the path of another.
  static absl::StatusOr<RouteTable> Build(const std::vector<PublicMethod>& methods);

  struct Match {
    const Route* route;
    std::vector<PathBinding> bindings;
  };
  struct NoRoute {};
  struct BadPath {};  // a route, but a value in the path is not valid percent-encoded text
  struct OtherMethods {
    std::string allow;  // "GET, HEAD, POST"
  };
  using Result = std::variant<Match, NoRoute, BadPath, OtherMethods>;

  // HEAD finds the route of GET.
  Result Find(absl::string_view http_method, absl::string_view path) const;

  const std::vector<std::unique_ptr<const Route>>& routes() const { return routes_; }

 private:
  absl::Status Add(const PublicMethod& method);

  std::vector<std::unique_ptr<const Route>> routes_;
};

}  // namespace cityinfo::gateway
