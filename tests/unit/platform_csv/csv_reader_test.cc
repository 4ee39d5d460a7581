#include "platform/csv/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/csv/csv_text.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "1:a|b", and the error at last.
std::vector<std::string> ReadAll(Reader reader) {
  std::vector<std::string> all;
  Record record;
  for (;;) {
    const absl::StatusOr<bool> more = reader.Next(&record);
    if (!more.ok()) {
      all.push_back(absl::StrCat(base::ErrorReason(more.status()), " ", more.status().message()));
      // It stays what it is.
      EXPECT_EQ(reader.Next(&record).status(), more.status());
      return all;
    }
    if (!*more) return all;
    std::string text = absl::StrCat(record.line, ":");
    for (size_t i = 0; i < record.fields.size(); ++i) {
      absl::StrAppend(&text, i == 0 ? "" : "|", record.fields[i]);
    }
    all.push_back(text);
  }
}
std::vector<std::string> ReadAll(absl::string_view text) { return ReadAll(Reader(text)); }

TEST(CsvReaderTest, RecordsAreReadWithTheirLines) {
  EXPECT_THAT(ReadAll("a,b\n1,2\n3,4"), ElementsAre("1:a|b", "2:1|2", "3:3|4"));
  EXPECT_THAT(ReadAll("a,b\r\n1,2\r\n"), ElementsAre("1:a|b", "2:1|2"));
  EXPECT_THAT(ReadAll("a\r1\r2\n"), ElementsAre("1:a", "2:1", "3:2"));
  EXPECT_THAT(ReadAll(""), IsEmpty());
  EXPECT_THAT(ReadAll("a,,\n"), ElementsAre("1:a||"));
  EXPECT_THAT(ReadAll(",b"), ElementsAre("1:|b"));
}

TEST(CsvReaderTest, QuotedFieldsMayHoldAnything) {
  EXPECT_THAT(ReadAll("\"a,\"\"b\"\"\",c\n"), ElementsAre("1:a,\"b\"|c"));
  EXPECT_THAT(ReadAll("\"one\ntwo\r\nthree\",x\r\nnext,y"),
              ElementsAre("1:one\ntwo\r\nthree|x", "4:next|y"));
  EXPECT_THAT(ReadAll("\"\",a"), ElementsAre("1:|a"));
}

TEST(CsvReaderTest, BlankRecordsArePassedOverButCounted) {
  EXPECT_THAT(ReadAll("\n\r\na,b\n,\n\"\",\n1,2\n\n"), ElementsAre("3:a|b", "6:1|2"));
}

TEST(CsvReaderTest, AByteOrderMarkIsNoPartOfTheFirstName) {
  EXPECT_THAT(ReadAll("\xEF\xBB\xBFindicator,值\n"), ElementsAre("1:indicator|值"));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF\"a\"\n"), ElementsAre("1:a"));
}

TEST(CsvReaderTest, WhatIsNoCsvIsNamedByItsLine) {
  EXPECT_THAT(
      ReadAll("a,b\n1,2\"\n3,4"),
      ElementsAre("1:a|b",
                  "MALFORMED_CSV line 2: a quote stands inside a field that is not quoted"));
  EXPECT_THAT(ReadAll("a\n\"1\" x\n"),
              ElementsAre("1:a", "MALFORMED_CSV line 2: text stands behind a closing quote"));
  EXPECT_THAT(
      ReadAll("a\n1\n\"2\n3\n"),
      ElementsAre("1:a", "2:1", "MALFORMED_CSV line 3: the quote that opens here is never closed"));
}

TEST(CsvReaderTest, BytesOfGbkAreRefusedWithAHint) {
  const std::vector<std::string> all = ReadAll("a\n\xD6\xB8\xB1\xEA,1\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_THAT(all[1], HasSubstr("TEXT_NOT_UTF8 line 2: is not UTF-8"));
  EXPECT_THAT(all[1], HasSubstr("iconv -f GBK -t UTF-8"));
}

TEST(CsvReaderTest, LimitsHold) {
  const Reader::Limits limits{.fields = 2, .field_bytes = 3};
  EXPECT_THAT(ReadAll(Reader("abc,de\n", limits)), ElementsAre("1:abc|de"));
  EXPECT_THAT(ReadAll(Reader("a\nabcd\n", limits)),
              ElementsAre("1:a", "CSV_LIMIT line 2: a field is longer than 3 bytes"));
  EXPECT_THAT(ReadAll(Reader("\"abcd\"\n", limits)),
              ElementsAre("CSV_LIMIT line 1: a field is longer than 3 bytes"));
  EXPECT_THAT(ReadAll(Reader("a,b,c\n", limits)),
              ElementsAre("CSV_LIMIT line 1: has more than 2 fields"));
}

TEST(CsvReaderTest, PiecesMayEndAnywhere) {
  const std::string text = "a,\"b\r\n\"\"c\"\"\"\r\n指标,2\r\n";
  for (size_t size = 1; size <= text.size(); ++size) {
    size_t at = 0;
    Reader reader([&]() -> absl::string_view {
      const absl::string_view piece = absl::string_view(text).substr(at, size);
      at += piece.size();
      return piece;
    });
    EXPECT_THAT(ReadAll(std::move(reader)), ElementsAre("1:a|b\r\n\"c\"", "3:指标|2")) << size;
  }
}

TEST(CsvTextTest, WhatIsWrittenIsRead) {
  const std::vector<std::string> fields = {"a", "", "b,c", "d\"e", "f\r\ng", "指标"};
  std::string text;
  AppendRecord(fields, &text);
  EXPECT_EQ(text, "a,,\"b,c\",\"d\"\"e\",\"f\r\ng\",指标\r\n");
  Reader reader(text);
  Record record;
  ASSERT_TRUE(*reader.Next(&record));
  EXPECT_EQ(record.fields, fields);
}

}  // namespace
}  // namespace cityinfo::csv
