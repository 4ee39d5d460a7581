// A city is backed up while it is written, and another one starts on the backups, with SQLite and
// with PostgreSQL: what was acknowledged before is there, the harvest goes on where the backup
// stands, and no cache knows better.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/digest.h"
#include "platform/base/status_macros.h"
#include "tests/e2e/cluster.h"
#include "tests/e2e/stores.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using cli::Json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::WaitUntil;

constexpr char kKey[] = "key-of-this-test-only";
constexpr absl::Duration kBound = absl::Seconds(60);
constexpr int kMostPages = 1500;

std::string PrintedOf(int i) { return absl::StrFormat("%d.5亿元", 100 + i); }

// Each page has one article, which states one figure that no other states: that of its own year
// and month.
Json PageOf(int i) {
  const std::string period = absl::StrFormat("%d年%d月", 1900 + i / 12, 1 + i % 12);
  return Json{
      {"text", absl::StrFormat("第%d号简报\n\n○通讯员 石头\n\n%s，全市社会消费品零售总额%s。\n", i,
                               period, PrintedOf(i))},
      {"publication", "测试报"},
      {"publishDate", {{"year", 2021}, {"month", 12}, {"day", 20}}},
      {"page", absl::StrCat("A", i)},
      {"place", "522601"},
      {"publish", true}};
}

// The three services over two stores.
class City {
 public:
  City(const Stores& stores, const std::string& redis = "") : stores_(stores), redis_(redis) {}

  absl::Status Start() {
    const auto store = [&](const std::string& service) {
      return "--store=" + stores_.AddressOf(service);
    };
    CITY_RETURN_IF_ERROR(Launch("articles", {store("articles")}));
    const std::string articles = "--articles=" + replicas_["articles"]->address();
    std::vector<std::string> metrics = {store("metrics"), articles};
    if (!redis_.empty()) metrics.insert(metrics.end(), {"--redis=" + redis_, "--redis-timeout=1s"});
    CITY_RETURN_IF_ERROR(Launch("metrics", metrics));
    const std::string keys =
        dir_.Write("keys", absl::StrCat("editor:editor:", base::Sha256Hex(kKey), "\n"));
    CITY_RETURN_IF_ERROR(Launch(
        "gateway", {articles, "--metrics=" + replicas_["metrics"]->address(), "--keys=" + keys}));
    const bool ready = WaitUntil(
        [&] {
          return replicas_["gateway"]->Ready() && (redis_.empty() || Trouble("redis").empty());
        },
        kBound);
    if (ready) return absl::OkStatus();
    return absl::UnavailableError(replicas_["gateway"]->process().Stderr());
  }

  // All at once and without a word, as a machine goes. (And quicker than three drains.)
  void Die() { replicas_.clear(); }

  Replica& metrics() { return *replicas_["metrics"]; }

  cli::ApiClient Client() {
    return cli::ApiClient({.base_url = "http://" + replicas_["gateway"]->address(), .key = kKey});
  }

  absl::Status Import(int from, int to) {
    cli::ApiClient client = Client();
    for (int i = from; i < to; ++i) {
      CITY_RETURN_IF_ERROR(client.Post("/v1/pages:import", PageOf(i)).status());
    }
    return absl::OkStatus();
  }

  std::multiset<std::string> AllOf(const std::string& field, const std::string& key) {
    std::multiset<std::string> values;
    auto all = Client().GetAll("/v1/" + field, {{"page_size", "200"}}, field, 100'000);
    EXPECT_OK(all);
    if (!all.ok()) return values;
    for (const Json& entry : (*all)[field]) values.insert(entry[key].get<std::string>());
    return values;
  }
  std::size_t Figures() { return AllOf("figures", "name").size(); }

  // Each figure of the articles there are, once, and nothing else.
  void ExpectEveryFigureOnce() {
    const std::multiset<std::string> titles = AllOf("articles", "title");
    std::multiset<std::string> expected;
    for (int i = 0; i < kMostPages; ++i) {
      if (titles.count(absl::StrFormat("第%d号简报", i)) == 1) expected.insert(PrintedOf(i));
    }
    ASSERT_EQ(expected.size(), titles.size()) << "an article is there twice, or is not ours";
    EXPECT_TRUE(WaitUntil([&] { return Figures() >= expected.size(); }, kBound));
    EXPECT_EQ(AllOf("figures", "printed"), expected);
    EXPECT_EQ(AllOf("observations", "printed"), expected);
  }

  // What /readyz of metrics says is wrong with one of its components; empty when it is well.
  std::string Trouble(const std::string& name) {
    const auto answer = cli::HttpClient({.base_url = metrics().admin_url()}).Send("GET", "/readyz");
    if (!answer.ok()) return answer.status().ToString();
    const Json health = Json::parse(answer->body);
    for (const Json& component : health["components"]) {
      if (component["name"] == name) return component["message"];
    }
    return answer->body;
  }

 private:
  absl::Status Launch(const std::string& program, std::vector<std::string> args) {
    replicas_[program] = std::make_unique<Replica>(program, program, std::move(args), dir_);
    return replicas_[program]->Start();
  }

  const Stores& stores_;
  const std::string redis_;
  testing::TempDir dir_;
  std::map<std::string, std::unique_ptr<Replica>> replicas_;
};

// Imports pages on a thread of its own until it is stopped.
class Importer {
 public:
  explicit Importer(City& city) : client_(city.Client()) {
    thread_ = std::jthread([this](const std::stop_token& stop) {
      for (int i = 0; i < kMostPages && !stop.stop_requested(); ++i) {
        const auto answer = client_.Post("/v1/pages:import", PageOf(i));
        EXPECT_OK(answer);
        if (!answer.ok()) return;
        ++acknowledged_;
      }
    });
  }

