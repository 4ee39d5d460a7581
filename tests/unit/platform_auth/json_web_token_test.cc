#include "platform/auth/json_web_token.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/token_signer.h"

namespace cityinfo::auth {
namespace {

using testing::Base64Url;
using testing::TokenSigner;
using Kind = TokenSigner::Kind;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
const TokenRules kRules = {.issuer = "https://login.example", .audience = "cityinfo"};

std::string Claims(absl::string_view more = R"("role":"editor")") {
  return absl::StrCat(R"({"iss":"https://login.example","aud":"cityinfo","sub":"li.na",)",
                      R"("iat":1789999990,"exp":1790000300)", more.empty() ? "" : ",", more, "}");
}

JsonWebKeySet Keys(const std::vector<const TokenSigner*>& signers) {
  std::vector<std::string> keys;
  for (const TokenSigner* signer : signers) keys.push_back(signer->PublicKey());
  auto set = JsonWebKeySet::Parse(absl::StrCat(R"({"keys":[)", absl::StrJoin(keys, ","), "]}"));
  EXPECT_OK(set);
  return *std::move(set);
}

std::string ReasonOf(const std::string& token, const JsonWebKeySet& keys, absl::Time now = kNow) {
  const auto principal = VerifyToken(token, keys, kRules, now);
  if (principal.ok()) return "good";
  EXPECT_EQ(principal.status().code(), absl::StatusCode::kUnauthenticated);
  return std::string(base::ErrorReason(principal.status()));
}

class EverySigner : public ::testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(JsonWebToken, EverySigner,
                         ::testing::Values(Kind::kRsa, Kind::kP256, Kind::kEd25519));

TEST_P(EverySigner, SpeaksForItsSubject) {
  const TokenSigner signer(GetParam(), "2026");
  const JsonWebKeySet keys = Keys({&signer});
  ASSERT_OK_AND_ASSIGN(const Principal principal,
                       VerifyToken(signer.Sign(Claims()), keys, kRules, kNow));
  EXPECT_EQ(principal.name, "li.na");
  EXPECT_EQ(principal.role, Role::kEditor);
}

TEST_P(EverySigner, ChangedOrOfAnotherKeyItSpeaksForNobody) {
  const TokenSigner signer(GetParam(), "2026");
  const TokenSigner other(GetParam(), "2026");
  const TokenSigner third(GetParam(), "2027");
  const JsonWebKeySet keys = Keys({&signer});
  EXPECT_EQ(ReasonOf(other.Sign(Claims()), keys), "BAD_TOKEN_SIGNATURE");
  EXPECT_EQ(ReasonOf(third.Sign(Claims()), keys), "UNKNOWN_TOKEN_KEY");
  const std::string good = signer.Sign(Claims());
  std::vector<std::string> parts = absl::StrSplit(good, '.');
  EXPECT_EQ(ReasonOf(absl::StrCat(parts[0], ".", Base64Url(Claims(R"("role":"operator")")), ".",
                                  parts[2]),
                     keys),
            "BAD_TOKEN_SIGNATURE");
  EXPECT_EQ(ReasonOf(absl::StrCat(parts[0], ".", parts[1], "."), keys), "BAD_TOKEN_SIGNATURE");
  // Every single bit of the signature counts.
  std::string signature;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[2], &signature));
  for (size_t i = 0; i < signature.size(); i += 7) {
    std::string bent = signature;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    EXPECT_EQ(ReasonOf(absl::StrCat(parts[0], ".", parts[1], ".", Base64Url(bent)), keys),
              "BAD_TOKEN_SIGNATURE");
  }
}

TEST(JsonWebToken, NoneAndSharedSecretsAreNotAllowed) {
  const TokenSigner signer(Kind::kRsa, "2026");
  const JsonWebKeySet keys = Keys({&signer});
  for (const char* algorithm : {"none", "None", "NONE", "", "HS256", "RS1", "PS256", "rs256"}) {
    const std::string header = absl::StrCat(R"({"alg":")", algorithm, R"(","kid":"2026"})");
    const std::string text = absl::StrCat(Base64Url(header), ".", Base64Url(Claims()));
    EXPECT_EQ(ReasonOf(absl::StrCat(text, "."), keys), "TOKEN_ALGORITHM_NOT_ALLOWED") << algorithm;
  }
  // The public key taken for a secret.
  const std::string text =
      absl::StrCat(Base64Url(R"({"alg":"HS256","kid":"2026"})"), ".", Base64Url(Claims()));
  const std::string pem = signer.PublicPem();
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), pem.data(), static_cast<int>(pem.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  EXPECT_EQ(ReasonOf(absl::StrCat(text, ".",
                                  Base64Url(absl::string_view(reinterpret_cast<char*>(mac), size))),
                     keys),
            "TOKEN_ALGORITHM_NOT_ALLOWED");
}

