#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "services/gateway/http/body_budget.h"
#include "services/gateway/http/connection_count.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/http/framing.h"
#include "services/gateway/http/io_thread.h"
#include "services/gateway/http/limits.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// Works on one request; called on an I/O thread and must not block it.
using RequestHandler = std::function<void(std::shared_ptr<Exchange>)>;
// Gives a rejection the form every error has; thread-safe.
using RejectionRenderer = std::function<HttpResponse(const Rejection&)>;

// What all connections of a server share.
struct ConnectionContext {
  ConnectionContext(const HttpLimits& limits, RequestHandler handle, RejectionRenderer render)
      : limits(limits),
        handle(std::move(handle)),
        render(std::move(render)),
        body_budget(limits.buffered_body_bytes) {}

  const HttpLimits limits;
  const RequestHandler handle;
  const RejectionRenderer render;
  BodyBudget body_budget;
  ConnectionCount count;
  // Answer with "Connection: close" and do not wait for another request.
  std::atomic<bool> draining{false};
};

// One HTTP/1.1 connection, alive as long as something of it is pending. Reads a request, hands it
// over, waits for the answer, writes it, and starts again; pipelined requests wait in the buffer.
// Lives on one I/O thread: everything but the answer arriving happens there. The maker has counted
// it in; it counts itself out.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<ConnectionContext> context,
             std::shared_ptr<IoThread> thread);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Start();
  // Instead of Start: answers the first request that may come with this, and closes.
  void TurnAway(const Rejection& rejection);
  // Closes when no request is under way; otherwise after the present one.
  void Drain();
  // Closes at once.
  void Close();

 private:
  enum class State { kIdle, kHead, kBody, kHandling, kWriting, kLingering, kClosed };
  using BodyParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void ReadHead();
  void ReadMoreHead();
  void OnHead(size_t head_length);
  void StartBody(size_t head_length, const BodyFraming& framing);
  void SendContinue();
  void ReadBody();
  void OnBody(boost::beast::error_code error);
  void Dispatch(std::string body);
  void WatchPeer();
  bool PeerIsGone();

  void Reject(const Rejection& rejection);
  void OnAnswer(std::optional<HttpResponse> response);
  void Write(HttpResponse response);
  void OnWritten();
  void Linger();
  void DiscardMore();

  void SetTimer(absl::Duration delay);
  void CancelTimer();
  void OnTimeout();
  absl::string_view Received() const;

  const std::shared_ptr<ConnectionContext> context_;
  // Before what lives on it: an answer under way may be the last to hold the connection, and the
  // connection the last to hold its thread.
  const std::shared_ptr<IoThread> thread_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  State state_ = State::kIdle;
  int timer_generation_ = 0;

  boost::beast::flat_buffer buffer_;
  RequestHead head_;
  std::optional<BodyParser> body_parser_;
  std::optional<BodyBudget::Lease> body_lease_;
  std::weak_ptr<Exchange> exchange_;
  bool watching_peer_ = false;
  bool timed_out_ = false;

  HttpResponse response_;
  std::string response_head_;
  bool keep_alive_ = false;
  bool head_request_ = false;
  // The client may still be sending: read it off before closing.
  bool linger_ = false;
  size_t lingered_bytes_ = 0;
};

}  // namespace cityinfo::gateway
