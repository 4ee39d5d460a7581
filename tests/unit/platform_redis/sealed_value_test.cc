#include "platform/redis/sealed_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cityinfo::redis {
namespace {

TEST(SealedValueTest, ComesBackAsItWas) {
  for (const std::string& value : {std::string(), std::string("x"), std::string(100000, '\0')}) {
    const std::string sealed = Seal("key", value);
    ASSERT_TRUE(Unseal("key", sealed).has_value());
    EXPECT_EQ(*Unseal("key", sealed), value);
  }
}

TEST(SealedValueTest, EveryChangedByteIsNoticed) {
  const std::string sealed = Seal("key", "the value");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Unseal("key", changed).has_value()) << "byte " << i;
  }
}

TEST(SealedValueTest, EveryCutIsNoticed) {
  const std::string sealed = Seal("key", "the value");
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(Unseal("key", absl::string_view(sealed).substr(0, size)).has_value()) << size;
  }
}

TEST(SealedValueTest, AnotherKeysValueIsNotOurs) {
  EXPECT_FALSE(Unseal("other", Seal("key", "value")).has_value());
  EXPECT_FALSE(Unseal("ke", Seal("key", "value")).has_value());
}

}  // namespace
}  // namespace cityinfo::redis
