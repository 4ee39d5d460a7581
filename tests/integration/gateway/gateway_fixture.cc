#include "tests/integration/gateway/gateway_fixture.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/log/log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::gateway {

void FakeService::Start() {
  health_.Set("store", health::State::kOk);
  ASSERT_OK_AND_ASSIGN(const int port, server_.Start());
  address_ = absl::StrCat("127.0.0.1:", port);
}

void FakeService::Stop() {
  if (std::exchange(stopped_, true)) return;
  (void)server_.Shutdown(absl::Now());
}

GatewayTest::GatewayTest() {
  log::Init({.service = "gateway-test", .level = log::Level::kError});
  std::string lines;
  for (const auto& [name, role] : std::map<std::string, auth::Role>{
           {"editor", auth::Role::kEditor}, {"reader", auth::Role::kReader}}) {
    keys_[name] = auth::GenerateKey();
    absl::StrAppend(&lines, *auth::KeyFileLine(name, role, keys_[name]), "\n");
  }
  config_.credentials.key_file = dir_.Write("keys", lines);
  config_.listen = "127.0.0.1:0";
  config_.process.admin_listen = "127.0.0.1:0";
}

void GatewayTest::StartGateway() {
  articles_.Start();
  metrics_.Start();
  config_.articles = articles_.address();
  config_.metrics = metrics_.address();
  ASSERT_OK_AND_ASSIGN(app_, App::Start(config_));
}

bool GatewayTest::WaitForStatus(const std::string& status) {
  return testing::WaitUntil([&] {
    return absl::StrContains(Ask(Get("/readyz")).body,
                             absl::StrCat("{\"status\":\"", status, "\""));
  });
}

RawResponse GatewayTest::Ask(const std::string& request) {
  RawClient client(app_->http_port());
  return client.Ask(request).value_or(RawResponse{});
}

}  // namespace cityinfo::gateway
