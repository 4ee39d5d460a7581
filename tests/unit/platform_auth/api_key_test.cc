#include "platform/auth/api_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;

TEST(ApiKeyTest, AGeneratedKeyOpensAndAnotherDoesNot) {
  const std::string key = GenerateKey();
  EXPECT_EQ(key.size(), 48u);
  EXPECT_NE(key, GenerateKey());
  ASSERT_OK_AND_ASSIGN(const std::string line, KeyFileLine("li.na", Role::kEditor, key));
  EXPECT_THAT(line, Not(HasSubstr(key)));
  ASSERT_OK_AND_ASSIGN(const KeyRing ring, KeyRing::Parse(line));
  ASSERT_OK_AND_ASSIGN(const Principal principal, ring.Authenticate("Bearer " + key));
  EXPECT_EQ(principal.name, "li.na");
  EXPECT_EQ(principal.role, Role::kEditor);
  EXPECT_OK(ring.Authenticate("bearer  " + key + " "));
  EXPECT_THAT(ring.Authenticate("Bearer " + GenerateKey()),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(ApiKeyTest, SaysWhatIsMissing) {
  const KeyRing ring;
  EXPECT_EQ(base::ErrorReason(ring.Authenticate("").status()), "MISSING_KEY");
  EXPECT_EQ(base::ErrorReason(ring.Authenticate("Basic YTpi").status()), "MALFORMED_AUTHORIZATION");
  EXPECT_EQ(base::ErrorReason(ring.Authenticate("Bearer x").status()), "UNKNOWN_KEY");
}

TEST(ApiKeyTest, RolesIncludeTheOnesBelow) {
  const Principal officer{.name = "wu", .role = Role::kDataOfficer};
  EXPECT_TRUE(officer.May(Role::kReader));
  EXPECT_TRUE(officer.May(Role::kEditor));
  EXPECT_TRUE(officer.May(Role::kDataOfficer));
  EXPECT_FALSE(officer.May(Role::kOperator));
  for (const Role role : {Role::kReader, Role::kEditor, Role::kDataOfficer, Role::kOperator}) {
    ASSERT_OK_AND_ASSIGN(const Role parsed, ParseRole(RoleName(role)));
    EXPECT_EQ(parsed, role);
  }
  EXPECT_THAT(ParseRole("king"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("king")));
}

TEST(ApiKeyTest, ReadsAFileWithCommentsAndManyKeys) {
  ASSERT_OK_AND_ASSIGN(const std::string a, KeyFileLine("a", Role::kReader, "key a"));
  ASSERT_OK_AND_ASSIGN(const std::string b, KeyFileLine("b", Role::kOperator, "key b"));
  const testing::TempDir dir;
  const std::string path = dir.Write("keys", absl::StrCat("# keys\r\n\n", a, "\n  ", b, "  \n"));
  ASSERT_OK_AND_ASSIGN(const KeyRing ring, KeyRing::Load(path));
  EXPECT_EQ(ring.size(), 2u);
  ASSERT_OK_AND_ASSIGN(const Principal principal, ring.Authenticate("Bearer key b"));
  EXPECT_EQ(principal.name, "b");
  EXPECT_THAT(KeyRing::Load(dir.File("none")), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(ApiKeyTest, ABadLineIsNamedButNotShown) {
  const std::string hash(64, 'a');
  const std::vector<std::string> lines = {"secret",
                                          "a:editor:secret",
                                          "a:king:" + hash,
                                          "a b:editor:" + hash,
                                          ":editor:" + hash,
                                          "a:editor:" + std::string(64, 'g'),
                                          "a:editor:" + hash + ":x"};
  for (const std::string& line : lines) {
    EXPECT_THAT(KeyRing::Parse("\n" + line),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         AllOf(HasSubstr("line 2"), Not(HasSubstr("secret")))))
        << line;
  }
  EXPECT_THAT(KeyFileLine("a:b", Role::kReader, "k"), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cityinfo::auth
