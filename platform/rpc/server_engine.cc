#include "platform/rpc/server_engine.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "platform/base/error.h"
#include "platform/concurrency/worker_pool.h"
#include "platform/health/health.h"
#include "platform/log/log.h"
#include "platform/rpc/byte_buffer.h"
#include "platform/rpc/server_call.h"

namespace cityinfo::rpc {
namespace {

// Calls the server is ready to take at any moment, per queue. More only cost memory: each call
// taken is replaced at once.
constexpr int kReadyCalls = 64;

// How long streams have to end by themselves before they are cancelled.
constexpr absl::Duration kStreamGrace = absl::Milliseconds(500);

// Callers that watch our health have gone when none has come for the first of these, which is
// longer than an idle client takes to listen (library_setup.cc); who still comes after the second
// does not watch.
constexpr absl::Duration kQuiet = absl::Milliseconds(250);
constexpr absl::Duration kLongestFarewell = absl::Seconds(1);

// Clients that watch our health at one time, one per connection.
constexpr int kMaxHealthWatches = 4096;

constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";
constexpr char kHealthWatch[] = "/grpc.health.v1.Health/Watch";
// The name that probes ask Check about to know whether the process answers at all.
constexpr char kLiveness[] = "liveness";

// grpc.health.v1.HealthCheckRequest {string service = 1} and HealthCheckResponse {ServingStatus
// status = 1} are, on the wire, the well-known StringValue and Int32Value.
enum HealthStatus : int { kServing = 1, kNotServing = 2, kServiceUnknown = 3 };

grpc::ByteBuffer HealthMessage(HealthStatus status) {
  google::protobuf::Int32Value message;
  message.set_value(status);
  grpc::ByteBuffer bytes;
  Serialize(message, &bytes);
  return bytes;
}

HealthStatus StatusOf(bool serving) { return serving ? kServing : kNotServing; }

int Millis(absl::Duration duration) {
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(duration), 1, std::numeric_limits<int>::max()));
}

// "/a.b.Service/Method" -> "a.b.Service.Method"; empty when it is no such name.
std::string DescriptorName(absl::string_view method) {
  if (!absl::StartsWith(method, "/") || method.find('/', 1) == absl::string_view::npos) return "";
  return absl::StrReplaceAll(method.substr(1), {{"/", "."}});
}

std::string ServiceName(absl::string_view method) {
  return std::string(method.substr(1, method.find('/', 1) - 1));
}

const google::protobuf::MethodDescriptor* FindInProtos(absl::string_view method) {
  const std::string name = DescriptorName(method);
  if (name.empty()) return nullptr;
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
}

}  // namespace

ServerEngine::ServerEngine(ServerOptions options, concurrency::WorkerPool& pool,
                           health::Health& health, telemetry::Metrics& metrics)
    : options_(std::move(options)),
      pool_(pool),
      health_(health),
      telemetry_(metrics),
      watchers_(options_.max_watchers),
      client_streams_(options_.max_client_streams) {}

ServerEngine::~ServerEngine() { (void)Shutdown(absl::Now()); }

void ServerEngine::Add(Method method) {
  methods_.push_back(std::make_unique<Method>(std::move(method)));
}

absl::Status ServerEngine::CheckAgainstProtos(const Method& method) {
  if (method.request_type == nullptr) return absl::OkStatus();
  const google::protobuf::MethodDescriptor* known = FindInProtos(method.name);
  const auto refuse = [&](absl::string_view why) {
    return base::FailedPrecondition("BAD_METHOD", absl::StrCat(method.name, " ", why));
  };
  if (known == nullptr) return refuse("is not in the protos of this program");
  if (known->input_type() != method.request_type) {
    return refuse(absl::StrCat("takes ", known->input_type()->full_name(), ", not ",
                               method.request_type->full_name()));
  }
  if (known->output_type() != method.response_type) {
    return refuse(absl::StrCat("answers ", known->output_type()->full_name(), ", not ",
                               method.response_type->full_name()));
  }
  if (known->client_streaming() != (method.client_stream != nullptr) ||
      known->server_streaming() != (method.stream != nullptr)) {
    return refuse("is registered as another kind of call than its proto says");
  }
  return absl::OkStatus();
}

absl::Status ServerEngine::BuildTable() {
  AddHealthMethods();
  for (const std::unique_ptr<Method>& method : methods_) {
    if (absl::Status status = CheckAgainstProtos(*method); !status.ok()) return status;
    Entry entry{.method = method.get(),
                .metrics = std::make_unique<RpcMetrics>(telemetry_, method->name)};
    if (!table_.emplace(method->name, std::move(entry)).second) {
      return base::FailedPrecondition("BAD_METHOD",
                                      absl::StrCat(method->name, " is registered twice"));
    }
    services_.insert(ServiceName(method->name));
  }
  // One series for all unknown names: what a caller writes must not become a label.
  unknown_.metrics = std::make_unique<RpcMetrics>(telemetry_, "unknown");
  return absl::OkStatus();
}

