#include "tests/e2e/suite.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "cli/input.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

constexpr absl::Duration kReadyBound = absl::Seconds(30);
constexpr char kKey[] = "key-of-this-test-only";

}  // namespace

absl::StatusOr<std::unique_ptr<Suite>> Suite::Start(Options options) {
  std::unique_ptr<Suite> suite(new Suite);
  suite->options_ = std::move(options);
  suite->key_ = kKey;
  suite->dir_.Write("keys", absl::StrCat("editor:editor:", base::Sha256Hex(kKey), "\n"));
  if (suite->options_.redis) {
    auto redis = testing::RedisServer::Start();
    if (!redis.ok()) return redis.status();
    suite->redis_ = *std::move(redis);
  }
  for (const char* service : {"articles", "metrics", "gateway"}) {
    if (absl::Status launched = suite->Launch(service); !launched.ok()) return launched;
  }
  suite->url_ = absl::StrCat("http://127.0.0.1:", suite->ports_["gateway"]);
  absl::StatusOr<Json> ready;
  const bool is_ready = testing::WaitUntil(
      [&] {
        ready = suite->Get("/readyz");
        return ready.ok() && (*ready)["status"] == "ok";
      },
      kReadyBound);
  if (!is_ready) {
    return base::Unavailable("NOT_READY", ready.ok() ? ready->dump() : ready.status().ToString());
  }
  return suite;
}

std::vector<std::string> Suite::ArgsOf(const std::string& service) const {
  const auto known = ports_.find(service);
  auto address = [&](const std::string& of) { return absl::StrCat("127.0.0.1:", ports_.at(of)); };
  std::vector<std::string> args = {
      absl::StrCat("--listen=127.0.0.1:", known == ports_.end() ? 0 : known->second),
      "--admin-listen=127.0.0.1:0",
      absl::StrCat("--port-file=", dir_.File(service + ".ports")),
  };
  if (service != "gateway") args.push_back(absl::StrCat("--data-dir=", dir_.File(service)));
  if (service != "articles") args.push_back(absl::StrCat("--articles=", address("articles")));
  if (service == "metrics" && redis_) args.push_back(absl::StrCat("--redis=", redis_->address()));
  if (service == "gateway") {
    args.push_back(absl::StrCat("--metrics=", address("metrics")));
    args.push_back(absl::StrCat("--keys=", dir_.File("keys")));
    args.insert(args.end(), options_.gateway_args.begin(), options_.gateway_args.end());
  }
  return args;
}

absl::Status Suite::Launch(const std::string& service) {
  const std::string port_file = dir_.File(service + ".ports");
  std::filesystem::remove(port_file);
  std::filesystem::create_directories(dir_.File(service));
  auto process = testing::ChildProcess::Start(
      {.binary = testing::ProgramPath("cityinfo-" + service), .args = ArgsOf(service)});
  if (!process.ok()) return process.status();
  auto port = testing::WaitForPort(port_file, service == "gateway" ? "http" : "grpc", **process,
                                   kReadyBound);
  if (!port.ok()) return port.status();
  ports_[service] = *port;
  processes_[service] = *std::move(process);
  return absl::OkStatus();
}

void Suite::Kill(const std::string& service) { processes_.at(service)->Kill(); }

cli::ApiClient Suite::Client(bool with_key) const {
  return cli::ApiClient({.base_url = url_, .key = with_key ? key_ : ""});
}

absl::StatusOr<Json> Suite::Get(const std::string& path, const Query& query) const {
  return Client(/*with_key=*/false).Get(path, query);
}

absl::StatusOr<Json> Suite::ImportPage(const std::string& text, const std::string& date) {
  auto day = cli::DateToJson(date);
  if (!day.ok()) return day.status();
  return Client().Post("/v1/pages:import", Json{{"text", text},
                                                {"publication", "测试报"},
                                                {"publishDate", *day},
                                                {"page", "A1"},
                                                {"place", "522601"},
                                                {"publish", true}});
}

Suite::CommandResult Suite::Cityctl(std::vector<std::string> args, bool with_key) const {
  auto process = testing::ChildProcess::Start(
      {.binary = testing::ProgramPath("cityctl"),
       .args = std::move(args),
       .env = {{"CITYINFO_URL", url_}, {"CITYINFO_KEY", with_key ? key_ : ""}}});
  if (!process.ok()) return {.err = process.status().ToString()};
  const auto exit = (*process)->Wait(absl::Seconds(60));
  return {.exit_code = exit ? exit->code : -1,
          .out = (*process)->Stdout(),
          .err = (*process)->Stderr()};
}

}  // namespace cityinfo::e2e
