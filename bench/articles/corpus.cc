#include "bench/articles/corpus.h"

#include <array>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "bench/baseline/random.h"
#include "platform/base/utf8.h"

namespace cityinfo::bench {
namespace {

const int64_t kFirstDay = base::DaysSinceEpoch({.year = 2008, .month = 1, .day = 1});

// An article ends with the paragraph that reaches its length, which is drawn from this range; with
// half a paragraph of overshoot and the title the mean is about 550 characters.
constexpr size_t kShortest = 200;
constexpr size_t kLongest = 710;

constexpr std::array kSections = {"要闻", "综合新闻", "经济", "社会", "民生", "教育",
                                  "文化", "体育",     "国际", "评论", "健康", "副刊"};
constexpr std::array kPublications = {"样例日报", "样例晚报", "样例都市报", "样例周刊"};
constexpr std::array kPlaces = {"522601", "522622", "522625", "522631", "522632",
                                "5226",   "5201",   "52",     "100000"};
constexpr std::array kTopics = {"交通", "教育", "医疗", "住房", "旅游", "农业", "工业", "环保",
                                "科技", "就业", "养老", "文化", "体育", "消防", "税务", "供水"};
constexpr int kTagsOfATopic = 12;

// Small numbers are drawn more often, as with real labels.
size_t Skewed(Random& random, size_t bound) { return random.Below(random.Below(bound) + 1); }

std::string Tag(size_t number) {
  const std::string topic = kTopics[number % kTopics.size()];
  const size_t series = number / kTopics.size();
  return series == 0 ? topic : absl::StrCat(topic, series);
}

}  // namespace

Corpus::Corpus(const std::vector<NewsItem>& news, const Options& options) : options_(options) {
  for (const NewsItem& item : news) {
    titles_.push_back(item.title);
    paragraphs_.insert(paragraphs_.end(), item.paragraphs.begin(), item.paragraphs.end());
  }
}

base::Date Corpus::DayOf(int64_t i, uint64_t random) const {
  const int64_t day = options_.shuffled_days
                          ? static_cast<int64_t>(random % static_cast<uint64_t>(options_.days))
                          : i * options_.days / options_.articles;
  return base::DateFromDays(kFirstDay + day);
}

articles::ArticleContent Corpus::Make(int64_t i) const {
  Random random(options_.seed * 0x100000001B3 + static_cast<uint64_t>(i));
  articles::ArticleContent content{
      .title = titles_[random.Below(titles_.size())],
      .section = kSections[Skewed(random, kSections.size())],
      .publication = kPublications[random.Below(kPublications.size())],
      .publish_date = DayOf(i, random.Next()),
      .page = absl::StrCat(random.Below(2) == 0 ? "A" : "B", 1 + random.Below(8)),
      .place = kPlaces[Skewed(random, kPlaces.size())]};
  for (size_t tags = random.Below(4); tags > 0; --tags) {
    const std::string tag = Tag(Skewed(random, kTopics.size() * kTagsOfATopic));
    bool new_tag = true;
    for (const std::string& other : content.tags) new_tag = new_tag && other != tag;
    if (new_tag) content.tags.push_back(tag);
  }
  const size_t wanted = kShortest + random.Below(kLongest - kShortest);
  for (size_t length = 0; length < wanted;) {
    const std::string& paragraph = paragraphs_[random.Below(paragraphs_.size())];
    length += static_cast<size_t>(base::CountCodePoints(paragraph));
    content.blocks.push_back({.kind = articles::BlockKind::kParagraph, .text = paragraph});
  }
  return content;
}

std::string TextOf(const articles::ArticleContent& content) {
  std::string text = content.title;
  for (const articles::Block& block : content.blocks) absl::StrAppend(&text, "\n", block.text);
  return text;
}

}  // namespace cityinfo::bench