absl::StatusOr<int> ServerEngine::Start() {
  if (absl::Status status = BuildTable(); !status.ok()) return status;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(
      options_.address,
      options_.credentials != nullptr ? options_.credentials : grpc::InsecureServerCredentials(),
      &port);
  builder.SetMaxReceiveMessageSize(options_.max_request_bytes);
  builder.SetMaxSendMessageSize(options_.max_response_bytes);
  // Two programs on one port would share its calls at random.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Clients of quiet streams may ask every few seconds whether we live (channel.h).
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // And we ask them, so that a stream whose reader vanished without a word does not stay.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  if (options_.max_connection_age != absl::InfiniteDuration()) {
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Millis(options_.max_connection_age));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                               Millis(options_.max_connection_age_grace));
  }
  builder.RegisterAsyncGenericService(&service_);
  for (int i = 0; i < std::max(options_.io_threads, 1); ++i) {
    queues_.push_back(builder.AddCompletionQueue());
  }
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    server_.reset();
    for (auto& queue : queues_) queue->Shutdown();
    for (auto& queue : queues_) RunQueue(*queue);
    queues_.clear();
    return base::Unavailable("ADDRESS_IN_USE",
                             absl::StrCat("cannot listen on ", options_.address,
                                          ": the port is taken, or the address is not ours"));
  }
  for (auto& queue : queues_) {
    for (int i = 0; i < kReadyCalls; ++i) AcceptNext(*queue);
    threads_.emplace_back([&queue = *queue] { RunQueue(queue); });
  }
  health_changes_ = health_.Subscribe([this](bool able) { AnnounceHealth(able); });
  return port;
}

void ServerEngine::RunQueue(grpc::ServerCompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) static_cast<ServerCall::Tag*>(tag)->Run(ok);
}

absl::Status ServerEngine::Shutdown(absl::Time deadline) {
  absl::MutexLock one_at_a_time(&shutdown_mutex_);
  {
    absl::MutexLock lock(&mutex_);
    if (server_ == nullptr || shut_down_) return absl::OkStatus();
    shut_down_ = true;
  }
  LeaveRotation(deadline);
  stopping_ = true;
  EndStreams(std::min(deadline, absl::Now() + kStreamGrace));
  bool in_time = false;
  {
    absl::MutexLock lock(&mutex_);
    in_time = mutex_.AwaitWithDeadline(absl::Condition(this, &ServerEngine::IsIdle), deadline);
  }
  // Stops listening, tells connections to go and cancels what is left; handlers see it and return,
  // and until they have, gRPC's queues must stay. Not sooner: from here on gRPC answers calls that
  // were on their way with CANCELLED, and it would wait for the connections of clients that are
  // idle and do not listen.
  server_->Shutdown(absl::ToChronoTime(absl::Now()));
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &ServerEngine::HasNoCalls));
  }
  for (auto& queue : queues_) queue->Shutdown();
  threads_.clear();
  watchers_.AwaitNone(absl::InfiniteFuture());
  client_streams_.AwaitNone(absl::InfiniteFuture());
  if (in_time) return absl::OkStatus();
  return base::DeadlineExceeded("calls in flight had to be cancelled");
}

void ServerEngine::LeaveRotation(absl::Time deadline) {
  // From here on only NOT_SERVING is said.
  health_changes_ = {};
  AnnounceHealth(false);
  absl::MutexLock lock(&mutex_);
  if (health_watches_.empty()) return;
  const absl::Time end = std::min(deadline, absl::Now() + kLongestFarewell);
  int64_t seen = arrivals_;
  const auto another_came = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return arrivals_ != seen; };
  while (mutex_.AwaitWithDeadline(absl::Condition(&another_came),
                                  std::min(end, absl::Now() + kQuiet)) &&
         absl::Now() < end) {
    seen = arrivals_;
  }
}

void ServerEngine::EndStreams(absl::Time deadline) {
  const auto for_each_stream = [this](void (ServerCall::*tell)()) {
    std::set<std::shared_ptr<ServerCall>> streams;
    {
      absl::MutexLock lock(&mutex_);
      streams = streams_;
    }
    for (const std::shared_ptr<ServerCall>& call : streams) (call.get()->*tell)();
  };
  for_each_stream(&ServerCall::EndStream);
  const bool watchers_ended = watchers_.AwaitNone(deadline);
  if (!client_streams_.AwaitNone(deadline) || !watchers_ended) for_each_stream(&ServerCall::Abort);
}

const ServerEngine::Entry& ServerEngine::Find(const std::string& method) const {
  const auto it = table_.find(method);
  return it == table_.end() ? unknown_ : it->second;
}

absl::Status ServerEngine::NotAvailable(absl::string_view method) const {
  const google::protobuf::MethodDescriptor* known = FindInProtos(method);
  if (known == nullptr) return base::Unimplemented("there is no such method", "UNKNOWN_METHOD");
  return base::Unimplemented(absl::StrCat(known->name(), " is not available yet"));
}

