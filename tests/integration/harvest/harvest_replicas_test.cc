// Several processes over one PostgreSQL: one of them harvests, and when it ends, hangs or is cut
// off, another does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/health/health.h"
#include "platform/rpc/channel.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/harvest/harvester.h"
#include "services/metrics/storage/sql_metric_store.h"
#include "tests/integration/harvest/article_feed.h"
#include "tests/integration/metrics/metrics_process.h"
#include "tests/support/postgres_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics::testing {
namespace {

using ::cityinfo::testing::PostgresServer;
using ::cityinfo::testing::WaitUntil;
using ::testing::SizeIs;

std::string Gdp(int year) { return absl::StrCat(year, "年，全市地区生产总值完成281.76亿元。"); }

// What a process has of the harvest, inside the test.
struct Replica {
  Replica(const std::string& url, const std::string& articles, const std::string& holder) {
    auto opened = OpenMetricStore({.store = url}, base::SystemClock(), versions);
    EXPECT_OK(opened);
    if (!opened.ok()) return;
    store = *std::move(opened);
    Harvester::Options options;
    options.holder = holder;
    options.batch = 4;
    options.reconnect = {.initial = absl::Milliseconds(1), .max = absl::Milliseconds(20)};
    options.store_retry = {.initial = absl::Milliseconds(1), .max = absl::Milliseconds(50)};
    options.lease = {.ttl = absl::Seconds(2),
                     .renew_every = absl::Milliseconds(300),
                     .ask_every = absl::Milliseconds(50)};
    harvester = std::make_unique<Harvester>(
        rpc::MakeChannel(articles, {.reconnect_initial = absl::Milliseconds(10),
                                    .reconnect_max = absl::Milliseconds(50)}),
        *store, ChangeReader(Catalogue::Embedded()), health, metrics, options);
  }

  bool holds() { return harvester->progress().term > 0; }
  double Gauge(const std::string& name) { return metrics.GetGauge(name, "").Value(); }
  health::Component HarvestHealth() {
    for (const health::Component& component : health.GetSnapshot().components) {
      if (component.name == "harvest") return component;
    }
    return {};
  }

  DataVersions versions;
  health::Health health;
  telemetry::Metrics metrics;
  std::unique_ptr<SqlMetricStore> store;
  std::unique_ptr<Harvester> harvester;
};

class HarvestReplicasTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(feed_.Start());
    ASSERT_OK_AND_ASSIGN(server_, PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(url_, server_->NewDatabase("metrics"));
  }

  std::unique_ptr<Replica> Join(const std::string& holder) {
    return std::make_unique<Replica>(url_, feed_.target(), holder);
  }
  std::int64_t Append(int articles) {
    std::int64_t last = 0;
    for (int i = 0; i < articles; ++i, ++appended_) {
      last = feed_.Append(MakeArticle(absl::StrCat("a", appended_), {Gdp(1900 + appended_)}));
    }
    return last;
  }
  std::string Ask(const std::string& sql) {
    const auto answer = server_->Query(url_, "SET search_path TO metrics; " + sql);
    EXPECT_OK(answer);
    return answer.value_or("");
  }
  [[nodiscard]] bool Harvested(std::int64_t position, absl::Duration bound = absl::Seconds(30)) {
    return WaitUntil(
        [&] { return Ask("SELECT harvest_position FROM progress") == absl::StrCat(position); },
        bound);
  }
  // Every article's one figure once, in one version, announced once, without a gap.
  void ExpectEverythingOnce() {
    const std::string count = absl::StrCat(appended_);
    EXPECT_EQ(Ask("SELECT count(*) FROM figures"), count);
    EXPECT_EQ(Ask("SELECT count(*) FROM statements"), count);
    EXPECT_EQ(Ask("SELECT count(*) FROM vintages"), count);
    EXPECT_EQ(Ask("SELECT count(*) FROM changes"), count);
    EXPECT_EQ(Ask("SELECT max(sequence) FROM changes"), count);
  }

  ArticleFeed feed_;
  std::unique_ptr<PostgresServer> server_;
  std::string url_;
  int appended_ = 0;
};

TEST_F(HarvestReplicasTest, ExactlyOneHarvestsAndTheOtherIsWell) {
  const auto first = Join("first");
  ASSERT_TRUE(WaitUntil([&] { return first->holds(); }));
  const auto second = Join("second");
  ASSERT_TRUE(Harvested(Append(40)));
  ASSERT_TRUE(WaitUntil([&] { return second->HarvestHealth().state == health::State::kOk; }));
  EXPECT_FALSE(second->holds());
  EXPECT_EQ(first->harvester->progress().changes, 40);
  EXPECT_EQ(second->harvester->progress().changes, 0);
  EXPECT_EQ(feed_.streams(), 1);
  EXPECT_EQ(first->Gauge("cityinfo_metrics_harvest_lease_held"), 1);
  EXPECT_EQ(first->Gauge("cityinfo_metrics_harvest_lease_term"), 1);
  EXPECT_EQ(second->Gauge("cityinfo_metrics_harvest_lease_held"), 0);
  // What was harvested there is known here too.
  EXPECT_TRUE(WaitUntil([&] { return second->versions.Latest() == 40; }));
  ExpectEverythingOnce();
}

