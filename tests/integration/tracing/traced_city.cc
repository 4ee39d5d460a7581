#include "tests/integration/tracing/traced_city.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"

namespace cityinfo::testing {
namespace {

namespace http = boost::beast::http;

constexpr char kKey[] = "key-of-this-test-only";

TracedCity::Answer Send(int port, http::request<http::string_body> request) {
  boost::asio::io_context context;
  boost::beast::tcp_stream stream(context);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  boost::system::error_code error;
  stream.socket().connect(
      {boost::asio::ip::make_address("127.0.0.1"), static_cast<boost::asio::ip::port_type>(port)},
      error);
  request.set(http::field::host, "city");
  request.prepare_payload();
  if (!error) http::write(stream, request, error);
  if (!error) http::read(stream, buffer, response, error);
  if (error) return {};
  return {.status = static_cast<int>(response.result_int()),
          .trace_id = std::string(response["x-trace-id"]),
          .body = response.body()};
}

}  // namespace

absl::Status TracedCity::Start(const std::string& endpoint, const std::string& sample) {
  endpoint_ = endpoint;
  sample_ = sample;
  dir_.Write("keys", absl::StrCat("editor:editor:", base::Sha256Hex(kKey), "\n"));
  const auto address = [this](const std::string& service) {
    return absl::StrCat("127.0.0.1:", ports_.at(service));
  };
  absl::Status started =
      Launch("articles", {absl::StrCat("--data-dir=", dir_.path().string())}, "grpc");
  if (started.ok()) {
    started = Launch("metrics",
                     {absl::StrCat("--data-dir=", dir_.path().string()),
                      absl::StrCat("--articles=", address("articles"))},
                     "grpc");
  }
  if (started.ok()) {
    started = Launch("gateway",
                     {absl::StrCat("--articles=", address("articles")),
                      absl::StrCat("--metrics=", address("metrics")),
                      absl::StrCat("--keys=", dir_.File("keys"))},
                     "http");
  }
  if (!started.ok()) return started;
  const bool ready =
      WaitUntil([this] { return absl::StrContains(Get("/readyz").body, "\"status\":\"ok\""); },
                absl::Seconds(30));
  return ready ? absl::OkStatus() : absl::UnavailableError(Get("/readyz").body);
}

absl::Status TracedCity::Launch(const std::string& service, std::vector<std::string> args,
                                const std::string& port_name) {
  const std::string port_file = dir_.File(service + ".ports");
  for (const std::string& common :
       {std::string("--listen=127.0.0.1:0"), std::string("--admin-listen=127.0.0.1:0"),
        absl::StrCat("--port-file=", port_file), absl::StrCat("--otlp-endpoint=", endpoint_),
        absl::StrCat("--trace-sample=", sample_)}) {
    args.push_back(common);
  }
  auto process =
      ChildProcess::Start({.binary = ProgramPath("cityinfo-" + service), .args = std::move(args)});
  if (!process.ok()) return process.status();
  auto port = WaitForPort(port_file, port_name, **process);
  if (!port.ok()) return port.status();
  auto admin = WaitForPort(port_file, "admin", **process);
  if (!admin.ok()) return admin.status();
  ports_[service] = *port;
  admin_ports_[service] = *admin;
  processes_[service] = *std::move(process);
  return absl::OkStatus();
}

TracedCity::Answer TracedCity::Get(const std::string& target,
                                   const std::string& traceparent) const {
  http::request<http::string_body> request(http::verb::get, target, 11);
  if (!traceparent.empty()) request.set("traceparent", traceparent);
  return Send(ports_.at("gateway"), std::move(request));
}

TracedCity::Answer TracedCity::Post(const std::string& target, const std::string& body) const {
  http::request<http::string_body> request(http::verb::post, target, 11);
  request.set(http::field::authorization, absl::StrCat("Bearer ", kKey));
  request.set(http::field::content_type, "application/json");
  request.body() = body;
  return Send(ports_.at("gateway"), std::move(request));
}

std::string TracedCity::Scrape(const std::string& service) const {
  return Send(admin_ports_.at(service), {http::verb::get, "/metrics", 11}).body;
}

double TracedCity::Value(const std::string& service, const std::string& series) const {
  std::istringstream page(Scrape(service));
  for (std::string line; std::getline(page, line);) {
    double value = -1;
    if (absl::StartsWith(line, series + " ") &&
        absl::SimpleAtod(line.substr(series.size() + 1), &value)) {
      return value;
    }
  }
  return -1;
}

}  // namespace cityinfo::testing
