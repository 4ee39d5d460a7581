#include "cli/http_client.h"

#include <curl/curl.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

constexpr size_t kMaxAnswer = 64u << 20;

size_t Append(char* data, size_t size, size_t count, void* out) {
  auto& body = *static_cast<std::string*>(out);
  if (body.size() + size * count > kMaxAnswer) return 0;
  body.append(data, size * count);
  return size * count;
}

struct HeadersDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, HeadersDeleter>;

void Add(Headers& headers, const std::string& line) {
  headers.reset(curl_slist_append(headers.release(), line.c_str()));
}

// A proxy for the internet must not stand between this machine and itself.
std::string HostsWithoutProxy() {
  std::string hosts = "localhost,127.0.0.1,::1";
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    if (const char* more = std::getenv(name); more != nullptr) absl::StrAppend(&hosts, ",", more);
  }
  return hosts;
}

}  // namespace

struct HttpClient::Handle {
  CURL* curl = curl_easy_init();
  ~Handle() { curl_easy_cleanup(curl); }
};

HttpClient::HttpClient(Options options)
    : options_(std::move(options)), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;

absl::StatusOr<HttpResponse> HttpClient::Send(absl::string_view method, absl::string_view target,
                                              absl::string_view body,
                                              absl::string_view content_type) {
  CURL* curl = handle_->curl;
  curl_easy_reset(curl);
  HttpResponse response;
  Headers headers;
  Add(headers, "Accept: application/json");
  Add(headers, "Expect:");
  if (!body.empty()) Add(headers, absl::StrCat("Content-Type: ", content_type));
  if (!options_.key.empty()) Add(headers, absl::StrCat("Authorization: Bearer ", options_.key));
  const std::string url = absl::StrCat(options_.base_url, target);
  const std::string verb(method);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, verb.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(options_.timeout)));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, HostsWithoutProxy().c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response.body);
  if (!body.empty() || method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_WRITE_ERROR)
    return base::ResourceExhausted("ANSWER_TOO_LARGE", "the answer is over 64 MiB");
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) {
    return base::InvalidArgument(
        "CITYINFO_URL", absl::StrCat("\"", options_.base_url, "\" is not an http address"));
  }
  if (code != CURLE_OK) {
    return base::Unavailable(
        "GATEWAY_UNREACHABLE",
        absl::StrCat("no answer from ", options_.base_url, ": ", curl_easy_strerror(code),
                     "; is the suite running (./dev run)? Set CITYINFO_URL or --url"));
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return response;
}

}  // namespace cityinfo::cli