  // Pages 0 to here are acknowledged.
  int acknowledged() const { return acknowledged_; }
  bool GetsTo(int pages) {
    return WaitUntil([&] { return acknowledged_ >= pages; }, kBound);
  }
  void Stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  cli::ApiClient client_;
  std::atomic<int> acknowledged_{0};
  std::jthread thread_;
};

struct Kind {
  const char* name;
  std::function<absl::StatusOr<std::unique_ptr<Stores>>()> make;
};

std::vector<Kind> Kinds() {
  return {{"Sqlite", MakeSqliteStores}, {"Postgres", MakePostgresStores}};
}

class BackupRestore : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(stores_, GetParam().make()); }
  std::string File(const std::string& name) const { return dir_.File(name); }
  absl::Status Backup(const std::string& service, const std::string& file) {
    return stores_->Backup(service, File(file));
  }
  absl::Status Restore(const std::string& service, const std::string& file) {
    return stores_->Restore(service, File(file));
  }

  testing::TempDir dir_;
  std::unique_ptr<Stores> stores_;
};

INSTANTIATE_TEST_SUITE_P(, BackupRestore, ::testing::ValuesIn(Kinds()),
                         [](const auto& info) { return std::string(info.param.name); });

// Metrics first, as the runbook has it: articles' backup then holds everything metrics has read.
TEST_P(BackupRestore, TakenWhileWritingItIsAWholeCityThatGoesOn) {
  City city(*stores_);
  ASSERT_OK(city.Start());
  Importer importer(city);
  ASSERT_TRUE(importer.GetsTo(60));
  ASSERT_TRUE(WaitUntil([&] { return city.Figures() >= 30; }, kBound));
  ASSERT_OK(Backup("metrics", "metrics.backup"));
  ASSERT_TRUE(importer.GetsTo(importer.acknowledged() + 10));
  const int before = importer.acknowledged();
  ASSERT_OK(Backup("articles", "articles.backup"));
  ASSERT_TRUE(importer.GetsTo(importer.acknowledged() + 10)) << "it was written all the time";
  importer.Stop();
  city.Die();

  ASSERT_OK(stores_->MoveElsewhere());
  ASSERT_OK(Restore("articles", "articles.backup"));
  ASSERT_OK(Restore("metrics", "metrics.backup"));
  City restored(*stores_);
  ASSERT_OK(restored.Start());
  const std::multiset<std::string> titles = restored.AllOf("articles", "title");
  EXPECT_LT(titles.size(), static_cast<std::size_t>(importer.acknowledged()))
      << "what came after the backup is not in it";
  for (int i = 0; i < before; ++i) {
    EXPECT_EQ(titles.count(absl::StrFormat("第%d号简报", i)), 1u) << i;
  }
  restored.ExpectEveryFigureOnce();
  const double harvested = restored.metrics().Number("cityinfo_metrics_harvest_changes_total");
  EXPECT_GE(harvested, 10) << "those between the two backups";
  EXPECT_LE(harvested, titles.size() - 30) << "those before are not read again";

  // And life goes on: also what was lost is imported again.
  ASSERT_OK(restored.Import(static_cast<int>(titles.size()), static_cast<int>(titles.size()) + 20));
  restored.ExpectEveryFigureOnce();
}

