// How fast pages are split and figures extracted, beside decoding the same bytes as UTF-8:
//   cityinfo-bench-text FILE...
// The files, joined and repeated to about 1 MB, are read by both sides in turn for several rounds;
// what is printed are medians and the median of the rounds' ratios.
#include <algorithm>
#include <chrono>
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
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
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
  Compare("split, page by page", text, decode, [&] {
    for (size_t done = 0; done < text.size(); done += sample.size()) {
      sink = static_cast<int64_t>(articles::SplitPageText(sample).articles.size());
    }
  });
}
