#include "services/gateway/http/connection.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <cerrno>
#include <chrono>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/gateway/http/head_parser.h"
#include "services/gateway/http/response_writer.h"

namespace cityinfo::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::beast::error_code;

constexpr size_t kReadChunk = 8 << 10;
// What may wait in the buffer beyond one header: a piece of a body, pipelined requests.
constexpr size_t kReadAhead = 128 << 10;

// Bytes a second that a client must at least take.
constexpr size_t kSlowestReader = 32 << 10;

Rejection TooSlow(absl::string_view what) {
  return {.http_status = 408,
          .reason = "REQUEST_TIMEOUT",
          .message = absl::StrCat("the ", what, " did not arrive in time"),
          .field = std::string(what)};
}

Rejection BodyTooLarge(size_t limit) {
  return {.http_status = 413,
          .reason = "BODY_TOO_LARGE",
          .message = absl::StrCat("the body is larger than ", limit, " bytes"),
          .field = "body"};
}

bool WantsKeepAlive(const RequestHead& head) {
  if (head.HasToken("connection", "close")) return false;
  return head.minor_version == 1 || head.HasToken("connection", "keep-alive");
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, std::shared_ptr<ConnectionContext> context,
                       std::shared_ptr<IoThread> thread)
    : context_(std::move(context)),
      thread_(std::move(thread)),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      buffer_(context_->limits.header_bytes + kReadAhead) {}

Connection::~Connection() { context_->count.Remove(); }

void Connection::Start() {
  thread_->Add(shared_from_this());
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  ReadHead();
}

void Connection::TurnAway(const Rejection& rejection) {
  thread_->Add(shared_from_this());
  Reject(rejection);
}

void Connection::Drain() {
  if (state_ == State::kIdle) Close();
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  CancelTimer();
  error_code ignored;
  socket_.close(ignored);
  if (std::shared_ptr<Exchange> exchange = exchange_.lock()) exchange->MarkGone();
  thread_->Remove(shared_from_this());
}

absl::string_view Connection::Received() const {
  const auto bytes = buffer_.data();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

void Connection::ReadHead() {
  // An empty line before the request line is left over by old clients (RFC 9112, 2.2).
  if (absl::StartsWith(Received(), "\r\n")) buffer_.consume(2);
  if (buffer_.size() == 0) {
    if (context_->draining) return Close();
    state_ = State::kIdle;
    SetTimer(context_->limits.idle_timeout);
    return ReadMoreHead();
  }
  if (state_ != State::kHead) {
    state_ = State::kHead;
    SetTimer(context_->limits.header_timeout);
  }
  auto found = FindHeadEnd(Received(), context_->limits);
  if (const Rejection* rejection = std::get_if<Rejection>(&found)) return Reject(*rejection);
  const std::optional<size_t> length = std::get<0>(found);
  if (length.has_value()) return OnHead(*length);
  ReadMoreHead();
}

void Connection::ReadMoreHead() {
  socket_.async_read_some(buffer_.prepare(kReadChunk),
                          [self = shared_from_this()](error_code error, size_t bytes) {
                            if (self->state_ == State::kClosed) return;
                            if (self->timed_out_) return self->Reject(TooSlow("header"));
                            if (error) return self->Close();
                            self->buffer_.commit(bytes);
                            self->ReadHead();
                          });
}

void Connection::OnHead(size_t head_length) {
  head_request_ = false;
  auto parsed = ParseHead(Received().substr(0, head_length), context_->limits);
  if (const Rejection* rejection = std::get_if<Rejection>(&parsed)) return Reject(*rejection);
  head_ = std::get<RequestHead>(std::move(parsed));
  head_request_ = head_.method == "HEAD";
  const auto framing = CheckFraming(head_);
  if (const Rejection* rejection = std::get_if<Rejection>(&framing)) return Reject(*rejection);
  keep_alive_ = WantsKeepAlive(head_);
  const BodyFraming& body = std::get<BodyFraming>(framing);
  if (body.has_body()) return StartBody(head_length, body);
  buffer_.consume(head_length);
  Dispatch("");
}

void Connection::StartBody(size_t head_length, const BodyFraming& framing) {
  const size_t limit = context_->limits.body_bytes;
  if (framing.content_length > limit) return Reject(BodyTooLarge(limit));
  body_lease_.reset();
  std::optional<BodyBudget::Lease> lease =
      context_->body_budget.Take(framing.chunked ? limit : framing.content_length);
  if (!lease.has_value()) {
    return Reject({.http_status = 503,
                   .reason = "OVERLOADED",
                   .message = "too many large requests at the same time; try again in a moment"});
  }
  body_lease_.emplace(*std::move(lease));
  state_ = State::kBody;
  SetTimer(context_->limits.body_timeout);
  body_parser_.emplace();
  body_parser_->body_limit(limit);
  // The parser reads the header again, already checked and within its limits, then the body.
  body_parser_->header_limit(static_cast<uint32_t>(context_->limits.header_bytes + kReadChunk));
  const bool body_has_begun = buffer_.size() > head_length;
  if (framing.expects_continue && !body_has_begun) return SendContinue();
  ReadBody();
}

void Connection::SendContinue() {
  static constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(kContinue, sizeof(kContinue) - 1),
                    [self = shared_from_this()](error_code error, size_t) {
                      if (self->state_ == State::kClosed) return;
                      if (error) return self->Close();
                      self->ReadBody();
                    });
}

