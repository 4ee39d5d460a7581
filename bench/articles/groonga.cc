#include "bench/articles/groonga.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "bench/articles/corpus.h"
#include "bench/baseline/must.h"
#include "tests/support/wait_until.h"

namespace cityinfo::bench {
namespace {

// A port nobody uses now: Groonga cannot choose one by itself and say which.
int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || bind(fd, any, size) != 0 || getsockname(fd, any, &size) != 0) std::exit(1);
  close(fd);
  return ntohs(address.sin_port);
}

size_t Append(char* data, size_t, size_t size, void* to) {
  static_cast<std::string*>(to)->append(data, size);
  return size;
}

std::string Escaped(CURL* http, const std::string& text) {
  char* escaped = curl_easy_escape(http, text.data(), static_cast<int>(text.size()));
  std::string result = escaped;
  curl_free(escaped);
  return result;
}

}  // namespace

Groonga::Groonga(const std::string& folder) : http_(curl_easy_init(), curl_easy_cleanup) {
  std::filesystem::create_directories(folder);
  const int port = FreePort();
  url_ = absl::StrCat("http://127.0.0.1:", port, "/d/");
  child_ = Must(testing::ChildProcess::Start(
      {.binary = "groonga",
       .args = {"-s", "--protocol", "http", "--bind-address", "127.0.0.1", "--port",
                absl::StrCat(port), "--log-path", absl::StrCat(folder, "/groonga.log"), "-n",
                absl::StrCat(folder, "/db")},
       .output_dir = folder}));
  const bool up = testing::WaitUntil(
      [&] {
        curl_easy_reset(http_.get());
        curl_easy_setopt(http_.get(), CURLOPT_URL, absl::StrCat(url_, "status").c_str());
        std::string ignored;
        curl_easy_setopt(http_.get(), CURLOPT_WRITEFUNCTION, Append);
        curl_easy_setopt(http_.get(), CURLOPT_WRITEDATA, &ignored);
        return curl_easy_perform(http_.get()) == CURLE_OK;
      },
      absl::Seconds(20));
  if (!up) Must(absl::UnavailableError("groonga does not start (package groonga-bin)"));
  Ask("cache_limit?max=0");
  Ask("table_create?name=Articles&flags=TABLE_NO_KEY");
  Ask("column_create?table=Articles&name=title&flags=COLUMN_SCALAR&type=ShortText");
  Ask("column_create?table=Articles&name=date&flags=COLUMN_SCALAR&type=Int32");
  Ask("column_create?table=Articles&name=text&flags=COLUMN_SCALAR&type=Text");
}

Groonga::~Groonga() { child_->TerminateAndWait(absl::Minutes(1)); }

std::string Groonga::Ask(const std::string& command, const std::string* body) {
  std::string answer;
  const std::string url = url_ + command;
  CURL* http = http_.get();
  curl_easy_reset(http);
  curl_easy_setopt(http, CURLOPT_URL, url.c_str());
  curl_easy_setopt(http, CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(http, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(http, CURLOPT_TCP_NODELAY, 1L);
  curl_slist* headers = nullptr;
  if (body != nullptr) {
    // Without asking first whether the body may come.
    headers = curl_slist_append(headers, "Expect:");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    curl_easy_setopt(http, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(http, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    curl_easy_setopt(http, CURLOPT_POSTFIELDS, body->data());
  }
  const CURLcode code = curl_easy_perform(http);
  long status = 0;
  curl_easy_getinfo(http, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(headers);
  if (code != CURLE_OK || status != 200) {
    Must(absl::InternalError(absl::StrCat("groonga: ", command, ": ", curl_easy_strerror(code), " ",
                                          status, " ", answer)));
  }
  return answer;
}

void Groonga::Load(const std::vector<articles::ArticleContent>& slice) {
  std::string rows = "[\n";
  for (const articles::ArticleContent& content : slice) {
    const nlohmann::json row = {{"title", content.title},
                                {"date", base::DaysSinceEpoch(content.publish_date)},
                                {"text", TextOf(content)}};
    absl::StrAppend(&rows, row.dump(), ",\n");
  }
  rows.replace(rows.size() - 2, 2, "\n]");
  Ask("load?table=Articles", &rows);
}

void Groonga::BuildIndex() {
  Ask("table_create?name=Pairs&flags=TABLE_PAT_KEY&key_type=ShortText"
      "&default_tokenizer=TokenBigram&normalizer=NormalizerAuto");
  Ask("column_create?table=Pairs&name=of_text&flags=COLUMN_INDEX%7CWITH_POSITION&type=Articles"
      "&source=text");
}

Groonga::Answer Groonga::Search(const std::string& query, bool newest) {
  const std::string answer = Ask(absl::StrCat(
      "select?table=Articles&match_columns=text&query=", Escaped(http_.get(), query), "&sort_keys=",
      newest ? "-date" : "-_score", "&limit=10&output_columns=_id,date,title", "&cache=no"));
  const nlohmann::json json = nlohmann::json::parse(answer, nullptr, false);
  if (!json.is_array() || json[0][0] != 0) Must(absl::InternalError("groonga: " + answer));
  return {.matches = json[1][0][0][0].get<int64_t>(), .own_seconds = json[0][2].get<double>()};
}

}  // namespace cityinfo::bench