TEST(JsonWebToken, AKeyVerifiesByItsOwnAlgorithmOnly) {
  const TokenSigner rsa(Kind::kRsa, "a");
  const TokenSigner p256(Kind::kP256, "b");
  const JsonWebKeySet keys = Keys({&rsa, &p256});
  EXPECT_EQ(ReasonOf(rsa.Sign(R"({"alg":"ES256","kid":"a"})", Claims()), keys),
            "UNKNOWN_TOKEN_KEY");
  EXPECT_EQ(ReasonOf(rsa.Sign(R"({"alg":"ES256","kid":"b"})", Claims()), keys),
            "BAD_TOKEN_SIGNATURE");
  EXPECT_EQ(ReasonOf(p256.Sign(R"({"alg":"ES256"})", Claims()), keys), "good");
}

TEST(JsonWebToken, WithoutAKeyIdThereMustBeNoChoice) {
  const TokenSigner one(Kind::kP256, "a");
  const TokenSigner two(Kind::kP256, "b");
  EXPECT_EQ(ReasonOf(one.Sign(R"({"alg":"ES256"})", Claims()), Keys({&one})), "good");
  EXPECT_EQ(ReasonOf(one.Sign(R"({"alg":"ES256"})", Claims()), Keys({&one, &two})),
            "UNKNOWN_TOKEN_KEY");
}

