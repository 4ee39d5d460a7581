#include "services/articles/config.h"

#include "absl/strings/str_cat.h"
#include "platform/config/options.h"

namespace cityinfo::articles {

std::string Config::StoreAddress() const {
  return store.empty() ? absl::StrCat("sqlite:", data_dir, "/articles.db") : store;
}

std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config) {
  config::Options options(
      "cityinfo-articles",
      "Keeps a city's articles: stores, publishes, imports pages, serves the feed.");
  options.HostPort("listen", "CITYINFO_ARTICLES_LISTEN", &config->listen,
                   "Address of the gRPC service, for the private network only; port 0 takes any");
  options.HostPort("admin-listen", "CITYINFO_ARTICLES_ADMIN_LISTEN", &config->admin_listen,
                   "Address of /healthz, /readyz and /metrics; port 0 takes any");
  options.Path("data-dir", "CITYINFO_DATA_DIR", &config->data_dir,
               "Folder of the article store, unless --store says otherwise");
  options.String("store", "CITYINFO_ARTICLES_STORE", &config->store,
                 "Where the articles lie: sqlite:PATH; default articles.db in the data folder");
  options.String("port-file", "CITYINFO_ARTICLES_PORT_FILE", &config->port_file,
                 "File to write the actual ports to, as JSON {\"grpc\":…,\"admin\":…}");
  options.Choice("log-level", "CITYINFO_LOG_LEVEL", &config->log_level,
                 {"debug", "info", "warning", "error"}, "What to log");
  options.Int("io-threads", "CITYINFO_ARTICLES_IO_THREADS", &config->io_threads, {1, 64},
              "Threads that move bytes");
  options.Int("workers", "CITYINFO_ARTICLES_WORKERS", &config->workers, {1, 256},
              "Threads that work on calls");
  options.Int("queue-limit", "CITYINFO_ARTICLES_QUEUE_LIMIT", &config->queue_limit, {1, 100'000},
              "Calls that may wait for a worker");
  options.Int("store-readers", "CITYINFO_ARTICLES_STORE_READERS", &config->store_readers, {1, 256},
              "Connections that read the store at one time");
  options.Int("max-watchers", "CITYINFO_ARTICLES_MAX_WATCHERS", &config->max_watchers, {1, 1024},
              "Streams of the change feed at one time");
  options.Duration("heartbeat", "CITYINFO_ARTICLES_HEARTBEAT", &config->heartbeat,
                   {absl::Milliseconds(50), absl::Minutes(1)},
                   "A watcher hears at least this often that its stream is alive");
  options.Duration(
      "drain-delay", "CITYINFO_DRAIN_DELAY", &config->drain_delay,
      {absl::ZeroDuration(), absl::Minutes(1)},
      "Time between saying not ready and refusing calls, for load balancers to notice");
  options.Duration("shutdown-timeout", "CITYINFO_SHUTDOWN_TIMEOUT", &config->shutdown_timeout,
                   {absl::Milliseconds(100), absl::Minutes(1)},
                   "Time for calls in flight to finish at the end");
  return options.ParseMain(argc, argv);
}

}  // namespace cityinfo::articles
