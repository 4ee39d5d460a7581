#include "platform/auth/json_web_token.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "platform/auth/base64url.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::auth {
namespace {

using nlohmann::json;

constexpr size_t kMaxTokenBytes = 8 << 10;
constexpr size_t kMaxNameBytes = 128;

absl::Status Malformed(absl::string_view what) {
  return base::Unauthenticated("MALFORMED_TOKEN", absl::StrCat("the token ", what));
}

// A part of a token that is a JSON object; a member given twice is refused.
absl::StatusOr<json> ReadObject(absl::string_view part, absl::string_view name) {
  const std::optional<std::string> text = DecodeBase64Url(part);
  bool twice = false;
  std::vector<std::vector<std::string>> seen;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) seen.emplace_back();
    if (event == json::parse_event_t::object_end) seen.pop_back();
    if (event == json::parse_event_t::key) {
      std::vector<std::string>& keys = seen.back();
      twice |= std::find(keys.begin(), keys.end(), parsed.get<std::string>()) != keys.end();
      keys.push_back(parsed.get<std::string>());
    }
    return true;
  };
  json object;
  if (text.has_value()) object = json::parse(*text, watch, /*allow_exceptions=*/false);
  if (!text.has_value() || !object.is_object() || twice) {
    return Malformed(absl::StrCat("has a ", name, " that is no JSON object in base64url"));
  }
  return object;
}

absl::Status CheckHeader(const json& header) {
  const auto type = header.find("typ");
  if (type != header.end()) {
    const std::string name =
        type->is_string() ? absl::AsciiStrToLower(type->get<std::string>()) : std::string();
    if (name != "jwt" && name != "at+jwt") return Malformed("is of another type than JWT");
  }
  if (header.contains("crit")) return Malformed("asks for an extension that is not known here");
  return absl::OkStatus();
}

absl::Status CheckSignature(const json& header, absl::string_view signed_text,
                            absl::string_view signature_part, const JsonWebKeySet& keys) {
  const auto name = header.find("alg");
  const std::optional<SignatureAlgorithm> algorithm =
      name != header.end() && name->is_string() ? ParseSignatureAlgorithm(name->get<std::string>())
                                                : std::nullopt;
  if (!algorithm.has_value()) {
    return base::Unauthenticated("TOKEN_ALGORITHM_NOT_ALLOWED",
                                 "a token must be signed with RS256, ES256 or EdDSA");
  }
  std::optional<std::string> key_id;
  if (const auto id = header.find("kid"); id != header.end()) {
    if (!id->is_string()) return Malformed("has a key id that is no text");
    key_id = id->get<std::string>();
  }
  const std::optional<std::string> signature = DecodeBase64Url(signature_part);
  if (!signature.has_value()) return Malformed("has a signature that is not base64url");
  switch (keys.Verify(*algorithm, key_id, signed_text, *signature)) {
    case JsonWebKeySet::Verdict::kGood:
      return absl::OkStatus();
    case JsonWebKeySet::Verdict::kNoKey:
      return base::Unauthenticated("UNKNOWN_TOKEN_KEY",
                                   "the token is signed with a key that is not known");
    case JsonWebKeySet::Verdict::kBad:
      break;
  }
  return base::Unauthenticated("BAD_TOKEN_SIGNATURE", "the token's signature does not verify");
}

// A claim that is a moment; nothing when there is none, MALFORMED_TOKEN when it is something else.
absl::StatusOr<std::optional<absl::Time>> Moment(const json& claims, const char* name) {
  const auto claim = claims.find(name);
  if (claim == claims.end()) return std::nullopt;
  const double seconds = claim->is_number() ? claim->get<double>() : -1;
  if (!(seconds >= 0) || seconds > 1e11) {
    return Malformed(absl::StrCat("has a time \"", name, "\" that is no number of seconds"));
  }
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

absl::Status CheckTimes(const json& claims, const TokenRules& rules, absl::Time now) {
  CITY_ASSIGN_OR_RETURN(const std::optional<absl::Time> expires, Moment(claims, "exp"));
  CITY_ASSIGN_OR_RETURN(const std::optional<absl::Time> not_before, Moment(claims, "nbf"));
  CITY_ASSIGN_OR_RETURN(const std::optional<absl::Time> issued, Moment(claims, "iat"));
  if (!expires.has_value()) return Malformed("does not say when it expires");
  if (now >= *expires + rules.skew) {
    return base::Unauthenticated("TOKEN_EXPIRED", "the token has expired");
  }
  for (const std::optional<absl::Time>& begins : {not_before, issued}) {
    if (begins.has_value() && now < *begins - rules.skew) {
      return base::Unauthenticated("TOKEN_NOT_YET_VALID", "the token is not valid yet");
    }
  }
  return absl::OkStatus();
}

// Whether a claim is this text, or a list that holds it.
bool Names(const json& claims, const std::string& claim, const std::string& text) {
  const auto found = claims.find(claim);
  if (found == claims.end()) return false;
  if (found->is_array()) return std::find(found->begin(), found->end(), text) != found->end();
  return found->is_string() && found->get<std::string>() == text;
}

Role HighestRole(const json& claims, const std::string& claim) {
  for (const Role role : {Role::kOperator, Role::kDataOfficer, Role::kEditor}) {
    if (Names(claims, claim, std::string(RoleName(role)))) return role;
  }
  return Role::kReader;
}

absl::StatusOr<Principal> ReadPrincipal(const json& claims, const TokenRules& rules) {
  const auto issuer = claims.find("iss");
  if (issuer == claims.end() || !issuer->is_string() || *issuer != rules.issuer) {
    return base::Unauthenticated("WRONG_TOKEN_ISSUER", "the token is of another issuer");
  }
  if (!Names(claims, "aud", rules.audience)) {
    return base::Unauthenticated("WRONG_TOKEN_AUDIENCE", "the token is for somebody else");
  }
  const auto subject = claims.find("sub");
  const std::string name =
      subject != claims.end() && subject->is_string() ? subject->get<std::string>() : "";
  const bool printable = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  if (name.empty() || name.size() > kMaxNameBytes || !printable) {
    return Malformed("has no subject of 1 to 128 printable ASCII characters");
  }
  return Principal{.name = name, .role = HighestRole(claims, rules.role_claim)};
}

}  // namespace

bool LooksLikeToken(absl::string_view credential) {
  return std::count(credential.begin(), credential.end(), '.') == 2;
}

absl::StatusOr<Principal> VerifyToken(absl::string_view token, const JsonWebKeySet& keys,
                                      const TokenRules& rules, absl::Time now) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (token.size() > kMaxTokenBytes || parts.size() != 3) {
    return Malformed("has not the form of one, or is over 8 KiB");
  }
  CITY_ASSIGN_OR_RETURN(const json header, ReadObject(parts[0], "header"));
  CITY_RETURN_IF_ERROR(CheckHeader(header));
  const absl::string_view signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  CITY_RETURN_IF_ERROR(CheckSignature(header, signed_text, parts[2], keys));
  CITY_ASSIGN_OR_RETURN(const json claims, ReadObject(parts[1], "body"));
  CITY_RETURN_IF_ERROR(CheckTimes(claims, rules, now));
  return ReadPrincipal(claims, rules);
}

}  // namespace cityinfo::auth
