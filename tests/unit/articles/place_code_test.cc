#include "services/articles/domain/place_code.h"

#include <gtest/gtest.h>

#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

TEST(NormalisePlaceCode, DropsTheZerosOfTheLowerLevels) {
  EXPECT_EQ(NormalisePlaceCode("522600"), "5226");
  EXPECT_EQ(NormalisePlaceCode("520000"), "52");
  EXPECT_EQ(NormalisePlaceCode("5200"), "52");
  EXPECT_EQ(NormalisePlaceCode("522601000"), "522601");
  EXPECT_EQ(NormalisePlaceCode("522600000"), "5226");
}

TEST(NormalisePlaceCode, LeavesWhatIsShortAlready) {
  for (const char* code : {"52", "5226", "522601", "522601001", "100000", "", "Kaili"}) {
    EXPECT_EQ(NormalisePlaceCode(code), code);
  }
  EXPECT_EQ(NormalisePlaceCode("100000000"), "100000");
}

TEST(ParsePlaceCode, KnowsThePlacesOfTheCatalogue) {
  for (const char* code : {"100000", "52", "5226", "522601", "522601001", "522636"}) {
    EXPECT_THAT(ParsePlaceCode(code, "place"), testing::IsOkAndHolds(std::string(code)));
  }
  EXPECT_THAT(ParsePlaceCode("522600", "place"), testing::IsOkAndHolds(std::string("5226")));
}

TEST(ParsePlaceCode, TellsAMalformedCodeFromAnUnknownOne) {
  for (const char* code : {"", "5", "522", "52260", "5226010011", "52a6", "凯里"}) {
    EXPECT_EQ(base::ErrorReason(ParsePlaceCode(code, "place").status()), "INVALID_PLACE") << code;
  }
  for (const char* code : {"99", "5299", "522699", "522601999"}) {
    EXPECT_EQ(base::ErrorReason(ParsePlaceCode(code, "place").status()), "UNKNOWN_PLACE") << code;
  }
}

}  // namespace
}  // namespace cityinfo::articles