TEST_P(BackupRestore, MetricsNewerThanArticlesSaysSoAndPassesNothingOver) {
  City city(*stores_);
  ASSERT_OK(city.Start());
  ASSERT_OK(city.Import(0, 5));
  city.ExpectEveryFigureOnce();
  ASSERT_OK(Backup("metrics", "metrics.older"));
  ASSERT_OK(city.Import(5, 10));
  ASSERT_OK(Backup("articles", "articles.backup"));
  ASSERT_OK(city.Import(10, 15));
  city.ExpectEveryFigureOnce();
  ASSERT_OK(Backup("metrics", "metrics.newer"));
  city.Die();

  ASSERT_OK(Restore("articles", "articles.backup"));
  ASSERT_OK(Restore("metrics", "metrics.newer"));
  {
    City restored(*stores_);
    ASSERT_OK(restored.Start());
    const auto says_so = AllOf(HasSubstr("ends before"), HasSubstr("older backup than metrics"));
    EXPECT_TRUE(
        WaitUntil([&] { return ::testing::Value(restored.Trouble("harvest"), says_so); }, kBound))
        << restored.Trouble("harvest");
    EXPECT_TRUE(restored.metrics().Ready()) << "what is known is answered";
    EXPECT_TRUE(restored.metrics().process().WaitForLine(
        "the articles' feed ends before what was harvested"));
    // The feed grows beyond where metrics stands. To go on there would leave out what is before.
    ASSERT_OK(restored.Import(20, 30));
    EXPECT_FALSE(WaitUntil([&] { return restored.Figures() != 15; }, absl::Seconds(3)));
    EXPECT_THAT(restored.Trouble("harvest"), says_so);
    restored.Die();
  }

  ASSERT_OK(Restore("metrics", "metrics.older"));
  City mended(*stores_);
  ASSERT_OK(mended.Start());
  mended.ExpectEveryFigureOnce();
  EXPECT_EQ(mended.Figures(), 20u);
  EXPECT_EQ(mended.Trouble("harvest"), "");
}

class RestoreUnderACache : public BackupRestore {
 protected:
  void SetUp() override {
    BackupRestore::SetUp();
    ASSERT_OK_AND_ASSIGN(redis_, testing::RedisServer::Start());
  }

  static absl::Status Record(City& city, const std::string& value, int month) {
    return city.Client()
        .Post("/v1/observations:record",
              Json{{"source", "答卷"},
                   {"observations",
                    {{{"indicator", "gdp"},
                      {"place", "522601"},
                      {"measure", "LEVEL"},
                      {"kind", "ACTUAL"},
                      {"period", "2020"},
                      {"exactValue", value},
                      {"publishDate", {{"year", 2021}, {"month", month}, {"day", 1}}}}}}})
        .status();
  }
  static std::string Read(City& city) {
    auto answer =
        city.Client().Get("/v1/observations", {{"indicators", "gdp"}, {"places", "522601"}});
    EXPECT_OK(answer);
    if (!answer.ok() || (*answer)["observations"].size() != 1) return "";
    return (*answer)["observations"][0]["exactValue"];
  }
  // Reads until Redis holds so many answers: one that took long to make sure of is not kept.
  ::testing::AssertionResult IsKept(City& city, int answers) {
    return WaitUntil([&] {
      Read(city);
      const auto size = redis_->Command({"DBSIZE"});
      return size.ok() && absl::StrContains(*size, absl::StrCat(answers));
    })
               ? ::testing::AssertionSuccess()
               : ::testing::AssertionFailure() << "Redis does not hold " << answers << " answers";
  }
  static double RedisHits(City& city) {
    return city.metrics().Number("cityinfo_metrics_cache_hits_total{level=\"redis\"}");
  }
  static double NewestChange(City& city) {
    return city.metrics().Number("cityinfo_metrics_change_position ");
  }

  std::unique_ptr<testing::RedisServer> redis_;
};

INSTANTIATE_TEST_SUITE_P(, RestoreUnderACache, ::testing::ValuesIn(Kinds()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(RestoreUnderACache, NoAnswerIsOfWhatTheRestoreUndid) {
  double newest = 0;
  {
    City city(*stores_, redis_->address());
    ASSERT_OK(city.Start());
    ASSERT_OK(Record(city, "100", 1));
    ASSERT_EQ(Read(city), "100");
    ASSERT_TRUE(IsKept(city, 1));
    ASSERT_OK(Backup("metrics", "metrics.backup"));
    ASSERT_OK(Record(city, "200", 2));
    ASSERT_EQ(Read(city), "200");
    ASSERT_TRUE(IsKept(city, 2));
    newest = NewestChange(city);
    ASSERT_GT(newest, 0);
    city.Die();
  }
  // The same backup twice: the second time, the first restore is undone as well.
  int kept = 2;
  for (const char* value : {"300", "400"}) {
    ASSERT_OK(Restore("metrics", "metrics.backup"));
    City city(*stores_, redis_->address());
    ASSERT_OK(city.Start());
    EXPECT_EQ(Read(city), "100");
    EXPECT_EQ(RedisHits(city), 1) << "what the backup holds is still cached, and still right";
    ASSERT_OK(Record(city, value, 2));
    EXPECT_EQ(NewestChange(city), newest) << "the position has been reached before";
    EXPECT_EQ(Read(city), value);
    EXPECT_EQ(RedisHits(city), 1);
    EXPECT_TRUE(IsKept(city, ++kept));
    city.Die();
  }
}

}  // namespace
}  // namespace cityinfo::e2e
