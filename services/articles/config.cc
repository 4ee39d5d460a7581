#include "services/articles/config.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/config/options.h"

namespace cityinfo::articles {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24 * 3660);  // Ten years.
// A request_id finds its first answer in the change feed.
constexpr absl::Duration kRequestIdsRemembered = absl::Hours(24);

}  // namespace

std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config) {
  const std::string env = "CITYINFO_ARTICLES_";
  config::Options options(
      "cityinfo-articles",
      "Keeps a city's articles: stores, publishes, imports pages, serves the feed.");
  host::Declare(env, &config->service, &options);
  host::Declare(env, "articles", &config->store, &options);
  options.Duration("purge-deleted-after", env + "PURGE_DELETED_AFTER", &config->purge_deleted_after,
                   {absl::Hours(1), kLongest},
                   "A deleted article can be undeleted for so long; then it is removed for good");
  options.Duration("change-retention", env + "CHANGE_RETENTION", &config->change_retention,
                   {kRequestIdsRemembered, kLongest},
                   "The change feed keeps every change for so long, then only the newest of each "
                   "article; whoever follows it and stays away longer begins anew");
  options.String(
      "search-index", env + "SEARCH_INDEX", &config->search_index,
      "File of the search index, which is built again when it is lost; each replica needs "
      "its own; default: beside a SQLite store, else articles-search.db in the data "
      "folder");
  options.Int("memory-cache-mb", env + "MEMORY_CACHE_MB", &config->memory_cache_mb, {1, 65'536},
              "Megabytes of answers kept in the process");
  host::Declare(env, &config->process, &options);
  options.Together([config]() -> absl::Status {
    const std::string store = host::ToDatabaseOptions(config->store, "articles").store;
    if (store != "sqlite:" + config->search_index) return absl::OkStatus();
    return base::InvalidArgument("--search-index", "names the store's own file", "INVALID_SETTING");
  });
  return options.ParseMain(argc, argv);
}

std::string SearchIndexPath(const Config& config) {
  if (!config.search_index.empty()) return config.search_index;
  const std::string address = host::ToDatabaseOptions(config.store, "articles").store;
  absl::string_view file = address;
  if (!absl::ConsumePrefix(&file, "sqlite:")) {
    return absl::StrCat(config.store.data_dir, "/articles-search.db");
  }
  absl::ConsumeSuffix(&file, ".db");
  return absl::StrCat(file, "-search.db");
}

}  // namespace cityinfo::articles
