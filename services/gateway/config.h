#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "platform/auth/credentials.h"
#include "platform/host/process_options.h"
#include "services/gateway/edge/rate_limiter.h"
#include "services/gateway/http/limits.h"

namespace cityinfo::gateway {

// Everything that can be set about a gateway.
struct GatewayConfig {
  host::ProcessOptions process = {.admin_listen = "127.0.0.1:50060",
                                  .shutdown_timeout = absl::Seconds(10)};
  std::string listen = "127.0.0.1:8080";
  std::string articles = "127.0.0.1:50051";
  std::string metrics = "127.0.0.1:50052";
  auth::Credentials::Options credentials;
  std::string place = "522601";
  std::string public_url;
  std::string headlines =
      "gdp,urban_disposable_income,rural_disposable_income,retail_sales,fixed_asset_investment,"
      "industrial_value_added_above_designated,primacy_ratio";

  int io_threads = 2;
  HttpLimits limits;
  absl::Duration request_timeout = absl::Seconds(10);
  absl::Duration section_timeout = absl::Seconds(2);
  absl::Duration public_max_age = absl::Seconds(2);
  RateLimiter::Options key_rate = {.per_second = 0, .burst = 200};
  RateLimiter::Options address_rate = {.per_second = 0, .burst = 100};
  std::string trusted_proxies;
};

// Reads flags and environment. A number means that main returns it: help or an error has been
// printed.
std::optional<int> ReadConfig(int argc, const char* const* argv, GatewayConfig* config);

}  // namespace cityinfo::gateway
