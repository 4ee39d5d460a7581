// The stores of articles and metrics over PostgreSQL beside the same over SQLite, call by call:
//   cityinfo-bench-store FOLDER ARTICLES_URL METRICS_URL
// SQLite's files go to FOLDER; the two URLs name empty PostgreSQL databases. One thread; both sides
// hold the same data and are called in turn, round by round. What is printed are medians of the
// rounds and the median of their ratios.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/clock.h"
#include "platform/base/error.h"
#include "services/articles/storage/open_article_store.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/storage/sql_metric_store.h"

namespace {

namespace articles = cityinfo::articles;
namespace base = cityinfo::base;
namespace database = cityinfo::database;
namespace metrics = cityinfo::metrics;

constexpr int kRounds = 9;
constexpr int kPages = 400;  // before the measurement
constexpr int kArticlesOfAPage = 4;
constexpr int kValuesOfABatch = 20;
constexpr int kYears = 30;

absl::Time Soon() { return absl::Now() + absl::Seconds(10); }

template <typename T>
T Must(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "%s\n", base::ErrorText(result.status()).c_str());
  std::exit(1);
}

articles::PageImport Page(int number) {
  articles::PageImport page{.text = absl::StrCat("第", number, "版 "),
                            .publication = "样例晚报",
                            .publish_date = {.year = 2000 + number % 20,
                                             .month = 1 + number % 12,
                                             .day = 1 + number % 28},
                            .label = absl::StrCat("A", number),
                            .place = "522601",
                            .publish = true,
                            .author = "bench"};
  for (int i = 0; i < kArticlesOfAPage; ++i) {
    articles::ArticleContent content{.title = absl::StrCat("清水江畔第", number, "座步道桥通行"),
                                     .byline = "记者 杨晓岚",
                                     .section = i % 2 == 0 ? "综合新闻" : "经济",
                                     .tags = {"民生", "交通"},
                                     .publication = page.publication,
                                     .publish_date = page.publish_date,
                                     .page = page.label,
                                     .place = page.place};
    for (int paragraph = 0; paragraph < 6; ++paragraph) {
      std::string text;
      for (int k = 0; k < 8; ++k) {
        absl::StrAppend(&text, "昨天上午，编号", number * 10 + k,
                        "的步道桥拆下围挡，居民少绕两公里。");
      }
      absl::StrAppend(&page.text, text, "\n");
      content.blocks.push_back({.kind = articles::BlockKind::kParagraph, .text = std::move(text)});
    }
    page.articles.push_back(std::move(content));
  }
  return page;
}

// One batch of a data officer: twenty indicators' values for one year, another value each time.
metrics::LoadedBatch Batch(int number) {
  metrics::LoadedBatch batch{.source = "bench", .digest = absl::StrCat(number)};
  const int year = 1990 + number % kYears;
  for (int i = 0; i < kValuesOfABatch; ++i) {
    const std::string value = absl::StrCat(1000 + number + i);
    batch.values.push_back(
        {.key = {.indicator = absl::StrCat("indicator_", i),
                 .place = "522601",
                 .measure = metrics::Measure::kLevel,
                 .kind = metrics::Kind::kActual,
                 .period = metrics::Period::Year(year)},
         .value = {.printed = value + "元", .exact_value = value, .unit = "元"},
         .publish_date = {.year = year + 1, .month = 1, .day = 1 + number / kYears % 28}});
  }
  return batch;
}

// The stores of one side, and what is asked of them.
class Side {
 public:
  Side(std::string articles_address, std::string metrics_address)
      : articles_(Must(articles::OpenArticleStore({.database = {.store = articles_address}}))),
        metrics_(Must(
            metrics::OpenMetricStore({.store = metrics_address}, base::SystemClock(), versions_))) {
    for (int i = 0; i < kPages; ++i) Import();
    for (int i = 0; i < 2 * kYears; ++i) Record();
  }

  void Get() {
    const std::string& id = ids_[static_cast<size_t>(next_ += 7919) % ids_.size()];
    Must(articles_->Get(id, 0, articles::ArticleView::kFull, Soon()));
  }

  void List() {
    const auto page = Must(
        articles_->List({.section = "经济"}, {.limit = 20}, articles::ArticleView::kBasic, Soon()));
    if (page.articles.size() != 20) std::exit(1);
  }

  void Series() {
    metrics::ObservationQuery query;
    query.indicators = {absl::StrCat("indicator_", ++next_ % kValuesOfABatch)};
    query.places = {"522601"};
    query.Normalize();
    const auto page = Must(metrics_->QueryObservations(query, Soon()));
    if (page.observations.size() != kYears) std::exit(1);
  }

  void Import() {
    for (const articles::Article& article :
         Must(articles_->ImportPage(Page(++pages_), Soon())).articles) {
      ids_.push_back(article.id);
    }
  }

  void Record() { Must(metrics_->Record(Batch(++batches_))); }

 private:
  metrics::DataVersions versions_;
  const std::unique_ptr<articles::ArticleStore> articles_;
  const std::unique_ptr<metrics::MetricStore> metrics_;
  std::vector<std::string> ids_;
  int next_ = 0;
  int pages_ = 0;
  int batches_ = 0;
};

double MicrosecondsOf(Side& side, void (Side::*call)(), int times) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) (side.*call)();
  const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - begin;
  return taken.count() / times;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void Compare(const char* name, void (Side::*call)(), int times, Side& sqlite, Side& postgres) {
  std::vector<double> base, own, ratio;
  for (int round = 0; round < kRounds; ++round) {
    base.push_back(MicrosecondsOf(sqlite, call, times));
    own.push_back(MicrosecondsOf(postgres, call, times));
    ratio.push_back(own.back() / base.back());
  }
  std::printf("| %s | %.0f | %.0f | %.1f |\n", name, Median(base), Median(own), Median(ratio));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: cityinfo-bench-store FOLDER ARTICLES_URL METRICS_URL\n");
    return 2;
  }
  const std::string folder = argv[1];
  Side sqlite(absl::StrCat("sqlite:", folder, "/articles.db"),
              absl::StrCat("sqlite:", folder, "/metrics.db"));
  Side postgres(argv[2], argv[3]);
  std::printf("| call | SQLite us | PostgreSQL us | ratio |\n|---|---|---|---|\n");
  Compare("get an article, with its text", &Side::Get, 400, sqlite, postgres);
  Compare("list 20 articles of a section", &Side::List, 200, sqlite, postgres);
  Compare("a series of 30 years", &Side::Series, 400, sqlite, postgres);
  Compare("import a page of 4 articles", &Side::Import, 40, sqlite, postgres);
  Compare("record 20 values", &Side::Record, 40, sqlite, postgres);
  return 0;
}
