#include "services/gateway/config.h"

#include "platform/config/options.h"
#include "platform/rpc/target.h"
#include "services/gateway/edge/client_address.h"
#include "services/gateway/feeds/public_url.h"

namespace cityinfo::gateway {
namespace {

constexpr config::Options::DurationRange kTimeout = {absl::Milliseconds(10), absl::Minutes(10)};
constexpr config::Options::DurationRange kDelay = {absl::ZeroDuration(), absl::Minutes(10)};

void DeclareAddresses(GatewayConfig* config, config::Options* options) {
  options->HostPort("listen", "CITYINFO_GATEWAY_LISTEN", &config->listen,
                    "Where the public is served; port 0 takes any");
  options->Checked("articles", "CITYINFO_GATEWAY_ARTICLES", &config->articles, rpc::CheckTarget,
                   "The articles service: host:port, ip:port,ip:port or dns:///name:port");
  options->Checked("metrics", "CITYINFO_GATEWAY_METRICS", &config->metrics, rpc::CheckTarget,
                   "The metrics service, in the same form");
}

void DeclareCredentials(auth::Credentials::Options* credentials, config::Options* options) {
  auth::TokenRules& rules = credentials->token_rules;
  options->String("keys", "CITYINFO_GATEWAY_KEYS", &credentials->key_file,
                  "File of API keys, one name:role:sha256 per line; read again when it changes. "
                  "Without keys and tokens nobody may write");
  options->String("token-keys", "CITYINFO_GATEWAY_TOKEN_KEYS", &credentials->key_set,
                  "File of the public keys (JWKS) of whoever issues tokens (JWT); read again when "
                  "it changes");
  options->String("token-issuer", "CITYINFO_GATEWAY_TOKEN_ISSUER", &rules.issuer,
                  "What tokens must have as issuer (iss)");
  options->String("token-audience", "CITYINFO_GATEWAY_TOKEN_AUDIENCE", &rules.audience,
                  "What tokens must have in their audience (aud)");
  options->String("token-role-claim", "CITYINFO_GATEWAY_TOKEN_ROLE_CLAIM", &rules.role_claim,
                  "The claim of a token that names a role or a list of roles");
  options->Duration("token-skew", "CITYINFO_GATEWAY_TOKEN_SKEW", &rules.skew,
                    {absl::ZeroDuration(), absl::Minutes(10)},
                    "By how much the issuer's clock may differ");
  options->Together([credentials]() -> absl::Status {
    const auth::TokenRules& rules = credentials->token_rules;
    if (credentials->key_set.empty() || (!rules.issuer.empty() && !rules.audience.empty())) {
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        "--token-keys needs --token-issuer and --token-audience: a token for anybody by anybody "
        "opens nothing");
  });
}

void DeclareRates(GatewayConfig* config, config::Options* options) {
  constexpr config::Options::NumberRange kRate = {0, 1e6};
  options->Number("key-rate", "CITYINFO_GATEWAY_KEY_RATE", &config->key_rate.per_second, kRate,
                  "Requests a second of one key or token; 0 sets no limit");
  options->Int("key-burst", "CITYINFO_GATEWAY_KEY_BURST", &config->key_rate.burst, {1, 1'000'000},
               "Requests of one key or token at once, after a rest");
  options->Number("address-rate", "CITYINFO_GATEWAY_ADDRESS_RATE", &config->address_rate.per_second,
                  kRate,
                  "Requests a second of one address (IPv6: of its /64) without a good key; 0 sets "
                  "no limit");
  options->Int("address-burst", "CITYINFO_GATEWAY_ADDRESS_BURST", &config->address_rate.burst,
               {1, 1'000'000}, "Requests of one address at once, after a rest");
  options->Checked(
      "trusted-proxies", "CITYINFO_GATEWAY_TRUSTED_PROXIES", &config->trusted_proxies,
      [](absl::string_view text) { return TrustedProxies::Parse(text).status(); },
      "Networks of the proxies in front, whose X-Forwarded-For is believed: 10.0.0.0/8,fd00::/8");
}

void DeclareCity(GatewayConfig* config, config::Options* options) {
  options->String("place", "CITYINFO_GATEWAY_PLACE", &config->place,
                  "Code of the city that is meant when a request names no place");
  options->Checked("public-url", "CITYINFO_GATEWAY_PUBLIC_URL", &config->public_url, CheckPublicUrl,
                   "Where the public reaches this gateway, for links in feeds: "
                   "https://city.example; without it they are relative or left out");
  options->String("headlines", "CITYINFO_GATEWAY_HEADLINES", &config->headlines,
                  "Indicators of the home screen in their order, separated by commas");
}

void DeclareTimes(GatewayConfig* config, config::Options* options) {
  options->Duration("request-timeout", "CITYINFO_GATEWAY_REQUEST_TIMEOUT", &config->request_timeout,
                    kTimeout, "For answering a request once it has arrived");
  options->Duration("section-timeout", "CITYINFO_GATEWAY_SECTION_TIMEOUT", &config->section_timeout,
                    kTimeout, "For one section of a composed answer");
  options->Duration("header-timeout", "CITYINFO_GATEWAY_HEADER_TIMEOUT",
                    &config->limits.header_timeout, kTimeout,
                    "For the header of a request to arrive");
  options->Duration("body-timeout", "CITYINFO_GATEWAY_BODY_TIMEOUT", &config->limits.body_timeout,
                    kTimeout, "For the body of a request to arrive");
  options->Duration("write-timeout", "CITYINFO_GATEWAY_WRITE_TIMEOUT",
                    &config->limits.write_timeout, kTimeout,
                    "For an answer to be taken by the client");
  options->Duration("idle-timeout", "CITYINFO_GATEWAY_IDLE_TIMEOUT", &config->limits.idle_timeout,
                    kTimeout, "For a connection to wait between requests");
  options->Duration("public-max-age", "CITYINFO_GATEWAY_PUBLIC_MAX_AGE", &config->public_max_age,
                    kDelay, "How long caches may keep public answers");
}

// The targets of the integer options, which are of other types in the limits.
struct LimitTargets {
  int64_t header_bytes;
  int64_t target_bytes;
  int64_t body_bytes;
  int64_t buffered_body_bytes;
};

void DeclareLimits(GatewayConfig* config, LimitTargets* targets, config::Options* options) {
  options->Int("io-threads", "CITYINFO_GATEWAY_IO_THREADS", &config->io_threads, {1, 64},
               "Threads that move bytes");
  options->Int("max-connections", "CITYINFO_GATEWAY_MAX_CONNECTIONS", &config->limits.connections,
               {1, 1'000'000}, "Open connections; more are refused with 503");
  options->Int64("max-header-bytes", "CITYINFO_GATEWAY_MAX_HEADER_BYTES", &targets->header_bytes,
                 {1024, 1 << 20}, "Request line and fields of one request");
  options->Int64("max-target-bytes", "CITYINFO_GATEWAY_MAX_TARGET_BYTES", &targets->target_bytes,
                 {256, 1 << 20}, "Path and query of one request");
  options->Int64("max-body-bytes", "CITYINFO_GATEWAY_MAX_BODY_BYTES", &targets->body_bytes,
                 {1024, 64 << 20}, "Body of one request");
  options->Int64("max-buffered-body-bytes", "CITYINFO_GATEWAY_MAX_BUFFERED_BODY_BYTES",
                 &targets->buffered_body_bytes, {1 << 20, int64_t{64} << 30},
                 "Bodies of all requests at one time");
}

}  // namespace

std::optional<int> ReadConfig(int argc, const char* const* argv, GatewayConfig* config) {
  config::Options options("cityinfo-gateway",
                          "The one door of the city: HTTP and JSON in front of its services.");
  HttpLimits& limits = config->limits;
  LimitTargets targets = {
      static_cast<int64_t>(limits.header_bytes), static_cast<int64_t>(limits.target_bytes),
      static_cast<int64_t>(limits.body_bytes), static_cast<int64_t>(limits.buffered_body_bytes)};
  DeclareAddresses(config, &options);
  DeclareCredentials(&config->credentials, &options);
  DeclareRates(config, &options);
  DeclareCity(config, &options);
  DeclareTimes(config, &options);
  DeclareLimits(config, &targets, &options);
  host::Declare("CITYINFO_GATEWAY_", &config->process, &options);
  const std::optional<int> exit_code = options.ParseMain(argc, argv);
  limits.header_bytes = static_cast<size_t>(targets.header_bytes);
  limits.target_bytes = static_cast<size_t>(targets.target_bytes);
  limits.body_bytes = static_cast<size_t>(targets.body_bytes);
  limits.buffered_body_bytes = static_cast<size_t>(targets.buffered_body_bytes);
  return exit_code;
}

}  // namespace cityinfo::gateway
