// What an operator gets for a mistake: one line that says what is wrong, at the start where it can
// be known then, and a service that says so and goes on where it cannot.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "cityinfo/articles/v1/article_service.grpc.pb.h"
#include "cityinfo/metrics/v1/metric_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/rpc/client.h"
#include "platform/rpc/tls_credentials.h"
#include "tests/e2e/cluster.h"
#include "tests/support/certificates.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using ::testing::AllOf;
using testing::ChildProcess;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;
using testing::WaitUntil;

constexpr absl::Duration kSoon = absl::Seconds(20);

struct Ended {
  int code = -1;
  std::string errors;  // what it wrote, without the lines that only inform
};

Ended RunToEnd(const std::string& program, std::vector<std::string> args) {
  args.insert(args.begin(), {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0"});
  auto process = ChildProcess::Start(
      {.binary = testing::ProgramPath("cityinfo-" + program), .args = std::move(args)});
  if (!process.ok()) return {.errors = process.status().ToString()};
  const auto exit = (*process)->Wait(kSoon);
  Ended ended{.code = exit && exit->signal == 0 ? exit->code : -1};
  for (const absl::string_view line :
       absl::StrSplit((*process)->Stderr(), '\n', absl::SkipEmpty())) {
    if (!absl::StrContains(line, "\"level\":\"info\"")) absl::StrAppend(&ended.errors, line, "\n");
  }
  return ended;
}

// Ends with this code and exactly one line, which says this.
void ExpectOneLine(const Ended& ended, int code, const std::string& words) {
  EXPECT_EQ(ended.code, code) << ended.errors;
  EXPECT_EQ(std::count(ended.errors.begin(), ended.errors.end(), '\n'), 1) << ended.errors;
  EXPECT_THAT(ended.errors, HasSubstr(words));
}

class BadStart : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto postgres = testing::PostgresServer::Start();
    ASSERT_OK(postgres);
    postgres_ = *std::move(postgres);
  }
  static void TearDownTestSuite() { postgres_.reset(); }

  static std::string NewStore() {
    return absl::StrCat("--store=", *postgres_->NewDatabase("city"));
  }

  static std::unique_ptr<testing::PostgresServer> postgres_;
  testing::TempDir dir_;
};

std::unique_ptr<testing::PostgresServer> BadStart::postgres_;

TEST_F(BadStart, AStoreThatIsNone) {
  for (const char* program : {"articles", "metrics"}) {
    SCOPED_TRACE(program);
    ExpectOneLine(RunToEnd(program, {"--store=oracle:city"}), 2,
                  "--store=(hidden): must have the form sqlite:PATH or postgresql://");
    const Ended secret = RunToEnd(program, {"--store=postgresql://city:hunter2@db/city"});
    ExpectOneLine(secret, 2, "--store=(hidden): holds a password");
    EXPECT_THAT(secret.errors, Not(HasSubstr("hunter2")));
    ExpectOneLine(RunToEnd(program, {"--store=postgresql://city@127.0.0.1:1/city"}), 1,
                  "127.0.0.1");
    ExpectOneLine(RunToEnd(program, {absl::StrCat("--store=", postgres_->url("no_such_database"))}),
                  1, "no_such_database");
    ExpectOneLine(RunToEnd(program, {"--store-standby=postgresql://h/d"}), 2,
                  "--store-standby: works with a PostgreSQL store only");
    ExpectOneLine(RunToEnd(program, {NewStore(), "--store-password-file=/no/such/file"}), 1,
                  "/no/such/file");
  }
}

TEST_F(BadStart, ASchemaOfANewerRelease) {
  for (const std::string program : {"articles", "metrics"}) {
    const std::string url = *postgres_->NewDatabase("city");
    const std::string store = absl::StrCat("--store=", url);
    EXPECT_EQ(RunToEnd(program, {store, "--migrate=only"}).code, 0);
    EXPECT_EQ(RunToEnd(program, {store, "--migrate=only"}).code, 0) << "again is fine";
    ASSERT_OK(postgres_->Query(
        url, absl::StrCat("INSERT INTO ", program,
                          ".schema_migrations (version, name, compatible, applied_at) "
                          "SELECT max(version) + 1, 'from the future', false, now() FROM ",
                          program, ".schema_migrations RETURNING 1")));
    ExpectOneLine(RunToEnd(program, {store}), 1, "SCHEMA_TOO_NEW");
  }
}

TEST_F(BadStart, ASchemaThatLacksSteps) {
  ExpectOneLine(RunToEnd("articles", {NewStore(), "--migrate=check"}), 1, "SCHEMA_OUT_OF_DATE");
}

