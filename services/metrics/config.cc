#include "services/metrics/config.h"

#include "absl/strings/str_cat.h"
#include "platform/config/options.h"

namespace cityinfo::metrics {
namespace {

void DeclareAddresses(config::Options& options, Config* config) {
  options.HostPort("listen", "CITYINFO_METRICS_LISTEN", &config->listen,
                   "Address of the gRPC service, for the private network only; port 0 takes any");
  options.HostPort("admin-listen", "CITYINFO_METRICS_ADMIN_LISTEN", &config->admin_listen,
                   "Address of /healthz, /readyz and /metrics; port 0 takes any");
  options.Path("data-dir", "CITYINFO_DATA_DIR", &config->data_dir,
               "Folder of the metrics store, unless --store says otherwise");
  options.String("store", "CITYINFO_METRICS_STORE", &config->store,
                 "Where the figures lie: sqlite:PATH; default metrics.db in the data folder");
  options.String("articles", "CITYINFO_METRICS_ARTICLES", &config->articles,
                 "Address of the articles service whose figures are harvested; empty: none are");
  options.HostPort("redis", "CITYINFO_METRICS_REDIS", &config->redis,
                   "Address of the Redis that caches answers; empty: none");
  options.Secret("redis-password", "CITYINFO_METRICS_REDIS_PASSWORD", &config->redis_password,
                 "Password of that Redis");
  options.String("port-file", "CITYINFO_METRICS_PORT_FILE", &config->port_file,
                 "File to write the actual ports to, as JSON {\"grpc\":…,\"admin\":…}");
}

void DeclareBounds(config::Options& options, Config* config) {
  options.Int("io-threads", "CITYINFO_METRICS_IO_THREADS", &config->io_threads, {1, 64},
              "Threads that move bytes");
  options.Int("workers", "CITYINFO_METRICS_WORKERS", &config->workers, {1, 256},
              "Threads that work on calls");
  options.Int("queue-limit", "CITYINFO_METRICS_QUEUE_LIMIT", &config->queue_limit, {1, 100'000},
              "Calls that may wait for a worker");
  options.Int("store-readers", "CITYINFO_METRICS_STORE_READERS", &config->store_readers, {1, 256},
              "Connections that read the store at one time");
  options.Int("max-watchers", "CITYINFO_METRICS_MAX_WATCHERS", &config->max_watchers, {1, 1024},
              "Streams of the change feed at one time");
  options.Int("memory-cache-mb", "CITYINFO_METRICS_MEMORY_CACHE_MB", &config->memory_cache_mb,
              {1, 65'536}, "Megabytes of answers kept in the process");
  options.Duration("redis-timeout", "CITYINFO_METRICS_REDIS_TIMEOUT", &config->redis_timeout,
                   {absl::Milliseconds(1), absl::Seconds(1)},
                   "Longest a request waits for Redis; later is a miss");
  options.Duration("redis-ttl", "CITYINFO_METRICS_REDIS_TTL", &config->redis_ttl,
                   {absl::Seconds(1), absl::Hours(24 * 30)}, "How long Redis keeps an answer");
  options.Duration("heartbeat", "CITYINFO_METRICS_HEARTBEAT", &config->heartbeat,
                   {absl::Milliseconds(50), absl::Minutes(1)},
                   "A watcher hears at least this often that its stream is alive");
  options.Duration(
      "drain-delay", "CITYINFO_DRAIN_DELAY", &config->drain_delay,
      {absl::ZeroDuration(), absl::Minutes(1)},
      "Time between saying not ready and refusing calls, for load balancers to notice");
  options.Duration("shutdown-timeout", "CITYINFO_SHUTDOWN_TIMEOUT", &config->shutdown_timeout,
                   {absl::Milliseconds(100), absl::Minutes(1)},
                   "Time for calls in flight to finish at the end");
}

}  // namespace

std::string Config::StoreAddress() const {
  return store.empty() ? absl::StrCat("sqlite:", data_dir, "/metrics.db") : store;
}

std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config) {
  config::Options options("cityinfo-metrics",
                          "Keeps a city's official figures: harvests them from articles, answers "
                          "questions about them.");
  DeclareAddresses(options, config);
  options.Choice("log-level", "CITYINFO_LOG_LEVEL", &config->log_level,
                 {"debug", "info", "warning", "error"}, "What to log");
  DeclareBounds(options, config);
  return options.ParseMain(argc, argv);
}

}  // namespace cityinfo::metrics
