// EncodeJson against protobuf's own printer, over every message of the contract.
#include "services/gateway/transcoding/json_writer.h"

#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "cityinfo/articles/v1/article_service.pb.h"
#include "cityinfo/gateway/v1/city_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "services/gateway/transcoding/json_encoder.h"
#include "services/gateway/transcoding/json_layout.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

namespace pb = google::protobuf;
namespace mv1 = cityinfo::metrics::v1;

// Fills messages at random: every kind of field, with the values that are easy to get wrong.
class RandomMessages {
 public:
  explicit RandomMessages(unsigned seed) : random_(seed) {}

  void Fill(pb::Message* message, int depth) {
    if (message->GetDescriptor()->full_name() == "google.protobuf.Timestamp") {
      auto* time = dynamic_cast<pb::Timestamp*>(message);
      constexpr int64_t kSeconds[] = {0, -62135596800, 253402300799, -1, 951782400, 1640000000};
      constexpr int kNanos[] = {0, 120'000'000, 1'000, 999'999'999, 5, 10'000'000};
      time->set_seconds(Any(2) == 0 ? kSeconds[Any(6)]
                                    : static_cast<int64_t>(random_() % 4'000'000'000u));
      time->set_nanos(kNanos[Any(6)]);
      return;
    }
    const pb::Descriptor& type = *message->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const pb::FieldDescriptor& field = *type.field(i);
      if (Any(3) == 0 || (depth > 3 && field.message_type() != nullptr)) continue;
      // What is in an Any has a type of its own.
      if (field.message_type() != nullptr &&
          field.message_type()->full_name() == "google.protobuf.Any") {
        continue;
      }
      const int count = field.is_repeated() ? Any(4) : 1;
      for (int n = 0; n < count; ++n) Set(message, field, depth);
    }
  }

 private:
  int Any(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  template <typename Integer>
  Integer AnyInteger() {
    using Limits = std::numeric_limits<Integer>;
    constexpr Integer kEdges[] = {0, 1, 7, Limits::min(), Limits::max()};
    return Any(2) == 0 ? kEdges[Any(5)]
                       : static_cast<Integer>(random_() * uint64_t{0x9e3779b97f4a7c15});
  }

  double AnyDouble() {
    constexpr double kEdges[] = {0,    -0.0,   1,     -1,   0.1,  281.76, 1e15,  999999999999999,
                                 1e-7, 5e-324, 1e300, 23.6, 1e22, 2.5,    100.3, -3.1};
    switch (Any(4)) {
      case 0:
        return kEdges[Any(16)];
      case 1:
        return static_cast<double>(Any(1'000'000)) / 100;
      case 2: {
        const uint64_t bits = random_() * uint64_t{0x9e3779b97f4a7c15} ^ random_();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        return value;
      }
      default:
        return Any(2) == 0 ? INFINITY : -INFINITY;
    }
  }

  std::string AnyText() {
    static const std::vector<std::string> kPieces = {
        "凯里市地区生产总值",
        "plain",
        "\"",
        "\\",
        "/",
        "<b>&'",
        "\b\f\n\r\t",
        std::string("\0", 1),
        "\x1f\x7f",
        "\u0080\u009f\u00a0\u00ad",
        "é",
        "\u0600\u0603\u06dd\u070f",
        "\u17b4",
        "“引号”—…",
        "\u200b\u200f\u2010\u2027\u2028\u202e\u2060\u2064\u206a\u206f",
        "\ufeff\ufff9",
        "\ufffd",
        "😀",
        "\U0001d173\U0001d17b\U000e0001\U000e0020\U000e007f\U000e0080\U0010ffff",
        "\ud7ff\ue000",
        "＜全角＞"};
    std::string text;
    for (int n = Any(5); n > 0; --n) text += kPieces[static_cast<size_t>(Any(21))];
    return text;
  }

  void Set(pb::Message* message, const pb::FieldDescriptor& field, int depth) {
    const pb::Reflection& set = *message->GetReflection();
    const bool add = field.is_repeated();
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32: {
        const auto value = AnyInteger<int32_t>();
        return add ? set.AddInt32(message, &field, value) : set.SetInt32(message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_INT64: {
        const auto value = AnyInteger<int64_t>();
        return add ? set.AddInt64(message, &field, value) : set.SetInt64(message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_UINT32: {
        const auto value = AnyInteger<uint32_t>();
        return add ? set.AddUInt32(message, &field, value) : set.SetUInt32(message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_UINT64: {
        const auto value = AnyInteger<uint64_t>();
        return add ? set.AddUInt64(message, &field, value) : set.SetUInt64(message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_DOUBLE: {
        const double value = AnyDouble();
        return add ? set.AddDouble(message, &field, value) : set.SetDouble(message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_FLOAT:
        return add ? set.AddFloat(message, &field, 2.5f) : set.SetFloat(message, &field, 2.5f);
      case pb::FieldDescriptor::CPPTYPE_BOOL: {
        const bool value = Any(2) == 0;
        return add ? set.AddBool(message, &field, value) : set.SetBool(message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_ENUM: {
        // Also numbers that have no name.
        const int value = Any(12);
        return add ? set.AddEnumValue(message, &field, value)
                   : set.SetEnumValue(message, &field, value);
      }
      case pb::FieldDescriptor::CPPTYPE_STRING: {
        std::string value = AnyText();
        return add ? set.AddString(message, &field, std::move(value))
                   : set.SetString(message, &field, std::move(value));
      }
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(add ? set.AddMessage(message, &field) : set.MutableMessage(message, &field),
                    depth + 1);
    }
  }

  std::mt19937_64 random_;
};

std::vector<const pb::Descriptor*> ContractMessages() {
  std::vector<const pb::Descriptor*> all;
  for (const pb::Descriptor* one :
       {articles::v1::GetArticleRequest::descriptor(), articles::v1::Article::descriptor(),
        mv1::GetIndicatorRequest::descriptor(), mv1::Observation::descriptor(),
        mv1::Indicator::descriptor(), v1::GetHomeRequest::descriptor()}) {
    for (int i = 0; i < one->file()->message_type_count(); ++i) {
      all.push_back(one->file()->message_type(i));
    }
  }
  return all;
}

TEST(JsonWriter, EveryMessageOfTheContractIsAsProtobufPrintsIt) {
  int written = 0;
  int total = 0;
  for (const pb::Descriptor* type : ContractMessages()) {
    for (unsigned seed = 0; seed < 60; ++seed) {
      std::unique_ptr<pb::Message> message(
          pb::MessageFactory::generated_factory()->GetPrototype(type)->New());
      RandomMessages(seed).Fill(message.get(), 0);
      const std::string bytes = message->SerializeAsString();
      ASSERT_OK_AND_ASSIGN(const std::string expected, EncodeJsonByProtobuf(type, bytes));
      ASSERT_OK_AND_ASSIGN(const std::string json, EncodeJson(type, bytes));
      ASSERT_EQ(json, expected) << type->full_name() << " seed " << seed;
      std::string own;
      ++total;
      if (!WriteJson(JsonLayout::Of(type), bytes, &own)) continue;
      ++written;
      ASSERT_EQ(own, expected);
    }
  }
  // Field masks, and errors with their details, are protobuf's.
  EXPECT_GT(written, total * 9 / 10);
}

TEST(JsonWriter, WhatPeopleReadMostNeedsNoHelp) {
  for (const pb::Descriptor* type :
       {articles::v1::Article::descriptor(), articles::v1::ListArticlesResponse::descriptor(),
        articles::v1::SearchArticlesResponse::descriptor(),
        mv1::QueryObservationsResponse::descriptor(), mv1::ListFiguresResponse::descriptor(),
        mv1::ListProgressResponse::descriptor(), v1::HomePage::descriptor(),
        v1::ArticlePage::descriptor(), v1::IndicatorPage::descriptor()}) {
    EXPECT_TRUE(JsonLayout::Of(type).supported) << type->full_name();
  }
}

TEST(JsonWriter, BytesThatAreNoMessageAreLeftToProtobuf) {
  mv1::QueryObservationsResponse response;
  for (unsigned seed = 0; seed < 4; ++seed) {
    RandomMessages(seed).Fill(response.add_observations(), 0);
  }
  const std::string whole = response.SerializeAsString();
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = whole.substr(0, round % 3 == 0 ? random() % whole.size() : whole.size());
    for (int i = round % 3; i > 0 && !bytes.empty(); --i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const auto expected = EncodeJsonByProtobuf(mv1::QueryObservationsResponse::descriptor(), bytes);
    const auto json = EncodeJson(mv1::QueryObservationsResponse::descriptor(), bytes);
    ASSERT_EQ(json.ok(), expected.ok()) << round;
    if (json.ok()) {
      ASSERT_EQ(*json, *expected) << round;
    }
  }
}

TEST(JsonWriter, FieldsInAnyOrderAndUnknownOnesAreRead) {
  mv1::Observation one;
  one.set_indicator("gdp");
  one.set_vintage(3);
  mv1::Observation two;
  two.set_name("observations/x");
  // Later numbers first, and one nobody knows.
  const std::string bytes =
      one.SerializeAsString() + std::string("\xf8\x07\x05", 3) + two.SerializeAsString();
  ASSERT_OK_AND_ASSIGN(const std::string expected,
                       EncodeJsonByProtobuf(mv1::Observation::descriptor(), bytes));
  std::string json;
  ASSERT_TRUE(WriteJson(JsonLayout::Of(mv1::Observation::descriptor()), bytes, &json));
  EXPECT_EQ(json, expected);
}

}  // namespace
}  // namespace cityinfo::gateway
