#include "services/metrics/config.h"

#include "platform/base/error.h"
#include "platform/config/options.h"
#include "platform/redis/address.h"
#include "platform/rpc/target.h"

namespace cityinfo::metrics {
namespace {

absl::Status CheckRedis(absl::string_view text) {
  if (text.empty()) return absl::OkStatus();
  const absl::Status status = redis::ParseAddress(text).status();
  if (status.ok()) return status;
  return absl::InvalidArgumentError(base::FieldViolations(status).front().description);
}

void DeclareArticles(config::Options& options, Config* config) {
  options.Checked("articles", "CITYINFO_METRICS_ARTICLES", &config->articles,
                  rpc::CheckOptionalTarget,
                  "The articles service whose figures are harvested: host:port, ip:port,ip:port or "
                  "dns:///name:port; empty: none are");
}

void DeclareCaches(config::Options& options, Config* config) {
  options.Int("memory-cache-mb", "CITYINFO_METRICS_MEMORY_CACHE_MB", &config->memory_cache_mb,
              {1, 65'536}, "Megabytes of answers kept in the process");
  options.Checked("redis", "CITYINFO_METRICS_REDIS", &config->redis, CheckRedis,
                  "The Redis that caches answers: host:port, or sentinel://h:p,h:p/master-name for "
                  "the one that Sentinel names; empty: none");
  options.String("redis-password-file", "CITYINFO_METRICS_REDIS_PASSWORD_FILE",
                 &config->redis_password_file, "File that holds the password of that Redis alone");
  options.Duration("redis-timeout", "CITYINFO_METRICS_REDIS_TIMEOUT", &config->redis_timeout,
                   {absl::Milliseconds(1), absl::Seconds(1)},
                   "Longest a request waits for Redis; later is a miss");
  options.Duration("redis-ttl", "CITYINFO_METRICS_REDIS_TTL", &config->redis_ttl,
                   {absl::Seconds(1), absl::Hours(24 * 30)}, "How long Redis keeps an answer");
  options.Together([config] {
    if (config->redis_password_file.empty() || !config->redis.empty()) return absl::OkStatus();
    return base::InvalidArgument("--redis-password-file", "is given without --redis",
                                 "INVALID_SETTING");
  });
}

}  // namespace

std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config) {
  const std::string env = "CITYINFO_METRICS_";
  config::Options options("cityinfo-metrics",
                          "Keeps a city's official figures: harvests them from articles, answers "
                          "questions about them.");
  host::Declare(env, &config->service, &options);
  host::Declare(env, "metrics", &config->store, &options);
  DeclareArticles(options, config);
  DeclareCaches(options, config);
  host::Declare(env, &config->process, &options);
  return options.ParseMain(argc, argv);
}

}  // namespace cityinfo::metrics
