// How fast the gateway writes and reads JSON, beside protobuf's own printer and parser:
//   cityinfo-bench-transcoding
// Both sides take turns over the same messages for several rounds; what is printed are medians, and
// the median of the rounds' ratios.
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "cityinfo/articles/v1/article_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "services/gateway/transcoding/json_decoder.h"
#include "services/gateway/transcoding/json_encoder.h"

namespace {

using namespace cityinfo;  // NOLINT(google-build-using-namespace)

constexpr int kRounds = 15;
constexpr int kRepeats = 300;

double MicrosecondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kRepeats; ++i) work();
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - begin;
  return spent.count() / kRepeats;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kRounds / 2, values.end());
  return values[kRounds / 2];
}

void Compare(const char* what, size_t bytes, const std::function<void()>& baseline,
             const std::function<void()>& subject) {
  std::vector<double> base, own, ratio;
  for (int round = 0; round < kRounds; ++round) {
    base.push_back(MicrosecondsOf(baseline));
    own.push_back(MicrosecondsOf(subject));
    ratio.push_back(base.back() / own.back());
  }
  std::printf("| %-26s | %6zu | %8.1f | %8.1f | %6.1f |\n", what, bytes, Median(base), Median(own),
              Median(ratio));
}

// About 8 KB of JSON: a page of a list as a phone asks for it.
articles::v1::ListArticlesResponse Articles() {
  articles::v1::ListArticlesResponse list;
  for (int i = 0; i < 12; ++i) {
    articles::v1::Article& article = *list.add_articles();
    article.set_name("articles/0197a3c2b4d85e6f" + std::to_string(1000 + i));
    article.set_title("凯里市前三季度经济运行情况发布：“稳中有进”的态势没有变");
    article.set_byline("本报记者 潘晓梅 通讯员 杨光");
    article.set_section("要闻");
    article.set_publication("凯里日报");
    article.mutable_publish_date()->set_year(2021);
    article.mutable_publish_date()->set_month(12);
    article.mutable_publish_date()->set_day(20);
    article.set_revision(i + 1);
    article.mutable_create_time()->set_seconds(1'640'000'000 + i);
    article.mutable_create_time()->set_nanos(120'000'000);
    article.add_tags("经济");
    article.add_tags("统计");
    article.set_state(articles::v1::PUBLISHED);
  }
  list.set_next_page_token("eyJkIjoiMjAyMS0xMi0yMCJ9");
  return list;
}

metrics::v1::QueryObservationsResponse Observations() {
  metrics::v1::QueryObservationsResponse response;
  for (int i = 0; i < 10; ++i) {
    metrics::v1::Observation& one = *response.add_observations();
    one.set_name("observations/gdp.522601.LEVEL.ACTUAL." + std::to_string(2011 + i));
    one.set_indicator("gdp");
    one.set_indicator_name("地区生产总值");
    one.set_place("522601");
    one.set_measure(metrics::v1::LEVEL);
    one.set_kind(metrics::v1::ACTUAL);
    one.set_period(std::to_string(2011 + i));
    one.set_printed("281.76亿元");
    one.set_exact_value("28176000000");
    one.set_value(28'176'000'000.0 + i);
    one.set_unit("元");
    one.set_qualifier(metrics::v1::EXACT);
    one.set_vintage(1);
    one.mutable_publish_date()->set_year(2021);
    one.mutable_record_time()->set_seconds(1'640'000'000);
    metrics::v1::Citation& citation = *one.add_citations();
    citation.set_article("articles/0197a3c2b4d85e6f1000");
    citation.set_revision(2);
    citation.set_start(120);
    citation.set_end(171);
    citation.set_quote("全年全市地区生产总值达281.76亿元，比上年增长3.1%，经济运行稳中向好。");
    citation.set_article_title("2020年工作回顾");
  }
  return response;
}

template <typename Message>
void Measure(const char* name, const Message& message) {
  const std::string bytes = message.SerializeAsString();
  const std::string json = *gateway::EncodeJson(Message::descriptor(), bytes);
  Compare((std::string("print ") + name).c_str(), json.size(),
          [&] { gateway::EncodeJsonByProtobuf(Message::descriptor(), bytes).value(); },
          [&] { gateway::EncodeJson(Message::descriptor(), bytes).value(); });
  Compare((std::string("parse ") + name).c_str(), json.size(),
          [&] {
            Message parsed;
            if (!google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) std::abort();
          },
          [&] {
            Message parsed;
            if (!gateway::DecodeJson(json, "", &parsed).ok()) std::abort();
          });
}

}  // namespace

int main() {
  std::printf("| what                       |  bytes | protobuf us | own us | times faster |\n");
  std::printf("|---|---|---|---|---|\n");
  Measure("12 articles", Articles());
  Measure("10 observations", Observations());
}
