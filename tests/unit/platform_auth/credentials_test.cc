#include "platform/auth/credentials.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/token_signer.h"
#include "tests/support/wait_until.h"

namespace cityinfo::auth {
namespace {

using testing::TokenSigner;
using testing::WaitUntil;

std::string Bearer(absl::string_view credential) { return absl::StrCat("Bearer ", credential); }

class CredentialsTest : public ::testing::Test {
 protected:
  Credentials::Options WithKeys(const std::string& text) {
    Put("keys", text);
    return {.key_file = dir_.File("keys"), .period = absl::Milliseconds(5)};
  }

  // At once, as an editor or an orchestrator would replace it.
  void Put(const std::string& name, const std::string& text) {
    dir_.Write(name + ".new", text);
    ASSERT_EQ(std::rename(dir_.File(name + ".new").c_str(), dir_.File(name).c_str()), 0);
  }

  std::string Line(const std::string& name, Role role, const std::string& key) {
    return absl::StrCat(*KeyFileLine(name, role, key), "\n");
  }

  testing::TempDir dir_;
  telemetry::Metrics metrics_;
};

TEST_F(CredentialsTest, KeysComeAndGoWithoutARestart) {
  const std::string old_key = GenerateKey();
  const std::string new_key = GenerateKey();
  ASSERT_OK_AND_ASSIGN(
      const auto credentials,
      Credentials::Start(WithKeys(Line("li.na", Role::kEditor, old_key)), metrics_));
  ASSERT_OK_AND_ASSIGN(const Principal principal, credentials->Authenticate(Bearer(old_key)));
  EXPECT_EQ(principal.name, "li.na");
  Put("keys", Line("wang", Role::kOperator, new_key));
  EXPECT_TRUE(WaitUntil([&] { return credentials->Authenticate(Bearer(new_key)).ok(); }));
  EXPECT_EQ(base::ErrorReason(credentials->Authenticate(Bearer(old_key)).status()), "UNKNOWN_KEY");
}

TEST_F(CredentialsTest, WhatIsNotGoodLeavesTheLastGoodOnesInUse) {
  const std::string key = GenerateKey();
  ASSERT_OK_AND_ASSIGN(const auto credentials,
                       Credentials::Start(WithKeys(Line("li", Role::kEditor, key)), metrics_));
  Put("keys", "half a li");
  EXPECT_TRUE(WaitUntil([&] {
    return metrics_.RenderText().find(
               R"(cityinfo_auth_reloads_total{file="keys",result="refused"} 1)") !=
           std::string::npos;
  })) << metrics_.RenderText();
  EXPECT_OK(credentials->Authenticate(Bearer(key)));
  std::remove(dir_.File("keys").c_str());
  EXPECT_TRUE(WaitUntil([&] {
    return metrics_.RenderText().find(
               R"(cityinfo_auth_reloads_total{file="keys",result="refused"} 2)") !=
           std::string::npos;
  })) << metrics_.RenderText();
  EXPECT_OK(credentials->Authenticate(Bearer(key)));
}

TEST_F(CredentialsTest, TokensAreBelievedByTheKeysOfTheMoment) {
  const TokenSigner first(TokenSigner::Kind::kEd25519, "1");
  const TokenSigner second(TokenSigner::Kind::kP256, "2");
  const std::string claims =
      absl::StrCat(R"({"iss":"i","aud":"a","sub":"li","role":"data_officer","exp":)",
                   absl::ToUnixSeconds(absl::Now() + absl::Hours(1)), "}");
  Put("jwks", first.KeySet());
  const std::string key = GenerateKey();
  Credentials::Options options = WithKeys(Line("wang", Role::kEditor, key));
  options.key_set = dir_.File("jwks");
  options.token_rules = {.issuer = "i", .audience = "a"};
  ASSERT_OK_AND_ASSIGN(const auto credentials, Credentials::Start(options, metrics_));
  ASSERT_OK_AND_ASSIGN(const Principal principal,
                       credentials->Authenticate(Bearer(first.Sign(claims))));
  EXPECT_EQ(principal.role, Role::kDataOfficer);
  EXPECT_OK(credentials->Authenticate(Bearer(key)));
  Put("jwks", second.KeySet());
  EXPECT_TRUE(
      WaitUntil([&] { return credentials->Authenticate(Bearer(second.Sign(claims))).ok(); }));
  EXPECT_EQ(base::ErrorReason(credentials->Authenticate(Bearer(first.Sign(claims))).status()),
            "UNKNOWN_TOKEN_KEY");
}

TEST_F(CredentialsTest, WithoutAKeySetATokenIsAnUnknownKey) {
  const TokenSigner signer(TokenSigner::Kind::kEd25519, "1");
  ASSERT_OK_AND_ASSIGN(const auto credentials, Credentials::Start({}, metrics_));
  EXPECT_EQ(base::ErrorReason(credentials->Authenticate(Bearer(signer.Sign("{}"))).status()),
            "UNKNOWN_KEY");
}

TEST_F(CredentialsTest, ABadFileAtTheStartIsNotForgiven) {
  EXPECT_FALSE(Credentials::Start(WithKeys("half a li"), metrics_).ok());
  EXPECT_FALSE(Credentials::Start({.key_set = dir_.File("none")}, metrics_).ok());
}

}  // namespace
}  // namespace cityinfo::auth