void ServerEngine::AcceptNext(grpc::ServerCompletionQueue& queue) {
  ServerCall::Accept(*this, service_, queue);
}

absl::Status ServerEngine::Admit(const Method* method) {
  absl::MutexLock lock(&mutex_);
  ++in_flight_;
  ++arrivals_;
  if (stopping_) return base::Unavailable("SERVER_STOPPING", "the service is stopping");
  const int watching = static_cast<int>(health_watches_.size());
  if (method != nullptr && method->watches_health) {
    if (watching < kMaxHealthWatches) return absl::OkStatus();
    // To clients this means: take it to be well.
    return base::Unimplemented("too many watch our health", "TOO_MANY_WATCHERS");
  }
  // Those who only watch take nothing away from those who call.
  if (in_flight_ - watching > options_.max_concurrent_calls) {
    return base::ResourceExhausted("TOO_MANY_CALLS", "too many calls at once; try again later");
  }
  return absl::OkStatus();
}

void ServerEngine::Enter() {
  absl::MutexLock lock(&mutex_);
  ++calls_;
}

void ServerEngine::Leave(bool in_flight) {
  absl::MutexLock lock(&mutex_);
  --calls_;
  if (in_flight) --in_flight_;
}

absl::Status ServerEngine::Submit(absl::AnyInvocable<void(absl::Status)> task, absl::Time deadline,
                                  std::shared_ptr<const std::atomic<bool>> cancelled) {
  return pool_.TrySubmit(std::move(task), deadline,
                         [cancelled = std::move(cancelled)] { return cancelled->load(); });
}

bool ServerEngine::StartWatcher(const std::shared_ptr<ServerCall>& call,
                                std::function<void()> work) {
  return StartStream(call, std::move(work), watchers_);
}

bool ServerEngine::StartClientStream(const std::shared_ptr<ServerCall>& call,
                                     std::function<void()> work) {
  return StartStream(call, std::move(work), client_streams_);
}

bool ServerEngine::StartStream(const std::shared_ptr<ServerCall>& call, std::function<void()> work,
                               ServerWatchers& threads) {
  {
    absl::MutexLock lock(&mutex_);
    streams_.insert(call);
  }
  if (!threads.Start(std::move(work))) {
    StreamEnded(*call);
    return false;
  }
  // Whoever comes after Shutdown has looked at the streams must be told by us.
  if (stopping_) call->EndStream();
  return true;
}

void ServerEngine::StreamEnded(ServerCall& call) {
  const std::shared_ptr<ServerCall> self = call.shared_from_this();
  absl::MutexLock lock(&mutex_);
  streams_.erase(self);
  health_watches_.erase(self);
}

void ServerEngine::AddHealthMethods() {
  Add(Method{.name = kHealthCheck,
             .options = {.run_inline = true},
             .unary = [this](const RequestContext&, const grpc::ByteBuffer& request) {
               return CheckHealth(request);
             }});
  Add(Method{.name = kHealthWatch, .watches_health = true});
}

std::optional<bool> ServerEngine::ComponentIsOk(absl::string_view name) const {
  for (const health::Component& component : health_.GetSnapshot().components) {
    if (component.name == name) return component.state == health::State::kOk;
  }
  return std::nullopt;
}

absl::StatusOr<grpc::ByteBuffer> ServerEngine::CheckHealth(const grpc::ByteBuffer& request) const {
  google::protobuf::StringValue service;
  if (!Parse(request, &service)) {
    return base::InvalidArgument("service", "is not a HealthCheckRequest");
  }
  bool serving = health_.Ready() && !stopping_;
  if (service.value() == kLiveness) {
    serving = true;
  } else if (!service.value().empty() && !services_.contains(service.value())) {
    const std::optional<bool> component = ComponentIsOk(service.value());
    if (!component.has_value()) return base::NotFound("service", service.value());
    serving = *component;
  }
  return HealthMessage(StatusOf(serving));
}

void ServerEngine::WatchHealth(const std::shared_ptr<ServerCall>& call,
                               const grpc::ByteBuffer& request) {
  google::protobuf::StringValue service;
  const bool known =
      Parse(request, &service) && (service.value().empty() || services_.contains(service.value()));
  {
    // Under the lock, so that no change comes in between.
    absl::MutexLock lock(&mutex_);
    streams_.insert(call);
    if (known) health_watches_.insert(call);
    call->Offer(HealthMessage(known ? StatusOf(serving_) : kServiceUnknown));
  }
  // Whoever comes after Shutdown has looked at the streams must be told by us.
  if (stopping_) call->EndStream();
}

void ServerEngine::AnnounceHealth(bool serving) {
  absl::MutexLock lock(&mutex_);
  serving_ = serving;
  for (const std::shared_ptr<ServerCall>& call : health_watches_) {
    call->Offer(HealthMessage(StatusOf(serving)));
  }
}

}  // namespace cityinfo::rpc
