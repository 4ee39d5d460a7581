#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cityinfo/gateway/v1/city_service.pb.h"
#include "services/gateway/upstream/call_context.h"
#include "services/gateway/upstream/upstream.h"

namespace cityinfo::gateway {

// Answers for one phone screen, fetched from both services at the same time. Thread-safe; the
// services must outlive it.
class CityService {
 public:
  struct Options {
    // Code of the city a request without a place means.
    std::string place = "522601";
    // In the order the screen shows them.
    std::vector<std::string> headline_indicators;
    // For each section.
    absl::Duration section_timeout = absl::Seconds(2);
  };

  template <typename Response>
  using Callback = std::function<void(absl::StatusOr<Response>)>;

  CityService(Options options, Upstream& articles, Upstream& metrics);

  // `callback` runs exactly once, on a thread of gRPC's or on this one.
  void GetHome(const CallContext& context, const v1::GetHomeRequest& request,
               Callback<v1::HomePage> callback);
  void GetIndicatorPage(const CallContext& context, const v1::GetIndicatorPageRequest& request,
                        Callback<v1::IndicatorPage> callback);
  void GetArticlePage(const CallContext& context, const v1::GetArticlePageRequest& request,
                      Callback<v1::ArticlePage> callback);

  // Whichever method of CityService this is, with serialised messages.
  void Call(absl::string_view rpc_name, const CallContext& context, const std::string& request,
            Callback<std::string> callback);

 private:
  CallContext ForSection(const CallContext& context) const;

  const Options options_;
  Upstream& articles_;
  Upstream& metrics_;
};

}  // namespace cityinfo::gateway