void Connection::ReadBody() {
  beast::http::async_read(
      socket_, buffer_, *body_parser_,
      [self = shared_from_this()](error_code error, size_t) { self->OnBody(error); });
}

void Connection::OnBody(error_code error) {
  if (state_ == State::kClosed) return;
  if (timed_out_) return Reject(TooSlow("body"));
  if (error == beast::http::error::body_limit)
    return Reject(BodyTooLarge(context_->limits.body_bytes));
  const bool hung_up =
      error == beast::http::error::partial_message || error == beast::http::error::end_of_stream;
  if (error && !hung_up && error.category() == beast::http::make_error_code({}).category()) {
    return Reject({.http_status = 400,
                   .reason = "BAD_FRAMING",
                   .message = "the body is not correctly chunked"});
  }
  if (error) return Close();
  std::string body = std::move(body_parser_->get().body());
  body_parser_.reset();
  Dispatch(std::move(body));
}

void Connection::Dispatch(std::string body) {
  CancelTimer();
  state_ = State::kHandling;
  error_code ignored;
  const auto peer = socket_.remote_endpoint(ignored);
  auto exchange = std::make_shared<Exchange>(
      HttpRequest{std::move(head_), std::move(body), peer.address().to_string()},
      [self = shared_from_this()](std::optional<HttpResponse> response) {
        IoThread& thread = *self->thread_;
        thread.Run([self, response = std::move(response)]() mutable {
          self->OnAnswer(std::move(response));
        });
      });
  exchange_ = exchange;
  context_->handle(std::move(exchange));
  if (state_ == State::kHandling) WatchPeer();
}

void Connection::WatchPeer() {
  watching_peer_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](error_code error) {
                       if (error || self->state_ != State::kHandling) return;
                       self->watching_peer_ = false;
                       if (self->PeerIsGone()) self->Close();
                     });
}

// Readable means either a pipelined request, which can wait, or the end of the stream.
bool Connection::PeerIsGone() {
  char next;
  const ssize_t got = ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

void Connection::OnAnswer(std::optional<HttpResponse> response) {
  if (state_ != State::kHandling) return;
  if (std::exchange(watching_peer_, false)) {
    error_code ignored;
    socket_.cancel(ignored);
  }
  body_lease_.reset();
  if (response.has_value()) return Write(*std::move(response));
  Write(context_->render({.http_status = 500,
                          .reason = "INTERNAL",
                          .message = "the request was not answered; this is our fault"}));
}

void Connection::Reject(const Rejection& rejection) {
  timed_out_ = false;
  linger_ = true;
  body_parser_.reset();
  body_lease_.reset();
  HttpResponse response = context_->render(rejection);
  response.close = true;
  Write(std::move(response));
}

void Connection::Write(HttpResponse response) {
  state_ = State::kWriting;
  response_ = std::move(response);
  const size_t size = response_.body == nullptr ? 0 : response_.body->size();
  SetTimer(context_->limits.write_timeout + absl::Seconds(size / kSlowestReader));
  keep_alive_ = keep_alive_ && !response_.close && !context_->draining;
  response_head_ = RenderResponseHead(response_, keep_alive_, absl::Now());
  const bool with_body =
      response_.body != nullptr && !head_request_ && StatusHasBody(response_.status);
  const std::array<asio::const_buffer, 2> parts = {
      asio::buffer(response_head_),
      with_body ? asio::buffer(*response_.body) : asio::const_buffer()};
  asio::async_write(socket_, parts, [self = shared_from_this()](error_code error, size_t) {
    if (self->state_ == State::kClosed) return;
    if (error) return self->Close();
    self->OnWritten();
  });
}

void Connection::OnWritten() {
  CancelTimer();
  response_.body.reset();
  if (linger_) return Linger();
  if (!keep_alive_) return Close();
  ReadHead();
}

// A close with unread input makes the kernel send a reset, and a reset can destroy the answer on
// its way. So: say that we are done, then read until the client is done too.
void Connection::Linger() {
  state_ = State::kLingering;
  SetTimer(context_->limits.linger_timeout);
  buffer_.consume(buffer_.size());
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  DiscardMore();
}

void Connection::DiscardMore() {
  socket_.async_read_some(buffer_.prepare(64 << 10),
                          [self = shared_from_this()](error_code error, size_t bytes) {
                            if (self->state_ == State::kClosed) return;
                            self->lingered_bytes_ += bytes;
                            const size_t limit = self->context_->limits.linger_bytes;
                            if (error || self->lingered_bytes_ > limit) return self->Close();
                            self->DiscardMore();
                          });
}

void Connection::SetTimer(absl::Duration delay) {
  timer_.expires_after(absl::ToChronoNanoseconds(delay));
  timer_.async_wait(
      [self = shared_from_this(), generation = ++timer_generation_](error_code error) {
        if (!error && generation == self->timer_generation_) self->OnTimeout();
      });
}

void Connection::CancelTimer() {
  ++timer_generation_;
  timer_.cancel();
}

void Connection::OnTimeout() {
  if (state_ != State::kHead && state_ != State::kBody) return Close();
  // The read that is pending ends now, and its handler answers.
  timed_out_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

}  // namespace cityinfo::gateway
