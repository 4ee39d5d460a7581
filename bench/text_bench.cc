// How fast pages are split and figures extracted, beside decoding the same bytes as UTF-8:
//   cityinfo-bench-text FILE...
// The files, joined and repeated to about 1 MB, are read by both sides in turn for several rounds;
// what is printed are medians and the median of the rounds' ratios. Then extraction from texts that
// are hard to read in linear time, each in two sizes: eight times the text should take eight times
// as long. All in time of one core (CPU time of the thread), so that neighbours do not count.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "platform/base/utf8.h"
#include "services/articles/pages/page_splitter.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/extraction/extractor.h"

namespace {

constexpr int kRounds = 9;
constexpr size_t kBytes = 1 << 20;

double SecondsOf(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void Compare(const char* name, const std::string& text, const std::function<void()>& baseline,
             const std::function<void()>& subject) {
  std::vector<double> base, own, ratio;
  for (int round = 0; round < kRounds; ++round) {
    base.push_back(SecondsOf(baseline));
    own.push_back(SecondsOf(subject));
    ratio.push_back(own.back() / base.back());
  }
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  std::printf("%-28s %8.1f MB/s   UTF-8 decoding %8.1f MB/s   time ratio %6.1f\n", name,
              megabytes / Median(own), megabytes / Median(base), Median(ratio));
}

// Pieces whose repetition tempts a reader of sentences to look back or ahead without end.
constexpr const char* kHard[] = {
    "1",           "1,",           "5 ",      "5—",
    "(5",          "(含",          "1:",      "一",
    "亿",          "、",           "甲和乙",  "分别",
    "高于",        "拉动",         "占",      "地区生产总值",
    "2020年",      "“十四五”",     "连续5年", "由2015年的",
    "初步核算",    "三成",         "第",      "\"",
    "产值5亿元，", "增长5%、6%和", "8.2个和", "甲、乙、丙分别增长1%、2%、3%，",
    "一、目标\n",  "甲业，"};

// The time of eight times as much text over eight times the time, for the worst of kHard.
void CompareSizes(const cityinfo::metrics::ExtractionContext& context) {
  constexpr size_t kSmall = 1 << 15;
  constexpr int kTimes = 8;
  constexpr int kSizeRounds = 3;
  double worst = 0;
  const char* worst_piece = "";
  for (const char* piece : kHard) {
    std::string small;
    while (small.size() < kSmall) small += piece;
    std::string large;
    for (int i = 0; i < kTimes; ++i) large += small;
    std::vector<double> ratios;
    for (int round = 0; round < kSizeRounds; ++round) {
      const double one = SecondsOf([&] { ExtractFigures(small, context); });
      ratios.push_back(SecondsOf([&] { ExtractFigures(large, context); }) / one / kTimes);
    }
    if (Median(ratios) > worst) {
      worst = Median(ratios);
      worst_piece = piece;
    }
  }
  std::printf("%-28s %8.2f times the time of linear, at worst: \"%s\" again and again\n",
              "extract, 8 times the text", worst, worst_piece);
}

std::string Read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  using namespace cityinfo;  // NOLINT(google-build-using-namespace)
  std::string sample, text;
  for (int i = 1; i < argc; ++i) sample += Read(argv[i]);
  if (sample.empty()) {
    std::fprintf(stderr, "usage: cityinfo-bench-text FILE...\n");
    return 2;
  }
  while (text.size() < kBytes) text += sample;
  volatile int64_t sink = 0;
  const auto decode = [&] { sink = base::CountCodePoints(text); };
  const metrics::ExtractionContext context{.publish_date = metrics::Period::Year(2021),
                                           .place_code = "522601",
                                           .catalogue = &metrics::Catalogue::Embedded()};
  Compare("extract, one text", text, decode,
          [&] { sink = static_cast<int64_t>(metrics::ExtractFigures(text, context).size()); });
  Compare("extract, page by page", text, decode, [&] {
    for (size_t done = 0; done < text.size(); done += sample.size()) {
      sink = static_cast<int64_t>(metrics::ExtractFigures(sample, context).size());
    }
  });
  CompareSizes(context);
  Compare("split, page by page", text, decode, [&] {
    for (size_t done = 0; done < text.size(); done += sample.size()) {
      sink = static_cast<int64_t>(articles::SplitPageText(sample).articles.size());
    }
  });
}
