#include "platform/host/process_options.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/base/host_port.h"

namespace cityinfo::host {
namespace {

absl::Status CheckOtlpEndpoint(absl::string_view text) {
  absl::string_view address = text;
  if (text.empty()) return absl::OkStatus();
  if (absl::ConsumePrefix(&address, "http://")) {
    absl::ConsumeSuffix(&address, "/");
    if (base::ParseHostPort(address).ok()) return absl::OkStatus();
  }
  return absl::InvalidArgumentError("must be http://host:port");
}

void DeclareTls(tls::Files* files, config::Options* options) {
  options->String("tls-cert", "CITYINFO_TLS_CERT", &files->cert,
                  "File of this program's certificate chain (PEM); turns mutual TLS on for its "
                  "gRPC server and its channels; read again when it changes");
  options->String("tls-key", "CITYINFO_TLS_KEY", &files->key,
                  "File of the private key of that certificate (PEM)");
  options->String("tls-ca", "CITYINFO_TLS_CA", &files->ca,
                  "File of the authorities that sign the certificates of peers (PEM)");
  options->Together([files] {
    if (files->none() || files->all()) return absl::OkStatus();
    return base::InvalidArgument("--tls-cert, --tls-key, --tls-ca",
                                 "give all three, or none for plain text", "INVALID_SETTING");
  });
}

}  // namespace

void Declare(const std::string& env_prefix, ProcessOptions* process, config::Options* options) {
  options->HostPort("admin-listen", absl::StrCat(env_prefix, "ADMIN_LISTEN"),
                    &process->admin_listen,
                    "Address of /healthz, /readyz and /metrics; port 0 takes any");
  options->String("port-file", absl::StrCat(env_prefix, "PORT_FILE"), &process->port_file,
                  "File to write the actual ports to, as JSON {\"admin\":…} by their names");
  options->Choice("log-level", "CITYINFO_LOG_LEVEL", &process->log_level,
                  {"debug", "info", "warning", "error"}, "What to log");
  DeclareTls(&process->tls, options);
  options->Checked("otlp-endpoint", "CITYINFO_OTLP_ENDPOINT", &process->otlp_endpoint,
                   CheckOtlpEndpoint,
                   "Where spans are sent by OTLP over HTTP: http://host:4318; empty: nowhere");
  options->Number("trace-sample", "CITYINFO_TRACE_SAMPLE", &process->trace_sample, {0, 1},
                  "Share of the traces begun here that are recorded");
  options->Duration(
      "drain-delay", "CITYINFO_DRAIN_DELAY", &process->drain_delay,
      {absl::ZeroDuration(), absl::Minutes(1)},
      "Time between saying not ready and refusing requests, for load balancers to notice");
  options->Duration("shutdown-timeout", "CITYINFO_SHUTDOWN_TIMEOUT", &process->shutdown_timeout,
                    {absl::Milliseconds(100), absl::Minutes(1)},
                    "Time for requests under way to finish at the end");
  options->Derived("shutdown_limit_seconds", [process] {
    return absl::ToInt64Seconds(absl::Ceil(ShutdownLimit(*process), absl::Seconds(1)));
  });
}

absl::Duration ShutdownLimit(const ProcessOptions& process) {
  return process.drain_delay + kNotReadyLimit + process.shutdown_timeout + kStopMargin +
         kWorkersLimit + process.own_stop_limit + kTelemetryLimit + kExitLimit;
}

}  // namespace cityinfo::host
