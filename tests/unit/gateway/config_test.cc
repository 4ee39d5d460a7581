#include "services/gateway/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {
namespace {

TEST(Config, EverySettingHasAFlagAndAnEnvironmentVariable) {
  GatewayConfig config;
  const char* const args[] = {"cityinfo-gateway", "--help"};
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(ReadConfig(2, args, &config), 0);
  int settings = 0;
  for (const auto& line : absl::StrSplit(::testing::internal::GetCapturedStdout(), '\n')) {
    if (!absl::StartsWith(line, "  --") || absl::StartsWith(line, "  --help") ||
        absl::StartsWith(line, "  --check-config")) {
      continue;
    }
    ++settings;
    EXPECT_TRUE(absl::StrContains(line, " CITYINFO_")) << line;
  }
  EXPECT_GT(settings, 20);
}

}  // namespace
}  // namespace cityinfo::gateway
