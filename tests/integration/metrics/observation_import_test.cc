// ImportObservations over the wire: the real service, its store, a stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/rpc/stream_writer.h"
#include "tests/integration/metrics/metrics_process.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::testing::HasSubstr;
using Stub = v1::MetricService::Stub;
using Parts = std::vector<v1::ImportObservationsRequest>;

class ObservationImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(service_, MetricsProcess::Start(data_.path().string()));
  }

  static v1::Observation Row(int year, const std::string& value, const std::string& unit = "亿元") {
    v1::Observation row;
    row.set_indicator("gdp");
    row.set_place("522601");
    row.set_measure(v1::LEVEL);
    row.set_kind(v1::ACTUAL);
    row.set_period(absl::StrCat(year));
    row.set_exact_value(value);
    row.set_unit(unit);
    row.mutable_publish_date()->set_year(2021);
    row.mutable_publish_date()->set_month(12);
    row.mutable_publish_date()->set_day(30);
    return row;
  }
  static v1::ImportObservationsRequest Part(const std::vector<v1::Observation>& rows) {
    v1::ImportObservationsRequest part;
    part.set_source("试验年鉴");
    for (const v1::Observation& row : rows) *part.add_observations() = row;
    return part;
  }
  absl::StatusOr<v1::ImportObservationsResponse> Import(const Parts& parts) {
    auto writer =
        rpc::StreamWriter<v1::ImportObservationsRequest, v1::ImportObservationsResponse>::Open(
            service_->stub(), &Stub::ImportObservations, {.wait_for_ready = true});
    for (const auto& part : parts) {
      if (!writer->Write(part)) break;
    }
    return writer->Finish();
  }
  // "2020 281.76亿元 28176000000", one a year.
  std::vector<std::string> Stored() {
    const auto all = service_->Call(&Stub::QueryObservations, {});
    EXPECT_OK(all);
    std::vector<std::string> texts;
    for (const v1::Observation& one : all->observations()) {
      texts.push_back(absl::StrCat(one.period(), " ", one.printed(), " ", one.exact_value()));
    }
    return texts;
  }

  testing::TempDir data_;
  std::unique_ptr<MetricsProcess> service_;
};

TEST_F(ObservationImportTest, GoodRowsAreStoredAndBadOnesNamed) {
  v1::ImportObservationsRequest second = Part({Row(2021, "300"), Row(2020, "281.8")});
  second.set_first_row(10);
  const auto answer = Import(
      {Part({Row(2019, "270.5"), Row(2020, "12,5"), Row(2020, "281.76"), Row(2018, "1", "吨")}),
       second});
  ASSERT_OK(answer);
  EXPECT_EQ(answer->stored(), 4);
  EXPECT_EQ(answer->unchanged(), 0);
  EXPECT_EQ(answer->failed(), 2);
  ASSERT_EQ(answer->errors_size(), 2);
  EXPECT_EQ(answer->errors(0).row(), 2);
  EXPECT_EQ(answer->errors(0).field(), "exact_value");
  EXPECT_EQ(answer->errors(1).row(), 4);
  EXPECT_EQ(answer->errors(1).field(), "unit");
  EXPECT_THAT(answer->errors(1).description(), HasSubstr("\"吨\""));
  ASSERT_EQ(answer->edits_size(), 4);
  EXPECT_EQ(answer->edits(2).row(), 10);
  EXPECT_EQ(answer->edits(3).row(), 11);
  EXPECT_EQ(answer->edits(3).before().printed(), "281.76亿元");
  EXPECT_EQ(answer->edits(3).after().printed(), "281.8亿元");
  EXPECT_EQ(answer->edits(3).after().source(), "试验年鉴");
  EXPECT_THAT(Stored(),
              ::testing::ElementsAre("2019 270.5亿元 27050000000", "2020 281.8亿元 28180000000",
                                     "2021 300亿元 30000000000"));
  const auto again = Import({Part({Row(2019, "270.5"), Row(2020, "281.8")})});
  ASSERT_OK(again);
  EXPECT_EQ(again->stored(), 0);
  EXPECT_EQ(again->unchanged(), 2);
  EXPECT_EQ(again->edits_size(), 0);
}

TEST_F(ObservationImportTest, ADryRunSaysWhatWouldBeAndStoresNothing) {
  ASSERT_OK(Import({Part({Row(2020, "281.76")})}));
  v1::ImportObservationsRequest part =
      Part({Row(2020, "281.8"), Row(2021, "300"), Row(2021, "301")});
  part.set_validate_only(true);
  const auto foreseen = Import({part});
  ASSERT_OK(foreseen);
  EXPECT_EQ(foreseen->stored(), 3);
  EXPECT_EQ(foreseen->edits(0).before().printed(), "281.76亿元");
  EXPECT_TRUE(foreseen->edits(0).before().has_record_time());
  EXPECT_FALSE(foreseen->edits(0).after().has_record_time());
  EXPECT_FALSE(foreseen->edits(1).has_before());
  EXPECT_EQ(foreseen->edits(2).before().printed(), "300亿元");
  EXPECT_THAT(Stored(), ::testing::ElementsAre("2020 281.76亿元 28176000000"));

  v1::RecordObservationsRequest request;
  request.set_source("试验年鉴");
  request.set_validate_only(true);
  *request.add_observations() = Row(2022, "310");
  const auto record = service_->Call(&Stub::RecordObservations, request);
  ASSERT_OK(record);
  EXPECT_EQ(record->observations(0).exact_value(), "31000000000");
  EXPECT_FALSE(record->observations(0).has_record_time());
  EXPECT_EQ(Stored().size(), 1u);
}

TEST_F(ObservationImportTest, AStreamThatCannotGoOnSaysHowFarItCame) {
  EXPECT_THAT(Import({v1::ImportObservationsRequest()}).status().message(), HasSubstr("source"));
  const auto cut = Import({Part({Row(2019, "1"), Row(2020, "2")}), Part({})});
  EXPECT_EQ(cut.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(cut.status().message(), HasSubstr("the rows before 3"));
  EXPECT_EQ(Stored().size(), 2u);
  const auto none = Import({});
  ASSERT_OK(none);
  EXPECT_EQ(none->stored() + none->unchanged() + none->failed(), 0);
}

TEST_F(ObservationImportTest, ManyErrorsAndEditsAreCountedAndTheFirstAreTold) {
  Parts parts;
  for (int part = 0; part < 3; ++part) {
    std::vector<v1::Observation> rows;
    for (int i = 0; i < 1000; ++i)
      rows.push_back(Row(1000 + 500 * part + i / 2, i % 2 ? "1" : "x"));
    parts.push_back(Part(rows));
  }
  const auto answer = Import(parts);
  ASSERT_OK(answer);
  EXPECT_EQ(answer->stored(), 1500);
  EXPECT_EQ(answer->failed(), 1500);
  EXPECT_EQ(answer->errors_size(), 1000);
  EXPECT_EQ(answer->edits_size(), 1000);
  EXPECT_EQ(answer->errors(999).row(), 1999);
}

}  // namespace
}  // namespace cityinfo::metrics
