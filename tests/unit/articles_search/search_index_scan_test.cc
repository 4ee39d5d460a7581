#include <algorithm>
#include <map>
#include <random>

#include "platform/base/utf8.h"
#include "services/articles/search/text_folding.h"
#include "tests/unit/articles_search/search_index_fixture.h"

namespace cityinfo::articles {
namespace {

// The index against a plain scan over the articles: random questions, cut from random articles,
// between random changes, must be answered alike.

const std::vector<std::string>& Sentences() {
  static const auto* const sentences =
      new std::vector<std::string>{"清水江畔的步道昨天贯通，全长12.6公里。",
                                   "鄉村振興，產業先行；臺灣同胞來訪。",
                                   "ＧＤＰ增长８．５％，ＣＰＩ上涨２％。",
                                   "Merry Christmas! The iPhone costs ¥5999.",
                                   "“一带一路”沿线的国家和地区",
                                   "龙舟赛在端午节举行，龙舟，龙舟！",
                                   "共30㎡的小店，①号柜台，℃",
                                   "Cafe\u0301 与 naïve，Straße，İstanbul",
                                   "😀👨‍👩‍👧 笑脸，𠮷野家",
                                   "한국어 기사 한 편",
                                   "ｶﾞﾗｽ与ガラス",
                                   "哈哈哈哈哈",
                                   "COVID-19疫情 - 通报",
                                   "aaaaab aaaab ababab",
                                   "他说：「好」。『好』？好！",
                                   "通车 仪式 在 今天 上午 举行"};
  return *sentences;
}

class PlainScan {
 public:
  explicit PlainScan(uint32_t seed) : random_(seed) {}

  size_t Roll(size_t sides) { return random_() % sides; }

