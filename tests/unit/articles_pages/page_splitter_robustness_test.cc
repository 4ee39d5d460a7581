#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "services/articles/pages/page_splitter.h"
#include "services/articles/pages/page_text.h"

// Whatever the bytes: no crash, spans inside the page, nothing that was not there, and time that
// grows with the text and no faster.

namespace cityinfo::articles {
namespace {

constexpr std::size_t kFiveMegabytes = 5 << 20;

std::string Repeat(const std::string& text, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + text.size());
  while (out.size() < bytes) out += text;
  return out;
}

void ExpectSound(const std::string& page) {
  const PageText text(page);
  const auto size = static_cast<std::int64_t>(text.text().size());
  const auto inside = [size](const Span& span) {
    return 0 <= span.begin && span.begin <= span.end && span.end <= size;
  };
  const SplitResult result = SplitPageText(page);
  for (const Span& span : result.furniture.spans) EXPECT_TRUE(inside(span));
  for (const Doubt& doubt : result.doubts) EXPECT_TRUE(inside(doubt.span));
  for (const PageArticle& article : result.articles) {
    EXPECT_FALSE(article.title.empty());
    for (const Span& span : article.title_spans) EXPECT_TRUE(inside(span));
    for (const Doubt& doubt : article.doubts) EXPECT_TRUE(inside(doubt.span));
    for (const Block& block : article.blocks) {
      EXPECT_FALSE(block.text.empty());
      EXPECT_FALSE(block.spans.empty());
      for (const Span& span : block.spans) EXPECT_TRUE(inside(span));
    }
  }
}

TEST(PageSplitterRobustness, HostilePages) {
  const std::vector<std::string> pages = {
      "",
      "\n",
      "\r\n\r\n",
      "\xEF\xBB\xBF",
      "\xFF\xFE\x80\x80",
      "一",
      "——",
      "(上接",
      "(上接B1版)",
      "（）",
      "○",
      "记者",
      "通讯员 ",
      "。",
      "，\n，\n，",
      "标题\n——\n本报讯",
      "图为",
      "▲",
      "一、\n二、\n三、",
      "2021年13月40日 星期八 B99",
      "“\n”\n《\n》",
      std::string("a\0b\n\0\n", 7),
      "标题在这里\n本报讯\n\n" + std::string("\xE4\xB8"),
  };
  for (const std::string& page : pages) {
    SCOPED_TRACE(page);
    ExpectSound(page);
  }
}

TEST(PageSplitterRobustness, RandomPiecesOfPages) {
  const std::vector<std::string> pieces = {"\n",
                                           "\n\n",
                                           " ",
                                           "，",
                                           "。",
                                           "“",
                                           "”",
                                           "（",
                                           "）",
                                           "——",
                                           "一",
                                           "○通讯员 石小梅",
                                           "本报讯",
                                           "护碧水 兴茶乡",
                                           "图为田野",
                                           "(上接B1版)",
                                           "(2022年3月4日)",
                                           "清水江上的薄雾还没有散去",
                                           "2022年3月4日 星期五 B2",
                                           "%",
                                           "3.5",
                                           "Open",
                                           "\xE4",
                                           "\xFF",
                                           "的",
                                           "石小梅",
                                           "▲",
                                           "下转B2版",
                                           "责任编辑",
                                           "！",
                                           "…",
                                           "「",
                                           "江畔人家"};
  std::mt19937 random(20220305);
  for (int round = 0; round < 3000; ++round) {
    std::string page;
    const int length = static_cast<int>(random() % 40);
    for (int i = 0; i < length; ++i) page += pieces[random() % pieces.size()];
    SCOPED_TRACE(page);
    ExpectSound(page);
    if (HasFailure()) return;
  }
}

TEST(PageSplitterRobustness, FiveMegabytesAreLinear) {
  const std::vector<std::string> pages = {
      Repeat("清水江上撑船人\n○通讯员 "
             "石小梅\n\n清晨六点，薄雾还没有散去，老田已经撑着小船出发了。\n\n",
             kFiveMegabytes),
      Repeat("清水江上的薄雾", kFiveMegabytes),
      Repeat("护碧水 兴茶乡\n\n结束了。\n\n", kFiveMegabytes),
      Repeat("○通讯员 石小梅\n", kFiveMegabytes),
      Repeat("——记清水江\n", kFiveMegabytes),
      Repeat("（“《", kFiveMegabytes),
      Repeat("\n", kFiveMegabytes),
      "清水江上撑船人\n本报讯\n\n" + Repeat("第一句话说完了。 后面的", kFiveMegabytes),
  };
  for (const std::string& page : pages) {
    SCOPED_TRACE(page.substr(0, 60));
    const auto start = std::chrono::steady_clock::now();
    ExpectSound(page);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    // A second on an idle machine; quadratic behaviour would take hours.
    EXPECT_LT(took.count(), 60.0);
  }
}

TEST(PageSplitterRobustness, TheSamePageGivesTheSameAnswer) {
  const std::string page =
      Repeat("清水江上撑船人\n○通讯员 石小梅\n\n清晨六点，老田已经撑着小船出发了。\n\n", 4000);
  const SplitResult once = SplitPageText(page);
  const SplitResult again = SplitPageText(page);
  ASSERT_EQ(once.articles.size(), again.articles.size());
  for (std::size_t i = 0; i < once.articles.size(); ++i) {
    EXPECT_EQ(once.articles[i].blocks, again.articles[i].blocks);
  }
}

}  // namespace
}  // namespace cityinfo::articles