TEST_F(HarvestReplicasTest, AnOrderlyEndHandsOverAtOnce) {
  auto first = Join("first");
  ASSERT_TRUE(WaitUntil([&] { return first->holds(); }));
  const auto second = Join("second");
  ASSERT_TRUE(Harvested(Append(10)));
  const absl::Time start = absl::Now();
  first->harvester->Stop();
  ASSERT_TRUE(WaitUntil([&] { return second->holds(); }));
  EXPECT_LT(absl::Now() - start, absl::Seconds(2)) << "not after the lease ran out";
  ASSERT_TRUE(Harvested(Append(10)));
  ExpectEverythingOnce();
}

// Each life ends wherever it happens to be, while both try.
TEST_F(HarvestReplicasTest, NothingIsLostOrDoubledWhileTheLeaseGoesToAndFro) {
  const std::int64_t last = Append(60);
  std::unique_ptr<Replica> replicas[2];
  int turn = 0;
  do {
    ASSERT_LT(turn, 200);
    replicas[turn % 2] = nullptr;
    replicas[turn % 2] = Join(absl::StrCat("life ", turn));
    ASSERT_TRUE(WaitUntil(
        [&] { return replicas[0]->holds() || (replicas[1] != nullptr && replicas[1]->holds()); }));
    ++turn;
  } while (Ask("SELECT harvest_position FROM progress") != absl::StrCat(last));
  ExpectEverythingOnce();
}

TEST_F(HarvestReplicasTest, TheHarvestOutlivesAnOutageOfTheStore) {
  const auto first = Join("first");
  const auto second = Join("second");
  ASSERT_TRUE(Harvested(Append(20)));
  server_->Kill();
  Append(20);
  ASSERT_TRUE(WaitUntil(
      [&] {
        return first->HarvestHealth().state == health::State::kDegraded &&
               second->HarvestHealth().state == health::State::kDegraded;
      },
      absl::Seconds(30)));
  EXPECT_TRUE(first->health.Ready());
  ASSERT_OK(server_->StartAgain());
  ASSERT_TRUE(Harvested(Append(20), absl::Seconds(60)));
  EXPECT_TRUE(WaitUntil([&] { return first->holds() != second->holds(); }));
  ExpectEverythingOnce();
}

// The real program.
class HarvestProcessesTest : public HarvestReplicasTest {
 protected:
  std::unique_ptr<MetricsProcess> Launch() {
    auto process = MetricsProcess::Start(
        dir_.path().string(),
        {absl::StrCat("--store=", url_), absl::StrCat("--articles=", feed_.target())});
    EXPECT_OK(process);
    return process.ok() ? *std::move(process) : nullptr;
  }
  std::string Holder() { return Ask("SELECT holder FROM harvest_lease"); }
  bool IsHeldBy(MetricsProcess& process) {
    return absl::StrContains(Holder(), absl::StrCat(":", process.process().pid()));
  }

  cityinfo::testing::TempDir dir_;
};

TEST_F(HarvestProcessesTest, KillingTheHolderHandsOverWithinTenSeconds) {
  const auto first = Launch();
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(WaitUntil([&] { return IsHeldBy(*first); }));
  const auto second = Launch();
  ASSERT_NE(second, nullptr);
  ASSERT_TRUE(Harvested(Append(10)));
  Append(150);  // it is in the middle of these
  first->process().Kill();
  const absl::Time killed = absl::Now();
  const std::string reached = Ask("SELECT harvest_position FROM progress");
  const std::int64_t last = Append(1);
  ASSERT_TRUE(WaitUntil([&] { return Ask("SELECT harvest_position FROM progress") != reached; },
                        absl::Seconds(10)));
  RecordProperty("milliseconds", absl::ToInt64Milliseconds(absl::Now() - killed));
  EXPECT_TRUE(IsHeldBy(*second));
  ASSERT_TRUE(Harvested(last));
  ExpectEverythingOnce();
}

TEST_F(HarvestProcessesTest, AHolderThatHangsIsFencedWhenItComesBack) {
  const auto first = Launch();
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(WaitUntil([&] { return IsHeldBy(*first); }));
  const auto second = Launch();
  ASSERT_NE(second, nullptr);
  ASSERT_TRUE(Harvested(Append(10)));
  first->process().Stop();
  Append(50);
  ASSERT_TRUE(WaitUntil([&] { return IsHeldBy(*second); }, absl::Seconds(30)));
  // The feed has sent it what it would now write.
  first->process().Continue();
  EXPECT_TRUE(first->process().WaitForLine("another process has taken over the harvest"));
  ASSERT_TRUE(Harvested(Append(10)));
  EXPECT_TRUE(IsHeldBy(*second));
  EXPECT_EQ(Ask("SELECT term FROM harvest_lease"), "2");
  ExpectEverythingOnce();
}

TEST_F(HarvestProcessesTest, ARollingRestartHandsOverAtOnce) {
  auto first = Launch();
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(WaitUntil([&] { return IsHeldBy(*first); }));
  const auto second = Launch();
  ASSERT_NE(second, nullptr);
  ASSERT_TRUE(Harvested(Append(10)));
  EXPECT_EQ(first->process().TerminateAndWait().code, 0);
  const absl::Time ended = absl::Now();
  ASSERT_TRUE(WaitUntil([&] { return IsHeldBy(*second); }, absl::Seconds(3)));
  EXPECT_LT(absl::Now() - ended, absl::Seconds(3));
  ASSERT_TRUE(Harvested(Append(10)));
  ExpectEverythingOnce();
}

}  // namespace
}  // namespace cityinfo::metrics::testing