  Article RandomArticle(int64_t sequence) {
    Article article{.id = absl::StrCat("article", sequence),
                    .sequence = sequence,
                    .state = ArticleState::kPublished};
    ArticleContent& content = article.content;
    content.title = RandomText(2);
    for (size_t i = Roll(4); i > 0; --i) content.blocks.push_back({.text = RandomText(5)});
    content.publish_date = base::DateFromDays(19'000 + static_cast<int64_t>(Roll(6)));
    content.section = Roll(3) == 0 ? "" : absl::StrCat("版", Roll(3));
    for (size_t i = Roll(3); i > 0; --i) content.tags.push_back(absl::StrCat("标签", Roll(4)));
    content.publication = absl::StrCat("报", Roll(2));
    Reschedule(&article);
    return article;
  }

  // Gives it another state and other times.
  void Reschedule(Article* article) {
    static constexpr ArticleState kStates[] = {ArticleState::kPublished,   ArticleState::kPublished,
                                               ArticleState::kPublished,   ArticleState::kPublished,
                                               ArticleState::kScheduled,   ArticleState::kDraft,
                                               ArticleState::kUnpublished, ArticleState::kDeleted};
    article->state = kStates[Roll(8)];
    article->publish_time.reset();
    article->unpublish_time.reset();
    if (article->state == ArticleState::kScheduled) {
      article->publish_time = absl::FromUnixSeconds(static_cast<int64_t>(Roll(100)));
    }
    if (Roll(5) == 0) article->unpublish_time = absl::FromUnixSeconds(100 + Roll(100));
  }

  // A piece of some article, as somebody might type it.
  std::string RandomWord() {
    const Article& article = Any();
    const size_t block = Roll(article.content.blocks.size() + 1);
    const std::string& text =
        block == 0 ? article.content.title : article.content.blocks[block - 1].text;
    const base::CodePointIndex index(text);
    if (index.size() == 0) return "空";
    const int64_t begin = static_cast<int64_t>(Roll(static_cast<size_t>(index.size())));
    const int64_t length = static_cast<int64_t>(Roll(6) == 0 ? 1 + Roll(30) : 1 + Roll(5));
    return Variant(std::string(index.Substr(begin, begin + length)));
  }

  std::vector<int64_t> Scan(const std::vector<std::string>& words,
                            const std::vector<std::string>& excluded, const ArticleFilter& filter,
                            absl::Time now) const {
    std::vector<const Article*> found;
    for (const auto& entry : articles) {
      const Article& article = entry.second;
      const auto stands = [&](const std::string& word) { return Holds(article, word); };
      if (IsPublic(article, now) && Passes(article.content, filter) &&
          std::all_of(words.begin(), words.end(), stands) &&
          std::none_of(excluded.begin(), excluded.end(), stands)) {
        found.push_back(&article);
      }
    }
    std::sort(found.begin(), found.end(), [](const Article* a, const Article* b) {
      return std::tie(a->content.publish_date, a->sequence) >
             std::tie(b->content.publish_date, b->sequence);
    });
    std::vector<int64_t> sequences;
    for (const Article* article : found) sequences.push_back(article->sequence);
    return sequences;
  }

  const Article& Any() {
    auto it = articles.begin();
    std::advance(it, Roll(articles.size()));
    return it->second;
  }

  std::map<int64_t, Article> articles;

 private:
  std::string RandomText(size_t most) {
    std::string text;
    for (size_t i = 1 + Roll(most); i > 0; --i) text += Sentences()[Roll(Sentences().size())];
    return text;
  }

  // The same in another width, case or script.
  std::string Variant(std::string text) {
    const size_t kind = Roll(4);
    static const std::map<char32_t, char32_t> kTraditional = {
        {U'乡', U'鄉'}, {U'兴', U'興'}, {U'产', U'產'}, {U'业', U'業'}, {U'龙', U'龍'},
        {U'贯', U'貫'}, {U'国', U'國'}, {U'长', U'長'}, {U'赛', U'賽'}, {U'台', U'臺'}};
    std::string changed;
    for (size_t pos = 0; pos < text.size();) {
      char32_t c = base::DecodeCodePoint(text, &pos);
      const auto traditional = kTraditional.find(c);
      if (kind == 0 && c > U' ' && c < 0x7F) c += 0xFEE0;  // Full width.
      if (kind == 1 && c >= U'a' && c <= U'z') c -= U'a' - U'A';
      if (kind == 2 && traditional != kTraditional.end()) c = traditional->second;
      base::AppendUtf8(c, &changed);
    }
    return changed;
  }

  static bool Holds(const Article& article, const std::string& word) {
    const std::u16string folded = FoldText(word);
    if (FoldText(article.content.title).find(folded) != std::u16string::npos) return true;
    return std::any_of(article.content.blocks.begin(), article.content.blocks.end(),
                       [&](const Block& block) {
                         return FoldText(block.text).find(folded) != std::u16string::npos;
                       });
  }
  static bool IsPublic(const Article& article, absl::Time now) {
    if (article.unpublish_time && now >= *article.unpublish_time) return false;
    return article.state == ArticleState::kPublished ||
           (article.state == ArticleState::kScheduled && now >= *article.publish_time);
  }
  static bool Passes(const ArticleContent& content, const ArticleFilter& filter) {
    const auto& tags = content.tags;
    return (filter.section.empty() || filter.section == content.section) &&
           (filter.publication.empty() || filter.publication == content.publication) &&
           (filter.tag.empty() || std::find(tags.begin(), tags.end(), filter.tag) != tags.end()) &&
           (!filter.publish_date_from || content.publish_date >= *filter.publish_date_from) &&
           (!filter.publish_date_to || content.publish_date <= *filter.publish_date_to);
  }

  std::mt19937 random_;
};

class SearchIndexScanTest : public SearchIndexTest, public ::testing::WithParamInterface<uint32_t> {
 protected:
  // Some articles come, change, move or go.
  void Change(PlainScan& scan) {
    std::vector<ArticleChange> changes;
    for (size_t i = 1 + scan.Roll(20); i > 0; --i) {
      if (scan.articles.size() < 40 || scan.Roll(3) == 0) {
        // Not always in the order in which they were created.
        const auto sequence = static_cast<int64_t>(1 + scan.Roll(400));
        scan.articles[sequence] = scan.RandomArticle(sequence);
        changes.push_back(Next(scan.articles[sequence]));
        continue;
      }
      const int64_t sequence = scan.Any().sequence;
      Article& article = scan.articles[sequence];
      switch (scan.Roll(4)) {
        case 0:
          article = scan.RandomArticle(sequence);
          break;
        case 1:
          article.content.publish_date =
              base::DateFromDays(19'000 + static_cast<int64_t>(scan.Roll(6)));
          break;
        case 2:
          scan.Reschedule(&article);
          break;
        default:
          changes.push_back(Next({.id = article.id, .sequence = sequence}, /*purged=*/true));
          scan.articles.erase(sequence);
          continue;
      }
      changes.push_back(Next(article));
    }
    Apply(changes);
    if (scan.Roll(3) == 0) Apply(changes);
  }

  static ArticleFilter RandomFilter(PlainScan& scan) {
    ArticleFilter filter;
    if (scan.Roll(4) == 0) filter.section = absl::StrCat("版", scan.Roll(3));
    if (scan.Roll(6) == 0) filter.tag = absl::StrCat("标签", scan.Roll(4));
    if (scan.Roll(6) == 0) filter.publication = absl::StrCat("报", scan.Roll(2));
    if (scan.Roll(5) == 0) {
      filter.publish_date_from = base::DateFromDays(19'000 + static_cast<int64_t>(scan.Roll(6)));
    }
    if (scan.Roll(5) == 0) {
      filter.publish_date_to = base::DateFromDays(19'000 + static_cast<int64_t>(scan.Roll(6)));
    }
    return filter;
  }

  // Adds `word` to a query so that it is taken as it stands; false when that cannot be.
  static bool Type(PlainScan& scan, const std::string& word, bool excluded, std::string* query) {
    const std::u16string folded = FoldText(word);
    if (folded.empty() || folded.front() == u' ' || folded.back() == u' ' ||
        folded.find(u'"') != std::u16string::npos) {
      return false;
    }
    const bool plain = folded.find(u' ') == std::u16string::npos && folded.front() != u'-' &&
                       folded.front() != u'“' && folded.front() != u'「';
    const char* const mark = plain && scan.Roll(2) == 0 ? "" : "\"";
    absl::StrAppend(query,
                    query->empty()      ? ""
                    : scan.Roll(2) == 0 ? " "
                                        : "\u3000",
                    excluded ? "-" : "", mark, word, mark);
    return true;
  }

  std::vector<int64_t> WalkAll(SearchQuery query, absl::Time now) {
    std::vector<int64_t> all;
    for (int pages = 0; pages < 1000; ++pages) {
      const auto page = Find(query, now);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const int64_t sequence : SequencesOf(*page)) all.push_back(sequence);
      query.after = page->next;
      if (query.after.empty()) {
        EXPECT_EQ(page->total, all.size());
        EXPECT_FALSE(page->total_is_lower_bound);
        break;
      }
    }
    return all;
  }
};

TEST_P(SearchIndexScanTest, AnswersAsAPlainScanDoes) {
  PlainScan scan(GetParam());
  int questions = 0;
  int64_t matches = 0;
  for (int round = 0; round < 40; ++round) {
    Change(scan);
    if (round == 20) {
      index_.reset();
      index_ = Open();
      ASSERT_EQ(index_->fresh_because(), "");
    }
    for (int i = 0; i < 20 && !scan.articles.empty(); ++i) {
      std::vector<std::string> words;
      std::vector<std::string> excluded;
      SearchQuery query{.filter = RandomFilter(scan), .limit = static_cast<int>(1 + scan.Roll(9))};
      for (size_t count = 1 + (scan.Roll(2) == 0 ? scan.Roll(3) : 0); count > 0; --count) {
        const std::string word = scan.RandomWord();
        if (Type(scan, word, false, &query.text)) words.push_back(word);
      }
      if (scan.Roll(4) == 0) {
        const std::string word = scan.RandomWord();
        if (Type(scan, word, true, &query.text)) excluded.push_back(word);
      }
      if (words.empty()) continue;
      const absl::Time now = absl::FromUnixSeconds(static_cast<int64_t>(scan.Roll(220)));
      SCOPED_TRACE(absl::StrCat("query: ", query.text));
      std::vector<int64_t> expected = scan.Scan(words, excluded, query.filter, now);
      query.order = SearchOrder::kNewest;
      ASSERT_EQ(WalkAll(query, now), expected);
      query.order = SearchOrder::kRelevance;
      std::vector<int64_t> relevant = WalkAll(query, now);
      std::sort(relevant.begin(), relevant.end());
      std::sort(expected.begin(), expected.end());
      ASSERT_EQ(relevant, expected);
      ++questions;
      matches += static_cast<int64_t>(expected.size());
    }
  }
  EXPECT_GT(questions, 500);
  EXPECT_GT(matches, questions);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SearchIndexScanTest, ::testing::Range(1u, 6u));

}  // namespace
}  // namespace cityinfo::articles
