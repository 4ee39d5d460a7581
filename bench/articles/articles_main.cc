// An archive of a million articles: import, search, get and list, each beside its baseline.
//   cityinfo-bench-articles --bin-dir DIR --folder DIR --news FILE [--articles N]
// See bench/articles/run. Prints Markdown.
#include <algorithm>
#include <cstdio>

#include "absl/strings/str_split.h"
#include "bench/articles/call_cost.h"
#include "bench/articles/import_run.h"
#include "bench/articles/relevance_run.h"
#include "bench/articles/search_run.h"
#include "bench/baseline/must.h"
#include "platform/config/options.h"

namespace {

struct Config {
  std::string bin_dir, folder, news;
  std::string parts = "import,groonga,search,calls,relevance";
  int64_t articles = 20'000;
  int queries = 100;
  int rounds = 3;
  int days = 15 * 365;
  int seed = 4;
  bool shuffled_days = false;
};

std::optional<int> ParseConfig(int argc, char** argv, Config* config) {
  cityinfo::config::Options options("cityinfo-bench-articles", "Measures the articles service.");
  const auto env = [](const char* name) { return absl::StrCat("CITYINFO_BENCH_", name); };
  options.Path("bin-dir", env("BIN_DIR"), &config->bin_dir, "Folder of the programs");
  options.Path("folder", env("FOLDER"), &config->folder, "Empty folder for everything it writes");
  options.Path("news", env("NEWS"), &config->news,
               "Gzipped JSON lines with date, title and paras, which the corpus is grown from");
  options.Int64("articles", env("ARTICLES"), &config->articles, {1000, 10'000'000},
                "Articles of the corpus");
  options.String("parts", env("PARTS"), &config->parts,
                 "What to measure; search and calls need import, groonga belongs to search");
  options.Int("queries", env("QUERIES"), &config->queries, {1, 10'000}, "Questions of each kind");
  options.Int("rounds", env("ROUNDS"), &config->rounds, {1, 100}, "Interleaved rounds");
  options.Int("seed", env("SEED"), &config->seed, {0, 1'000'000}, "Of corpus and questions");
  options.Int(
      "days", env("DAYS"), &config->days, {1, 100'000},
      "Days that the articles are spread over; 5475 x N / 1,000,000 makes them as dense as a "
      "million");
  options.Bool("shuffled-days", env("SHUFFLED_DAYS"), &config->shuffled_days,
               "Import days in random order instead of an archive from its beginning");
  return options.ParseMain(argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace cityinfo::bench;  // NOLINT: a main of a few lines
  Config config;
  if (const std::optional<int> exit_code = ParseConfig(argc, argv, &config)) return *exit_code;
  const std::vector<std::string> parts = absl::StrSplit(config.parts, ',');
  const auto wanted = [&parts](const char* part) {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
  };
  const std::vector<NewsItem> news = Must(ReadNews(config.news));
  const auto seed = static_cast<uint64_t>(config.seed);
  const Corpus corpus(news, {.articles = config.articles,
                             .seed = seed,
                             .days = config.days,
                             .shuffled_days = config.shuffled_days});
  const Setup setup{.bin_dir = config.bin_dir,
                    .folder = config.folder,
                    .news = news,
                    .corpus = corpus,
                    .queries = config.queries,
                    .rounds = config.rounds,
                    .seed = seed};
  std::printf("%lld articles, seed %d\n", static_cast<long long>(corpus.size()), config.seed);
  if (wanted("relevance")) RunRelevance(setup);
  if (wanted("import")) {
    const FilledService filled = RunImport(setup);
    if (wanted("search")) RunSearch(setup, *filled.process, wanted("groonga"));
    if (wanted("calls")) RunCallCost(setup, *filled.process, filled.names);
  }
  return 0;
}
