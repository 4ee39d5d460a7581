#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "services/gateway/http/limits.h"

namespace cityinfo::gateway {

// Everything that can be set about a gateway.
struct GatewayConfig {
  std::string listen = "127.0.0.1:8080";
  std::string admin_listen = "127.0.0.1:50060";
  std::string articles = "127.0.0.1:50051";
  std::string metrics = "127.0.0.1:50052";
  std::string keys_file;
  std::string place = "522601";
  std::string headlines =
      "gdp,urban_disposable_income,rural_disposable_income,retail_sales,fixed_asset_investment,"
      "industrial_value_added_above_designated,primacy_ratio";
  std::string port_file;
  std::string log_level = "info";

  int io_threads = 2;
  HttpLimits limits;
  absl::Duration request_timeout = absl::Seconds(10);
  absl::Duration section_timeout = absl::Seconds(2);
  absl::Duration public_max_age = absl::Seconds(2);
  absl::Duration drain_delay = absl::ZeroDuration();
  absl::Duration drain_timeout = absl::Seconds(10);
};

// Reads flags and environment. A number means that main returns it: help or an error has been
// printed.
std::optional<int> ReadConfig(int argc, const char* const* argv, GatewayConfig* config);

}  // namespace cityinfo::gateway