TEST_F(BadStart, ADatabaseThatOnlyReads) {
  const std::string url = *postgres_->NewDatabase("frozen");
  const std::string name = *postgres_->Query(url, "SELECT current_database()");
  ASSERT_OK(postgres_->Query(
      url, absl::StrCat("ALTER DATABASE ", name, " SET default_transaction_read_only = on")));
  ExpectOneLine(RunToEnd("articles", {absl::StrCat("--store=", url)}), 1, "STORE_READ_ONLY");
}

TEST_F(BadStart, Certificates) {
  testing::CertificateAuthority authority;
  const testing::Certificate good = authority.Issue();
  const auto run = [&](const std::string& program, const testing::Certificate& own,
                       const std::string& ca) {
    return RunToEnd(program, {absl::StrCat("--tls-cert=", dir_.Write("cert.pem", own.cert)),
                              absl::StrCat("--tls-key=", dir_.Write("key.pem", own.key)),
                              absl::StrCat("--tls-ca=", dir_.Write("ca.pem", ca)),
                              absl::StrCat("--port-file=", dir_.File("ports"))});
  };
  for (const char* program : {"articles", "metrics", "gateway"}) {
    SCOPED_TRACE(program);
    ExpectOneLine(RunToEnd(program, {"--tls-cert=cert.pem"}), 2, "give all three, or none");
    ExpectOneLine(
        RunToEnd(program, {"--tls-cert=/no/cert", "--tls-key=/no/key", "--tls-ca=/no/ca"}), 1,
        "--tls-cert=/no/cert: No such file or directory");
    ExpectOneLine(run(program, {.cert = good.cert, .key = authority.Issue().key}, authority.cert()),
                  1, "is not the key of the certificate");
    ExpectOneLine(
        run(program, authority.Issue({.begins = -absl::Hours(2), .ends = -absl::Hours(1)}),
            authority.cert()),
        1, "cert.pem: expired at ");
    ExpectOneLine(run(program, authority.Issue({.begins = absl::Hours(1), .ends = absl::Hours(2)}),
                      authority.cert()),
                  1, "cert.pem: is not valid before ");
    ExpectOneLine(run(program, good, "words\n"), 1, "ca.pem: holds no certificate in PEM form");
  }
}

// All of them with certificates: it works, probes need none, and a stranger gets nothing.
TEST_F(BadStart, OnlyPeersWithCertificatesTalk) {
  testing::CertificateAuthority authority;
  const testing::Certificate own = authority.Issue();
  const tls::Files files = {.cert = dir_.Write("cert.pem", own.cert),
                            .key = dir_.Write("key.pem", own.key),
                            .ca = dir_.Write("ca.pem", authority.cert())};
  const std::vector<std::string> tls = {absl::StrCat("--tls-cert=", files.cert),
                                        absl::StrCat("--tls-key=", files.key),
                                        absl::StrCat("--tls-ca=", files.ca)};
  const auto with = [&](std::vector<std::string> args) {
    args.insert(args.end(), tls.begin(), tls.end());
    return args;
  };
  const std::string store = NewStore();
  Replica articles("articles", "articles", with({store, "--health-listen=127.0.0.1:0"}), dir_);
  ASSERT_OK(articles.Start());
  const std::string to_articles = absl::StrCat("--articles=", articles.address());
  Replica metrics("metrics", "metrics", with({store, to_articles}), dir_);
  ASSERT_OK(metrics.Start());
  const std::string to_metrics = absl::StrCat("--metrics=", metrics.address());
  Replica gateway("gateway", "gateway", with({to_articles, to_metrics}), dir_);
  ASSERT_OK(gateway.Start());
  EXPECT_TRUE(WaitUntil([&] { return gateway.Ready(); }, kSoon)) << gateway.process().Stderr();
  EXPECT_GT(metrics.Number("cityinfo_tls_certificate_expiry_seconds"),
            absl::ToUnixSeconds(absl::Now()));

  const auto health =
      testing::WaitForPort(dir_.File("articles.ports"), "health", articles.process());
  ASSERT_OK(health);
  rpc::RawClient probe(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", *health), {.follow_health = false}));
  EXPECT_THAT(probe.Call("/grpc.health.v1.Health/Check", {}, ""),
              testing::IsOkAndHolds(std::string("\x08\x01")));
  EXPECT_THAT(probe.Call("/cityinfo.articles.v1.ArticleService/ListArticles", {}, ""),
              StatusIs(absl::StatusCode::kUnimplemented));

  Replica stranger("gateway", "stranger", {to_articles, to_metrics}, dir_);
  ASSERT_OK(stranger.Start());
  EXPECT_TRUE(stranger.process().WaitForLine("service is not ready"));
  EXPECT_FALSE(stranger.Ready());
  testing::CertificateAuthority others("other authority");
  const testing::Certificate foreign = others.Issue();
  Replica foreigner(
      "gateway", "foreigner",
      {to_articles, to_metrics, absl::StrCat("--tls-cert=", dir_.Write("other.pem", foreign.cert)),
       absl::StrCat("--tls-key=", dir_.Write("other.key", foreign.key)),
       absl::StrCat("--tls-ca=", files.ca)},
      dir_);
  ASSERT_OK(foreigner.Start());
  EXPECT_TRUE(foreigner.process().WaitForLine("service is not ready"));
  EXPECT_FALSE(foreigner.Ready());
  EXPECT_TRUE(gateway.Ready());
}

TEST_F(BadStart, ANameThatDoesNotExist) {
  Replica gateway("gateway", "gateway",
                  {"--articles=dns:///no-such-name.invalid:50051", "--metrics=127.0.0.1:1"}, dir_);
  ASSERT_OK(gateway.Start());
  EXPECT_TRUE(gateway.process().WaitForLine("service is not ready"));
  EXPECT_FALSE(gateway.Ready());
  EXPECT_TRUE(gateway.process().Running());
  gateway.process().Terminate();
  const auto exit = gateway.process().Wait(kSoon);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 0);
}

