#include "services/articles/config.h"

#include "platform/config/options.h"

namespace cityinfo::articles {

std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config) {
  const std::string env = "CITYINFO_ARTICLES_";
  config::Options options(
      "cityinfo-articles",
      "Keeps a city's articles: stores, publishes, imports pages, serves the feed.");
  host::Declare(env, &config->service, &options);
  host::Declare(env, "articles", &config->store, &options);
  host::Declare(env, &config->process, &options);
  return options.ParseMain(argc, argv);
}

}  // namespace cityinfo::articles