TEST(JsonWebToken, ItsTimesAreHeldWithSkew) {
  const TokenSigner signer(Kind::kEd25519, "2026");
  const JsonWebKeySet keys = Keys({&signer});
  const std::string token = signer.Sign(Claims(R"("nbf":1789999980)"));
  const auto at = [](int64_t seconds) { return absl::FromUnixSeconds(seconds); };
  EXPECT_EQ(ReasonOf(token, keys, at(1'790'000'359)), "good");
  EXPECT_EQ(ReasonOf(token, keys, at(1'790'000'360)), "TOKEN_EXPIRED");
  EXPECT_EQ(ReasonOf(token, keys, at(1'789'999'930)), "good");
  EXPECT_EQ(ReasonOf(token, keys, at(1'789'999'929)), "TOKEN_NOT_YET_VALID");
  const std::string lasting =
      signer.Sign(R"({"iss":"https://login.example","aud":"cityinfo","sub":"li.na"})");
  EXPECT_EQ(ReasonOf(lasting, keys), "MALFORMED_TOKEN");
  for (const char* expiry : {R"("soon")", "-1", "1e300", "null", "[1]"}) {
    EXPECT_EQ(ReasonOf(signer.Sign(absl::StrCat(
                           R"({"iss":"https://login.example","aud":"cityinfo","sub":"x","exp":)",
                           expiry, "}")),
                       keys),
              "MALFORMED_TOKEN")
        << expiry;
  }
}

TEST(JsonWebToken, IssuerAudienceAndSubjectAreHeld) {
  const TokenSigner signer(Kind::kEd25519, "2026");
  const JsonWebKeySet keys = Keys({&signer});
  const auto with = [&](const char* from, const char* to) {
    return ReasonOf(signer.Sign(absl::StrReplaceAll(Claims(), {{from, to}})), keys);
  };
  EXPECT_EQ(with("login.example\"", "login.example.evil\""), "WRONG_TOKEN_ISSUER");
  EXPECT_EQ(with("\"iss\":\"https://login.example\",", ""), "WRONG_TOKEN_ISSUER");
  EXPECT_EQ(with("\"aud\":\"cityinfo\"", "\"aud\":\"cityinfo2\""), "WRONG_TOKEN_AUDIENCE");
  EXPECT_EQ(with("\"aud\":\"cityinfo\",", ""), "WRONG_TOKEN_AUDIENCE");
  EXPECT_EQ(with("\"aud\":\"cityinfo\"", "\"aud\":[\"x\",\"cityinfo\"]"), "good");
  EXPECT_EQ(with("\"sub\":\"li.na\"", "\"sub\":\"\""), "MALFORMED_TOKEN");
  EXPECT_EQ(with("\"sub\":\"li.na\"", "\"sub\":\"a\\nb\""), "MALFORMED_TOKEN");
  EXPECT_EQ(with("\"sub\":\"li.na\"", "\"sub\":7"), "MALFORMED_TOKEN");
}

TEST(JsonWebToken, TheHighestRoleItNamesCounts) {
  const TokenSigner signer(Kind::kEd25519, "2026");
  const JsonWebKeySet keys = Keys({&signer});
  const auto role = [&](absl::string_view claims) {
    auto principal = VerifyToken(signer.Sign(Claims(claims)), keys, kRules, kNow);
    EXPECT_OK(principal);
    return principal->role;
  };
  EXPECT_EQ(role(""), Role::kReader);
  EXPECT_EQ(role(R"("role":"emperor")"), Role::kReader);
  EXPECT_EQ(role(R"("role":["reader","data_officer","x",7])"), Role::kDataOfficer);
  EXPECT_EQ(role(R"("role":{"operator":true})"), Role::kReader);
}

TEST(JsonWebToken, WhatIsNoTokenIsRefused) {
  const TokenSigner signer(Kind::kEd25519, "2026");
  const JsonWebKeySet keys = Keys({&signer});
  const std::string good = signer.Sign(Claims());
  const std::string header = R"({"alg":"EdDSA","kid":"2026"})";
  std::vector<std::string> wrong = {"", ".", "..", "a.b.c", good + ".x", good + "=", " " + good};
  wrong.push_back(absl::StrReplaceAll(good, {{".", ".."}}));
  wrong.emplace_back(9000, 'a');
  wrong.back().append(".b.c");
  for (const char* bad_header :
       {"[]", R"({"alg":"EdDSA","kid":7})", R"({"alg":"EdDSA","crit":["exp"],"kid":"2026"})",
        R"({"alg":"EdDSA","typ":"logout+jwt","kid":"2026"})",
        R"({"alg":"none","alg":"EdDSA","kid":"2026"})"}) {
    wrong.push_back(signer.Sign(bad_header, Claims()));
  }
  for (const char* bad_claims : {"[1]", "{", R"({"sub":"a","sub":"b"})"}) {
    wrong.push_back(signer.Sign(header, bad_claims));
  }
  for (const std::string& token : wrong) {
    EXPECT_EQ(ReasonOf(token, keys), "MALFORMED_TOKEN") << token.substr(0, 80);
  }
  EXPECT_EQ(ReasonOf(good, JsonWebKeySet()), "UNKNOWN_TOKEN_KEY");
  EXPECT_TRUE(LooksLikeToken(good));
  EXPECT_FALSE(LooksLikeToken(GenerateKey()));
}

TEST(JsonWebKeySetTest, SaysWhatIsWrongWithAKey) {
  const auto problem = [](const std::string& key) {
    const auto set = JsonWebKeySet::Parse(absl::StrCat(R"({"keys":[)", key, "]}"));
    if (set.ok()) return std::string("good");
    EXPECT_EQ(base::ErrorReason(set.status()), "BAD_KEY_SET");
    return std::string(set.status().message());
  };
  const TokenSigner small(Kind::kRsa, "a", 1024);
  EXPECT_NE(problem(small.PublicKey()).find("1024 bits"), std::string::npos);
  const TokenSigner p256(Kind::kP256, "a");
  const std::string key = p256.PublicKey();
  EXPECT_EQ(problem(key), "good");
  EXPECT_NE(problem(absl::StrCat(key, ",", key)).find("two keys have the id \"a\""),
            std::string::npos);
  EXPECT_NE(problem(absl::StrReplaceAll(key, {{"{\"kty", "{\"d\":\"AQ\",\"kty"}}))
                .find("only public keys"),
            std::string::npos);
  EXPECT_NE(problem(R"({"kty":"oct","k":"c2VjcmV0"})").find("only public keys"), std::string::npos);
  std::string zeros(43, 'A');
  EXPECT_NE(problem(absl::StrCat(R"({"kty":"EC","crv":"P-256","kid":"a","x":")", zeros,
                                 R"(","y":")", zeros, R"("})"))
                .find("no point"),
            std::string::npos);
  EXPECT_NE(problem(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})").find("32 bytes"),
            std::string::npos);
  EXPECT_NE(problem("7").find("no object"), std::string::npos);
  for (const char* text : {"", "{}", "[]", R"({"keys":{}})", "{\"keys\":[}"}) {
    EXPECT_FALSE(JsonWebKeySet::Parse(text).ok()) << text;
  }
  EXPECT_EQ(base::ErrorReason(JsonWebKeySet::Load("/nowhere/keys").status()), "NO_KEY_SET");
}

TEST(JsonWebKeySetTest, PassesOverWhatIsNotForVerifying) {
  const TokenSigner p256(Kind::kP256, "a");
  const std::string key = p256.PublicKey();
  ASSERT_OK_AND_ASSIGN(
      const JsonWebKeySet set,
      JsonWebKeySet::Parse(absl::StrCat(
          R"({"keys":[{"kty":"future"},)", absl::StrReplaceAll(key, {{"\"sig\"", "\"enc\""}}), ",",
          absl::StrReplaceAll(key, {{"ES256", "ECDH-ES"}}), ",", key, "]}")));
  EXPECT_EQ(set.size(), 1u);
  EXPECT_EQ(set.ignored(), 3);
}

}  // namespace
}  // namespace cityinfo::auth
