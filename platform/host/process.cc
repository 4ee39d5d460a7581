#include "platform/host/process.h"

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/host_port.h"
#include "platform/base/status_macros.h"
#include "platform/lifecycle/port_file.h"
#include "platform/log/log.h"
#include "platform/telemetry/process_metrics.h"

namespace cityinfo::host {

absl::StatusOr<std::unique_ptr<Process>> Process::Create(const std::string& service,
                                                         const ProcessOptions& options) {
  std::unique_ptr<Process> process(new Process(service, options));
  telemetry::ReportProcess(process->metrics_, service);
  CITY_ASSIGN_OR_RETURN(process->shutdown_,
                        lifecycle::Shutdown::Create({.hard_limit = ShutdownLimit(options)}));
  process->starting_ = process->shutdown_->WhileStarting();
  log::Info("starting");
  if (options.tls.all()) {
    CITY_ASSIGN_OR_RETURN(process->tls_, rpc::TlsCredentials::Load(options.tls, process->metrics_));
  }
  if (!options.otlp_endpoint.empty()) {
    CITY_ASSIGN_OR_RETURN(
        process->exporter_,
        telemetry::SpanExporter::Start(
            {.endpoint = options.otlp_endpoint, .service = service, .sample = options.trace_sample},
            process->metrics_));
  }
  return process;
}

Process::Process(const std::string& service, const ProcessOptions& options)
    : service_(service), options_(options) {}

Process::~Process() = default;

std::shared_ptr<grpc::Channel> Process::Dial(absl::string_view target,
                                             rpc::ChannelOptions options) {
  options.tls = tls_.get();
  return rpc::MakeChannel(target, options);
}

absl::Status Process::Announce(Ports ports) {
  absl::Duration own_steps;
  for (const lifecycle::Shutdown::NamedStep& step : own_steps_) own_steps += step.limit;
  if (own_steps > options_.own_stop_limit) {
    return base::Internal("SHUTDOWN_LIMIT", "the steps of the shutdown exceed own_stop_limit");
  }
  CITY_ASSIGN_OR_RETURN(const base::HostPort admin,
                        base::ParseHostPort(options_.admin_listen, "--admin-listen"));
  CITY_ASSIGN_OR_RETURN(
      admin_,
      health::AdminServer::Start({.address = admin.host, .port = admin.port}, health_, metrics_));
  ports.emplace_back("admin", admin_->port());
  starting_.reset();
  CITY_RETURN_IF_ERROR(lifecycle::WritePortFile(options_.port_file, ports));
  log::Info("serving", {{"ports", absl::StrJoin(ports, ", ", absl::PairFormatter(" "))},
                        {"tls", tls_ != nullptr}});
  return absl::OkStatus();
}

void Process::AddStop(absl::string_view name, absl::Duration limit, Step step) {
  own_steps_.push_back({std::string(name), limit, std::move(step)});
}

void Process::PlanTheEnd() {
  shutdown_->AddStep("say not ready", options_.drain_delay + kNotReadyLimit, [this](absl::Time) {
    health_.StartDraining();
    if (ending_.begin_drain) ending_.begin_drain();
    absl::SleepFor(options_.drain_delay);
    return absl::OkStatus();
  });
  if (ending_.finish_requests) {
    shutdown_->AddStep(
        "finish requests", options_.shutdown_timeout + kStopMargin,
        [this](absl::Time deadline) { return ending_.finish_requests(deadline - kStopMargin); });
  }
  if (ending_.stop_workers) shutdown_->AddStep("stop workers", kWorkersLimit, ending_.stop_workers);
  for (lifecycle::Shutdown::NamedStep& step : own_steps_) shutdown_->AddStep(std::move(step));
  shutdown_->AddStep("send the last spans", kTelemetryLimit, [this](absl::Time deadline) {
    if (exporter_ != nullptr) exporter_->Stop(deadline - absl::Milliseconds(500));
    admin_.reset();
    return absl::OkStatus();
  });
}

int Process::RunUntilSignal() {
  PlanTheEnd();
  log::Info("stopping", {{"reason", shutdown_->WaitForSignal()},
                         {"limit", absl::FormatDuration(ShutdownLimit(options_))}});
  return shutdown_->Run();
}

}  // namespace cityinfo::host
