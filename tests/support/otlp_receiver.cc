#include "tests/support/otlp_receiver.h"

#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace cityinfo::testing {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// {"stringValue":"x"} -> "x"; 64-bit numbers come as strings.
nlohmann::json ValueOf(const nlohmann::json& value) {
  if (value.contains("intValue")) return std::stoll(value["intValue"].get<std::string>());
  for (const auto& [kind, content] : value.items()) return content;
  return nullptr;
}

nlohmann::json AttributesOf(const nlohmann::json& owner) {
  nlohmann::json attributes = nlohmann::json::object();
  for (const auto& attribute : owner.at("attributes")) {
    attributes[attribute.at("key").get<std::string>()] = ValueOf(attribute.at("value"));
  }
  return attributes;
}

}  // namespace

OtlpReceiver::OtlpReceiver() {
  const tcp::endpoint any(asio::ip::make_address("127.0.0.1"), 0);
  acceptor_.open(any.protocol());
  acceptor_.bind(any);
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  acceptor_thread_ = std::jthread([this] { Accept(); });
}

OtlpReceiver::~OtlpReceiver() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (tcp::socket& socket : sockets_) ::shutdown(socket.native_handle(), SHUT_RDWR);
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  acceptor_thread_.join();
  connections_.clear();
}

std::string OtlpReceiver::endpoint() const { return absl::StrCat("http://127.0.0.1:", port_); }

void OtlpReceiver::AnswerWith(int http_status, absl::string_view body) {
  absl::MutexLock lock(&mutex_);
  status_ = http_status;
  answer_ = std::string(body);
}

void OtlpReceiver::Hang(bool hang) {
  absl::MutexLock lock(&mutex_);
  hanging_ = hang;
}

std::vector<OtlpReceiver::Span> OtlpReceiver::Spans() const {
  absl::MutexLock lock(&mutex_);
  return spans_;
}

std::vector<OtlpReceiver::Span> OtlpReceiver::SpansOf(absl::string_view trace_id) const {
  std::vector<Span> spans = Spans();
  std::erase_if(spans, [&](const Span& span) { return span.trace_id != trace_id; });
  return spans;
}

int OtlpReceiver::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

std::vector<std::string> OtlpReceiver::errors() const {
  absl::MutexLock lock(&mutex_);
  return errors_;
}

void OtlpReceiver::Accept() {
  while (true) {
    boost::system::error_code error;
    tcp::socket socket(context_);
    acceptor_.accept(socket, error);
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    if (error) continue;
    tcp::socket& kept = sockets_.emplace_back(std::move(socket));
    connections_.emplace_back([this, &kept] { Serve(kept); });
  }
}

void OtlpReceiver::Serve(tcp::socket& socket) {
  boost::beast::flat_buffer buffer;
  while (true) {
    http::request<http::string_body> request;
    boost::system::error_code error;
    http::read(socket, buffer, request, error);
    if (error) return;
    http::response<http::string_body> response;
    {
      absl::MutexLock lock(&mutex_);
      ++requests_;
      const auto may_answer = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return !hanging_ || stopping_;
      };
      mutex_.Await(absl::Condition(&may_answer));
      if (stopping_) return;
      if (request.target() != "/v1/traces" || request.method() != http::verb::post) {
        errors_.push_back(std::string(request.target()));
      } else if (status_ / 100 == 2) {
        const auto type = request[http::field::content_type];
        Keep({type.data(), type.size()}, request.body());
      }
      response.result(static_cast<unsigned>(status_));
      response.body() = answer_;
    }
    response.set(http::field::content_type, "application/json");
    response.prepare_payload();
    http::write(socket, response, error);
    if (error) return;
  }
}

void OtlpReceiver::Keep(absl::string_view content_type, const std::string& body) {
  if (content_type != "application/json") {
    errors_.push_back(absl::StrCat("content type ", content_type));
    return;
  }
  try {
    const nlohmann::json message = nlohmann::json::parse(body);
    for (const auto& resource : message.at("resourceSpans")) {
      const nlohmann::json about = AttributesOf(resource.at("resource"));
      for (const auto& scope : resource.at("scopeSpans")) {
        for (const auto& span : scope.at("spans")) {
          spans_.push_back({.service = about.at("service.name"),
                            .name = span.at("name"),
                            .trace_id = span.at("traceId"),
                            .span_id = span.at("spanId"),
                            .parent_span_id = span.value("parentSpanId", ""),
                            .kind = span.at("kind"),
                            .status_code = span.at("status").value("code", 0),
                            .attributes = AttributesOf(span),
                            .json = span});
        }
      }
    }
  } catch (const nlohmann::json::exception& error) {
    errors_.push_back(error.what());
  }
}

}  // namespace cityinfo::testing
