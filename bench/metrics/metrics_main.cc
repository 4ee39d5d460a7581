// A statistics office's worth of observations: hits, Redis and its faults, the store, each beside
// its baseline.
//   cityinfo-bench-metrics --bin-dir DIR --folder DIR
// See bench/metrics/run. Prints Markdown.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/baseline/process_figures.h"
#include "bench/baseline/samples.h"
#include "bench/metrics/fault_run.h"
#include "bench/metrics/grown_store.h"
#include "bench/metrics/hit_run.h"
#include "bench/metrics/record_run.h"
#include "bench/metrics/store_run.h"
#include "platform/config/options.h"

namespace {

struct Config {
  std::string bin_dir, folder;
  std::string parts = "record,store,hits,faults";
  int rounds = 3;
};

std::optional<int> ParseConfig(int argc, char** argv, Config* config) {
  cityinfo::config::Options options("cityinfo-bench-metrics", "Measures the metrics service.");
  const auto env = [](const char* name) { return absl::StrCat("CITYINFO_BENCH_", name); };
  options.Path("bin-dir", env("BIN_DIR"), &config->bin_dir, "Folder of the programs");
  options.Path("folder", env("FOLDER"), &config->folder,
               "Folder for everything it writes; a store that is there already is used again");
  options.String("parts", env("PARTS"), &config->parts, "What to measure");
  options.Int("rounds", env("ROUNDS"), &config->rounds, {1, 100}, "Interleaved rounds");
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
  if (wanted("record")) RunRecord(config.folder + "/record");
  if (parts == std::vector<std::string>{"record"}) return 0;
  const cityinfo::metrics::Catalogue& catalogue = cityinfo::metrics::Catalogue::Embedded();
  const std::string store = absl::StrCat(config.folder, "/metrics.db");
  std::printf("%zu indicators, %zu places\n", catalogue.indicators().size(),
              catalogue.places().size());
  if (!std::filesystem::exists(store)) {
    const Stopwatch watch;
    const int64_t observations = GrowStore(store, catalogue);
    std::printf("%lld observations, made in %.0f s, %lld MB\n",
                static_cast<long long>(observations), watch.Seconds(),
                static_cast<long long>(BytesOnDisk(store) >> 20));
    std::fflush(stdout);
  }
  const QuestionMix questions(catalogue);
  const Setup setup{.bin_dir = config.bin_dir,
                    .folder = config.folder,
                    .store = store,
                    .questions = questions,
                    .rounds = config.rounds};
  if (wanted("store")) RunStore(setup);
  if (wanted("hits")) RunHits(setup);
  if (wanted("faults")) RunFaults(setup);
  return 0;
}
