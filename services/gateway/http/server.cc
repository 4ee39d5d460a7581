#include "services/gateway/http/server.h"

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "services/gateway/http/connection.h"
#include "services/gateway/http/io_thread.h"

namespace cityinfo::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

absl::StatusOr<tcp::endpoint> ParseEndpoint(absl::string_view text) {
  const size_t colon = text.rfind(':');
  int port = -1;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(text.substr(colon + 1), &port) ||
      port < 0 || port > 65535) {
    return base::InvalidArgument("listen", absl::StrCat("\"", text, "\" is not HOST:PORT"));
  }
  absl::string_view host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  error_code error;
  const asio::ip::address address = asio::ip::make_address(std::string(host), error);
  if (error) {
    return base::InvalidArgument("listen", absl::StrCat("\"", host, "\" is not an IP address"));
  }
  return tcp::endpoint(address, static_cast<uint16_t>(port));
}

// Connections beyond the limit that are told so; those beyond these are closed without a word.
constexpr int kTurnedAway = 64;

Rejection TooManyConnections() {
  return {.http_status = 503,
          .reason = "TOO_MANY_CONNECTIONS",
          .message = "too many connections; try again in a moment"};
}

class BeastServer final : public HttpServer {
 public:
  BeastServer(std::shared_ptr<ConnectionContext> context, int threads)
      : context_(std::move(context)),
        threads_(MakeThreads(threads)),
        acceptor_(threads_[0]->context()),
        accept_pause_(threads_[0]->context()) {}

  ~BeastServer() override { (void)Shutdown(absl::InfinitePast()); }

  absl::Status Listen(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(1024, error);
    if (error) {
      shut_down_ = true;  // nothing has been started
      const bool taken = error == asio::error::address_in_use;
      return base::Unavailable(taken ? "ADDRESS_IN_USE" : "CANNOT_LISTEN",
                               absl::StrCat("cannot listen on ", endpoint.address().to_string(),
                                            ":", endpoint.port(), ": ", error.message()));
    }
    port_ = acceptor_.local_endpoint().port();
    for (const auto& thread : threads_) thread->Start();
    threads_[0]->Run([this] { Accept(); });
    return absl::OkStatus();
  }

  int port() const override { return port_; }
  int open_connections() const override { return context_->count.open(); }

  void BeginDrain() override { context_->draining = true; }

  absl::Status Shutdown(absl::Time deadline) override {
    if (shut_down_.exchange(true)) return absl::OkStatus();
    StopAccepting();
    BeginDrain();
    for (const auto& thread : threads_) {
      thread->Run([thread = thread.get()] { thread->DrainAll(); });
    }
    const int left = context_->count.AwaitNone(deadline);
    for (const auto& thread : threads_) thread->Stop();
    if (left == 0) return absl::OkStatus();
    return base::DeadlineExceeded(absl::StrCat(left, " connections had to be closed"));
  }

 private:
  static std::vector<std::shared_ptr<IoThread>> MakeThreads(int count) {
    std::vector<std::shared_ptr<IoThread>> threads;
    for (int i = 0; i < std::max(count, 1); ++i) threads.push_back(std::make_shared<IoThread>());
    return threads;
  }

  void Accept() {
    next_thread_ = (next_thread_ + 1) % threads_.size();
    const std::shared_ptr<IoThread> thread = threads_[next_thread_];
    acceptor_.async_accept(thread->context(), [this, thread](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (error) return PauseAccepting();
      Admit(std::move(socket), thread);
      Accept();
    });
  }

  // Out of descriptors or memory: accepting again at once would only spin.
  void PauseAccepting() {
    accept_pause_.expires_after(std::chrono::milliseconds(50));
    accept_pause_.async_wait([this](error_code error) {
      if (!error) Accept();
    });
  }

  void Admit(tcp::socket socket, const std::shared_ptr<IoThread>& thread) {
    const int open = context_->count.Add();
    auto connection = std::make_shared<Connection>(std::move(socket), context_, thread);
    if (open <= context_->limits.connections) {
      thread->Run([connection] { connection->Start(); });
    } else if (open <= context_->limits.connections + kTurnedAway) {
      thread->Run([connection] { connection->TurnAway(TooManyConnections()); });
    }
  }

  void StopAccepting() {
    std::promise<void> closed;
    threads_[0]->Run([&] {
      error_code ignored;
      acceptor_.close(ignored);
      accept_pause_.cancel();
      closed.set_value();
    });
    closed.get_future().wait();
  }

  const std::shared_ptr<ConnectionContext> context_;
  const std::vector<std::shared_ptr<IoThread>> threads_;
  tcp::acceptor acceptor_;
  asio::steady_timer accept_pause_;
  size_t next_thread_ = 0;
  int port_ = 0;
  std::atomic<bool> shut_down_{false};
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const Options& options,
                                                              Handler handler, Renderer renderer) {
  absl::StatusOr<tcp::endpoint> endpoint = ParseEndpoint(options.address);
  if (!endpoint.ok()) return endpoint.status();
  auto server = std::make_unique<BeastServer>(
      std::make_shared<ConnectionContext>(options.limits, std::move(handler), std::move(renderer)),
      options.threads);
  absl::Status listening = server->Listen(*endpoint);
  if (!listening.ok()) return listening;
  return server;
}

}  // namespace cityinfo::gateway
