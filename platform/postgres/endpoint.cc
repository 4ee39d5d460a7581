#include "platform/postgres/endpoint.h"

#include <libpq-fe.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/postgres/postgres_error.h"

namespace cityinfo::postgres {
namespace {

const Endpoint::Keywords& Defaults() {
  static const auto* const defaults = new Endpoint::Keywords{
      {"client_encoding", "UTF8"},
      {"fallback_application_name", "cityinfo"},
      // libpq would look for a Kerberos ticket first.
      {"gssencmode", "disable"},
      {"keepalives_idle", "30"},
      {"keepalives_interval", "10"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "30000"},
  };
  return *defaults;
}

absl::Status Invalid(absl::string_view message) {
  return base::MakeError(absl::StatusCode::kInvalidArgument, "INVALID_STORE", message);
}

absl::Status HoldsPassword() {
  return Invalid("holds a password, which a command line shows to everyone; put it into a file");
}

// Between "://" and "@", as far as there is one. A slash does not end it: in a password somebody
// will have forgotten to write it as %2F.
absl::string_view UserInfo(absl::string_view url) {
  const size_t begin = url.find("://") + 3;
  const absl::string_view before_parameters = url.substr(begin, url.find('?', begin) - begin);
  const size_t end = before_parameters.rfind('@');
  return end == absl::string_view::npos ? "" : before_parameters.substr(0, end);
}

bool IsName(const std::string& host) {
  return !host.empty() && host[0] != '/' && host[0] != '@' && !absl::StrContains(host, ",") &&
         !HostLookup::IsNumeric(host);
}

absl::Status PasswordFileUnreadable(absl::string_view detail) {
  return base::WithDetail(
      base::Unavailable("PASSWORD_FILE_UNREADABLE", "the store cannot be reached"), detail);
}

}  // namespace

absl::StatusOr<Endpoint> Endpoint::Parse(absl::string_view url, std::string password_file) {
  if (!absl::StartsWith(url, "postgresql://") && !absl::StartsWith(url, "postgres://")) {
    return Invalid("does not begin with postgresql://");
  }
  // Looked at first, for libpq's own complaints quote what they are about.
  if (absl::StrContains(UserInfo(url), ":") || absl::StrContains(url, "password=")) {
    return HoldsPassword();
  }
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(url).c_str(), &complaint), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> complaint_owner(complaint, &PQfreemem);
  if (options == nullptr) {
    return Invalid(complaint == nullptr ? "cannot be read" : OneLine(complaint));
  }
  Endpoint endpoint;
  endpoint.password_file_ = std::move(password_file);
  endpoint.keywords_ = Defaults();
  std::map<std::string, std::string> given;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (option->keyword == absl::string_view("password")) return HoldsPassword();
    given[option->keyword] = option->val;
  }
  const auto part = [&](const char* before, const char* keyword, const char* after = "") {
    return given.contains(keyword) ? absl::StrCat(before, given[keyword], after) : "";
  };
  endpoint.address_ = absl::StrCat("postgresql://", part("", "user", "@"), part("", "host"),
                                   part(":", "port"), "/", part("", "dbname"));
  endpoint.hosts_ = HostsIn(given);
  for (const auto& [keyword, value] : given) {
    if (keyword != "host" && keyword != "hostaddr" && keyword != "port") {
      endpoint.keywords_.emplace_back(keyword, value);
    }
  }
  return endpoint;
}

std::vector<Endpoint::Host> Endpoint::HostsIn(const std::map<std::string, std::string>& given) {
  // Each is a list, of which that of the ports may have one for all.
  std::map<std::string, std::vector<std::string>> lists;
  size_t count = 1;
  for (const char* keyword : {"host", "hostaddr", "port"}) {
    const auto value = given.find(keyword);
    if (value == given.end()) continue;
    lists[keyword] = absl::StrSplit(value->second, ',');
    count = std::max(count, lists[keyword].size());
  }
  for (auto& [keyword, values] : lists) {
    if (keyword == "port" && values.size() == 1) values.resize(count, values.front());
    if (values.size() == count) continue;
    // They do not match: libpq says so best itself.
    values = {given.at(keyword)};
    count = 1;
  }
  std::vector<Host> hosts(count);
  for (size_t i = 0; i < count; ++i) {
    for (const auto& [keyword, values] : lists) {
      hosts[i].keywords.emplace_back(keyword, count == 1 ? given.at(keyword) : values[i]);
      if (keyword == "host") hosts[i].name = hosts[i].keywords.back().second;
    }
    if (IsName(hosts[i].name) && !lists.contains("hostaddr")) {
      hosts[i].lookup = std::make_shared<HostLookup>(hosts[i].name);
    }
  }
  return hosts;
}

absl::StatusOr<Endpoint::Keywords> Endpoint::Login(size_t host, absl::Time deadline) const {
  Keywords keywords = keywords_;
  CITY_RETURN_IF_ERROR(AddPassword(&keywords));
  CITY_RETURN_IF_ERROR(AddAddresses(hosts_[host], deadline, &keywords));
  return keywords;
}

absl::Status Endpoint::AddAddresses(const Host& host, absl::Time deadline, Keywords* keywords) {
  keywords->insert(keywords->end(), host.keywords.begin(), host.keywords.end());
  if (host.lookup == nullptr) return absl::OkStatus();
  CITY_ASSIGN_OR_RETURN(const std::vector<std::string> addresses, host.lookup->Find(deadline));
  // libpq takes as many addresses as hosts, and tries them in turn. The name is what certificates
  // are checked for.
  keywords->emplace_back("host",
                         absl::StrJoin(std::vector<std::string>(addresses.size(), host.name), ","));
  keywords->emplace_back("hostaddr", absl::StrJoin(addresses, ","));
  return absl::OkStatus();
}

absl::Status Endpoint::AddPassword(Keywords* keywords) const {
  if (password_file_.empty()) return absl::OkStatus();
  std::ifstream file(password_file_, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) {
    return PasswordFileUnreadable(absl::StrCat("the password file ", password_file_,
                                               " cannot be read: ", std::strerror(errno)));
  }
  const std::string content = text.str();
  absl::string_view password = content;
  absl::ConsumeSuffix(&password, "\n");
  absl::ConsumeSuffix(&password, "\r");
  if (password.empty() || absl::StrContains(password, "\n")) {
    return PasswordFileUnreadable(
        absl::StrCat("the password file ", password_file_, " must hold one line, the password"));
  }
  keywords->emplace_back("password", std::string(password));
  return absl::OkStatus();
}

}  // namespace cityinfo::postgres
