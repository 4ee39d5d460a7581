#include "platform/health/admin_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "platform/base/error.h"
#include "platform/health/health_metrics.h"

namespace cityinfo::health {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;

// A probe has no body and few headers.
constexpr size_t kMaxHeaderBytes = 8 * 1024;
constexpr size_t kMaxBodyBytes = 1024;

struct Answer {
  http::status status;
  std::string content_type;
  std::string body;
};

Answer MakeAnswer(absl::string_view target, const Health& health, telemetry::Metrics& metrics) {
  target = target.substr(0, target.find('?'));
  if (target == "/healthz") return {http::status::ok, "application/json", "{\"status\":\"ok\"}"};
  if (target == "/readyz") {
    const Snapshot snapshot = health.GetSnapshot();
    return {snapshot.ready ? http::status::ok : http::status::service_unavailable,
            "application/json", ToJson(snapshot)};
  }
  if (target == "/metrics") {
    return {http::status::ok, "text/plain; version=0.0.4; charset=utf-8", metrics.RenderText()};
  }
  return {http::status::not_found, "application/json",
          "{\"error\":\"try /healthz, /readyz or /metrics\"}"};
}

// One connection: reads a request, answers, reads the next. Keeps itself alive through the handlers
// that wait for it; calls `on_end` once when the last of them is gone.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const AdminServer::Options& options, const Health& health,
          telemetry::Metrics& metrics, std::function<void()> on_end)
      : stream_(std::move(socket)),
        timeout_(absl::ToChronoMilliseconds(options.timeout)),
        health_(health),
        metrics_(metrics),
        on_end_(std::move(on_end)) {}
  ~Session() { on_end_(); }

  void Read() {
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(kMaxBodyBytes);
    stream_.expires_after(timeout_);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, size_t) {
                       if (!error) self->Respond();
                     });
  }

 private:
  void Respond() {
    const auto& request = parser_->get();
    const bool head = request.method() == http::verb::head;
    Answer answer;
    if (head || request.method() == http::verb::get) {
      const auto target = request.target();
      answer = MakeAnswer({target.data(), target.size()}, health_, metrics_);
    } else {
      answer = {http::status::method_not_allowed, "application/json", "{\"error\":\"only GET\"}"};
    }
    response_ = {answer.status, request.version()};
    response_.set(http::field::content_type, answer.content_type);
    response_.set(http::field::cache_control, "no-store");
    response_.keep_alive(request.keep_alive());
    const size_t size = answer.body.size();
    if (!head) response_.body() = std::move(answer.body);
    response_.content_length(size);
    stream_.expires_after(timeout_);
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code error, size_t) {
                        if (!error && self->response_.keep_alive()) self->Read();
                      });
  }

  beast::tcp_stream stream_;
  const std::chrono::milliseconds timeout_;
  const Health& health_;
  telemetry::Metrics& metrics_;
  const std::function<void()> on_end_;
  beast::flat_buffer buffer_{kMaxHeaderBytes + kMaxBodyBytes};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

class BeastAdminServer final : public AdminServer {
 public:
  BeastAdminServer(const Options& options, const Health& health, telemetry::Metrics& metrics)
      : options_(options), health_(health), metrics_(metrics) {}

  ~BeastAdminServer() override {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Listen() {
    beast::error_code error;
    const auto address = asio::ip::make_address(options_.address, error);
    const tcp::endpoint endpoint(address, static_cast<uint16_t>(options_.port));
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) {
      const bool in_use = error == asio::error::address_in_use;
      return base::Unavailable(in_use ? "ADDRESS_IN_USE" : "CANNOT_LISTEN",
                               absl::StrCat("the admin port cannot listen on ", options_.address,
                                            ":", options_.port, ": ", error.message()));
    }
    Accept();
    thread_ = std::jthread([this] { context_.run(); });
    return absl::OkStatus();
  }

  int port() const override { return port_; }

 private:
  // Waits for one connection. At the limit it stops waiting; the end of a session starts it again.
  void Accept() {
    if (sessions_ >= options_.max_connections) {
      accepting_ = false;
      return;
    }
    accepting_ = true;
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error) {
        ++sessions_;
        std::make_shared<Session>(std::move(socket), options_, health_, metrics_, [this] {
          --sessions_;
          if (!accepting_ && !context_.stopped()) Accept();
        })->Read();
        return Accept();
      }
      // Out of file descriptors, most likely: trying again at once would only spin.
      retry_.expires_after(std::chrono::milliseconds(100));
      retry_.async_wait([this](beast::error_code stopped) {
        if (!stopped) Accept();
      });
    });
  }

  const Options options_;
  const Health& health_;
  telemetry::Metrics& metrics_;
  int port_ = 0;
  // Touched only by handlers, all of which run on thread_.
  int sessions_ = 0;
  bool accepting_ = false;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  asio::steady_timer retry_{context_};
  std::jthread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(const Options& options,
                                                                const Health& health,
                                                                telemetry::Metrics& metrics) {
  auto server = std::make_unique<BeastAdminServer>(options, health, metrics);
  ReportHealth(health, metrics);
  absl::Status listening = server->Listen();
  if (!listening.ok()) return listening;
  return server;
}

}  // namespace cityinfo::health
