#include "platform/telemetry/http_post.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::telemetry {
namespace {

constexpr size_t kMaxAnswer = 64 << 10;
// How often a transfer that waits for the other side looks whether it is still wanted.
constexpr int kLookMillis = 100;

// Takes the first bytes and reads the rest away, so that the connection can be used again.
size_t Append(char* data, size_t size, size_t count, void* out) {
  auto& body = *static_cast<std::string*>(out);
  const size_t bytes = size * count;
  body.append(data, std::min(bytes, kMaxAnswer - std::min(body.size(), kMaxAnswer)));
  return bytes;
}

bool HasPart(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  const bool found = curl_url_get(url, part, &text, 0) == CURLUE_OK;
  curl_free(text);
  return found;
}

}  // namespace

struct HttpPost::Handle {
  // The transfer runs on the multi handle, which alone can be waited for in small steps.
  CURLM* multi = curl_multi_init();
  CURL* curl = curl_easy_init();
  curl_slist* headers = nullptr;

  ~Handle() {
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
  }
};

absl::Status HttpPost::CheckUrl(const std::string& url) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), &curl_url_cleanup);
  const bool web = absl::StartsWith(url, "http://") || absl::StartsWith(url, "https://");
  if (!web || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError("is not of the form http://HOST:PORT");
  }
  if (HasPart(parsed.get(), CURLUPART_PASSWORD) || HasPart(parsed.get(), CURLUPART_USER)) {
    return absl::InvalidArgumentError("must carry no user or password: everyone sees flags");
  }
  if (HasPart(parsed.get(), CURLUPART_QUERY) || HasPart(parsed.get(), CURLUPART_FRAGMENT)) {
    return absl::InvalidArgumentError("must carry no query");
  }
  return absl::OkStatus();
}

HttpPost::HttpPost(const std::string& url, std::function<bool()> give_up)
    : handle_(std::make_unique<Handle>()), give_up_(std::move(give_up)) {
  CURL* curl = handle_->curl;
  for (const char* header : {"Content-Type: application/json", "Expect:"}) {
    handle_->headers = curl_slist_append(handle_->headers, header);
  }
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->headers);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // Collectors are neighbours: a proxy from the environment must not stand between.
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "cityinfo");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Append);
  // A name server that does not answer must not hold up the end of the process.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
}

HttpPost::~HttpPost() = default;

absl::Status HttpPost::Transfer() {
  curl_multi_add_handle(handle_->multi, handle_->curl);
  absl::Status result = base::Unavailable("NO_ANSWER", "it was given up");
  for (int running = 1; !give_up_();) {
    if (curl_multi_perform(handle_->multi, &running) != CURLM_OK) break;
    if (running == 0) {
      int queued = 0;
      const CURLMsg* message = curl_multi_info_read(handle_->multi, &queued);
      const CURLcode code = message == nullptr ? CURLE_RECV_ERROR : message->data.result;
      result = code == CURLE_OK ? absl::OkStatus()
                                : base::Unavailable("NO_ANSWER", curl_easy_strerror(code));
      break;
    }
    curl_multi_poll(handle_->multi, nullptr, 0, kLookMillis, nullptr);
  }
  curl_multi_remove_handle(handle_->multi, handle_->curl);
  return result;
}

absl::StatusOr<HttpPost::Answer> HttpPost::Send(const std::string& body, absl::Duration timeout) {
  CURL* curl = handle_->curl;
  Answer answer;
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max<int64_t>(absl::ToInt64Milliseconds(timeout), 1)));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  if (absl::Status done = Transfer(); !done.ok()) return done;
  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
  answer.status = static_cast<int>(status);
  answer.retry_after = absl::Seconds(retry_after);
  return answer;
}

}  // namespace cityinfo::telemetry
