#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "platform/config/options.h"

namespace cityinfo::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Settings {
  int port = 8080;
  bool sample = true;
  absl::Duration drain = absl::Seconds(5);
  std::string data_dir = "data";
  std::string redis = "127.0.0.1:6379";
  std::string level = "info";
  std::string key;
};

class OptionsTest : public ::testing::Test {
 protected:
  OptionsTest() {
    options_.Port("port", "CITY_PORT", &settings_.port, "Port to listen on")
        .Bool("sample", "CITY_SAMPLE", &settings_.sample, "Load the sample city")
        .Duration("drain", "CITY_DRAIN", &settings_.drain, {absl::ZeroDuration(), absl::Minutes(1)},
                  "Time to drain")
        .Path("data-dir", "CITY_DATA", &settings_.data_dir, "Folder of the data")
        .HostPort("redis", "CITY_REDIS", &settings_.redis, "Address of Redis")
        .Choice("log-level", "CITY_LOG", &settings_.level, {"debug", "info", "error"},
                "What to log")
        .Secret("key", "CITY_KEY", &settings_.key, "The key");
  }

  std::string Parse(std::vector<const char*> flags, std::vector<const char*> environment = {}) {
    flags.insert(flags.begin(), "city");
    environment.push_back(nullptr);
    const absl::Status status =
        options_.Parse(static_cast<int>(flags.size()), flags.data(), environment.data());
    return status.ok() ? "OK" : std::string(status.message());
  }

  Settings settings_;
  Options options_{"city", "A program"};
};

TEST_F(OptionsTest, FlagBeatsEnvironmentBeatsDefault) {
  EXPECT_EQ(Parse({"--port=1"}, {"CITY_PORT=2", "CITY_DATA=/srv/city", "CITY_PORTS=9"}), "OK");
  EXPECT_EQ(settings_.port, 1);
  EXPECT_EQ(settings_.data_dir, "/srv/city");
  EXPECT_EQ(settings_.level, "info");
  EXPECT_EQ(options_.Settings()[0].origin, "flag");
  EXPECT_EQ(options_.Settings()[3].origin, "environment CITY_DATA");
  EXPECT_EQ(options_.Settings()[5].origin, "default");
}

TEST_F(OptionsTest, ReadsEveryForm) {
  EXPECT_EQ(Parse({"--port", "7", "--no-sample", "--drain=1m", "--redis=[::1]:0", "--log-level",
                   "debug"}),
            "OK");
  EXPECT_EQ(settings_.port, 7);
  EXPECT_FALSE(settings_.sample);
  EXPECT_EQ(settings_.drain, absl::Minutes(1));
  EXPECT_EQ(settings_.redis, "[::1]:0");
  EXPECT_EQ(Parse({"--sample"}, {"CITY_SAMPLE=0", "CITY_PORT="}), "OK");
  EXPECT_TRUE(settings_.sample);
}

TEST_F(OptionsTest, ABadValueNamesItself) {
  EXPECT_EQ(Parse({}, {"CITY_PORT=70000"}),
            "--port=70000: must be between 0 and 65535 (from environment CITY_PORT)");
  EXPECT_EQ(Parse({"--port=12ab"}), "--port=12ab: must be a whole number");
  EXPECT_EQ(Parse({"--port= 1"}), "--port= 1: must be a whole number");
  EXPECT_EQ(Parse({"--port="}), "--port=: must be a whole number");
  EXPECT_EQ(Parse({"--sample=maybe"}), "--sample=maybe: must be true or false");
  EXPECT_EQ(Parse({"--drain=5"}), "--drain=5: must be a duration such as 250ms, 5s or 1h30m");
  EXPECT_EQ(Parse({"--drain=2m"}), "--drain=2m: must be between 0 and 1m");
  EXPECT_EQ(Parse({"--data-dir="}), "--data-dir=: must be a path");
  for (const char* bad :
       {"--redis=localhost", "--redis=:1", "--redis=h:99999", "--redis=::1:5", "--redis="}) {
    EXPECT_THAT(Parse({bad}), HasSubstr("must be host:port")) << bad;
  }
  EXPECT_EQ(Parse({"--log-level=loud"}), "--log-level=loud: must be one of debug, info, error");
}

TEST_F(OptionsTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Parse({"--prot=1"}), "unknown flag --prot; see city --help");
  EXPECT_EQ(Parse({"--no-port"}), "unknown flag --no-port; see city --help");
  EXPECT_EQ(Parse({"start"}), "unexpected argument \"start\"; see city --help");
  EXPECT_EQ(Parse({"--"}), "unexpected argument \"--\"; see city --help");
  EXPECT_EQ(Parse({"--port"}), "--port needs a value; see city --help");
}

TEST_F(OptionsTest, HelpListsEverythingAndWorksInABadEnvironment) {
  EXPECT_EQ(Parse({"--help"}, {"CITY_PORT=x"}), "OK");
  EXPECT_TRUE(options_.help_requested());
  const std::string help = options_.Help();
  for (const char* part : {"A program", "--port=VALUE", "CITY_PORT", "default: 8080",
                           "--[no-]sample", "default: 5s", "What to log (debug, info, error)"}) {
    EXPECT_THAT(help, HasSubstr(part));
  }
}

TEST_F(OptionsTest, CheckConfigPrintsTheSettingsAsJson) {
  double share = 0.5;
  options_.Number("share", "CITY_SHARE", &share, {0, 1}, "A share");
  options_.Derived("drain_seconds", [this] { return absl::ToInt64Seconds(settings_.drain); });
  EXPECT_EQ(Parse({"--check-config", "--port=7", "--no-sample", "--share=0.25"}), "OK");
  EXPECT_TRUE(options_.check_requested());
  const std::string json =
      R"json({"port":7,"sample":false,"drain":"5s","data-dir":"data","redis":"127.0.0.1:6379",)json"
      R"json("log-level":"info","key":"(not set)","share":0.25,"drain_seconds":5})json";
  EXPECT_EQ(options_.SettingsJson(), json);
  EXPECT_EQ(Parse({"--share=1.5"}), "--share=1.5: must be a number between 0 and 1");
  EXPECT_EQ(Parse({"--share=nan"}), "--share=nan: must be a number between 0 and 1");
}

TEST_F(OptionsTest, ARefusedAddressThatMayHoldAPasswordIsNotShown) {
  std::string store;
  const auto check = [](absl::string_view text) {
    return text == "good" ? absl::OkStatus() : absl::InvalidArgumentError("must be good");
  };
  options_.Checked("store", "CITY_STORE", &store, check, "A store", Options::Shown::kOnlyWhenGood);
  EXPECT_EQ(Parse({"--store=db://city:hunter2@host"}), "--store=(hidden): must be good");
  EXPECT_EQ(Parse({"--store=good"}), "OK");
  EXPECT_EQ(options_.Settings().back().value, "good");
}

TEST_F(OptionsTest, SettingsAreCheckedTogether) {
  options_.Together([this] {
    return settings_.sample && settings_.key.empty()
               ? absl::InvalidArgumentError("--sample needs --key")
               : absl::OkStatus();
  });
  EXPECT_EQ(Parse({}), "--sample needs --key");
  EXPECT_EQ(Parse({"--key=k"}), "OK");
}

TEST_F(OptionsTest, ASecretIsNeverShown) {
  EXPECT_EQ(Parse({}, {"CITY_KEY=hunter2"}), "OK");
  EXPECT_EQ(settings_.key, "hunter2");
  EXPECT_EQ(options_.Settings()[6].value, "(set)");
  EXPECT_THAT(options_.Help(), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace cityinfo::config
