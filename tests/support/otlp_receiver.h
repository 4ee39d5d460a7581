#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "nlohmann/json.hpp"

namespace cityinfo::testing {

// A collector of OTLP over HTTP with JSON, as a program under test finds it behind
// --otlp-endpoint: takes POST /v1/traces on a port of its own and keeps the spans. Can be told to
// misbehave. Thread-safe.
class OtlpReceiver {
 public:
  // One span with what it says of its service.
  struct Span {
    std::string service;
    std::string name;
    std::string trace_id;
    std::string span_id;
    std::string parent_span_id;
    int kind = 0;
    int status_code = 0;
    nlohmann::json attributes;  // {"http.route": "…", "rpc.grpc.status_code": 0}
    nlohmann::json json;        // as it came
  };

  OtlpReceiver();
  // Closes every connection.
  ~OtlpReceiver();
  OtlpReceiver(const OtlpReceiver&) = delete;
  OtlpReceiver& operator=(const OtlpReceiver&) = delete;

  int port() const { return port_; }
  std::string endpoint() const;  // "http://127.0.0.1:port"

  // From now on answers with this status and body; spans are kept when it is 2xx.
  void AnswerWith(int http_status, absl::string_view body = "{}");
  // From now on reads requests and answers none of them; false answers those that wait, too.
  void Hang(bool hang);

  std::vector<Span> Spans() const;
  std::vector<Span> SpansOf(absl::string_view trace_id) const;
  // Requests read, whatever their fate.
  int requests() const;
  // Bodies that were not an ExportTraceServiceRequest, and requests for other paths.
  std::vector<std::string> errors() const;

 private:
  void Accept();
  void Serve(boost::asio::ip::tcp::socket& socket);
  void Keep(absl::string_view content_type, const std::string& body)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  int port_ = 0;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool hanging_ ABSL_GUARDED_BY(mutex_) = false;
  int status_ ABSL_GUARDED_BY(mutex_) = 200;
  std::string answer_ ABSL_GUARDED_BY(mutex_) = "{}";
  int requests_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Span> spans_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> errors_ ABSL_GUARDED_BY(mutex_);
  std::list<boost::asio::ip::tcp::socket> sockets_ ABSL_GUARDED_BY(mutex_);
  std::list<std::jthread> connections_;  // the accepting thread's, then the destructor's
  std::jthread acceptor_thread_;
};

}  // namespace cityinfo::testing