TEST_F(BadStart, RedisWithAnotherPassword) {
  auto redis = testing::RedisServer::Start({.password = "right"});
  ASSERT_OK(redis);
  Replica metrics("metrics", "metrics",
                  {NewStore(), "--articles=", absl::StrCat("--redis=", (*redis)->address()),
                   absl::StrCat("--redis-password-file=", dir_.Write("password", "wrong\n"))},
                  dir_);
  ASSERT_OK(metrics.Start());
  const auto stub = metrics::v1::MetricService::NewStub(rpc::MakeChannel(metrics.address()));
  metrics::v1::QueryObservationsRequest query;
  query.add_indicators("gdp");
  const auto ask = [&] {
    return rpc::CallUnary(*stub, &metrics::v1::MetricService::Stub::QueryObservations,
                          {.wait_for_ready = true}, query);
  };
  EXPECT_OK(ask());
  EXPECT_TRUE(WaitUntil([&] { return absl::StrContains(metrics.process().Stderr(), "password"); }));
  EXPECT_TRUE(metrics.Ready()) << "a cache never gates readiness";
  // Some attempts later it has been said once.
  EXPECT_TRUE(WaitUntil([&] {
    EXPECT_OK(ask());
    const auto info = (*redis)->Command({"INFO", "errorstats"});
    const size_t at = info.ok() ? info->find("errorstat_WRONGPASS:count=") : std::string::npos;
    return at != std::string::npos && std::stoi(info->substr(info->find('=', at) + 1)) >= 3;
  }));
  int said = 0;
  for (const absl::string_view line : absl::StrSplit(metrics.process().Stderr(), '\n')) {
    said += absl::StrContains(line, "password") ? 1 : 0;
    EXPECT_FALSE(absl::StrContains(line, "wrong")) << "the password itself is not shown";
  }
  EXPECT_EQ(said, 1) << metrics.process().Stderr();
}

// The database goes away behind a service that runs, and comes back.
TEST_F(BadStart, ADatabaseThatIsAwayForAWhile) {
  auto own = testing::PostgresServer::Start();
  ASSERT_OK(own);
  Replica articles("articles", "articles", {absl::StrCat("--store=", *(*own)->NewDatabase("city"))},
                   dir_);
  ASSERT_OK(articles.Start());
  const auto stub = articles::v1::ArticleService::NewStub(
      rpc::MakeChannel(articles.address(), {.follow_health = false}));
  const auto list = [&] {
    return rpc::CallUnary(*stub, &articles::v1::ArticleService::Stub::ListArticles,
                          {.deadline = absl::Now() + absl::Seconds(2), .wait_for_ready = true},
                          articles::v1::ListArticlesRequest())
        .status();
  };
  ASSERT_OK(list());
  (*own)->Stop();
  EXPECT_TRUE(WaitUntil([&] { return !articles.Ready(); })) << "it says so";
  for (int i = 0; i < 3; ++i) EXPECT_THAT(list(), StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_OK((*own)->StartAgain());
  EXPECT_TRUE(WaitUntil([&] { return list().ok(); }, kSoon)) << articles.process().Stderr();
  EXPECT_TRUE(WaitUntil([&] { return articles.Ready(); }));
  EXPECT_TRUE(articles.process().Running());
}

}  // namespace
}  // namespace cityinfo::e2e
