#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "services/articles/pages/page_splitter.h"
#include "tests/unit/articles_pages/page_soundness.h"
#include "tests/unit/articles_pages/printed_page.h"

// Whatever the bytes: no crash, spans inside the page, nothing that was not there, nothing lost,
// and work that grows with the text and no faster.

namespace cityinfo::articles {
namespace {

constexpr std::size_t kLongPage = 256 << 10;

std::string Repeat(const std::string& text, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + text.size());
  while (out.size() < bytes) out += text;
  return out;
}

void ExpectSound(const std::string& page) { EXPECT_EQ(testing::FirstFaultOfSplitting(page), ""); }

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

// Found by tests/fuzz.
TEST(PageSplitterRobustness, WhatTheFuzzerFound) {
  // Dirt between a title and its byline was left out without a word.
  ExpectSound(
      "让清水长流\n\n(2022年3月4日)\n\n石小梅\n\n(\xE4\xB8\n\n清晨六点，老田已经出发了。\n");
  // A line of control characters became a paragraph without text.
  ExpectSound("清水江上撑船人\n本报讯\n\n清晨六点，老田已经出发了。\n\n\x08\x08\n\n他笑了。\n");
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
                                           "江畔人家",
                                           "\n石小梅\n",
                                           "本报讯（记者 石小梅）",
                                           "（石小梅）",
                                           " 摄\n",
                                           "\x01",
                                           "\xC2\x9F"};
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

// No time is asserted; a step that is quadratic in such a page does not end within the test's
// limit.
TEST(PageSplitterRobustness, LongPagesOfOneThing) {
  const std::vector<std::string> things = {
      "清水江上撑船人\n○通讯员 石小梅\n\n清晨六点，薄雾还没有散去，老田已经出发了。\n\n",
      "清水江上撑船人\n石小梅\n\n清晨六点，薄雾还没有散去，老田已经出发了。\n\n",
      "清水江上撑船人\n\n清晨六点，薄雾还没有散去，老田出发了。（石小梅）\n\n",
      "清水江上撑船人\n本报讯（记者 石小梅）清晨六点，老田出发了。\n\n",
      "清水江上的薄雾还没有散去，老田\n",
      "清水江上的薄雾",
      "护碧水 兴茶乡\n\n结束了。\n\n",
      "江畔人家\n\n",
      "▲江畔人家\n",
      "石小梅\n\n",
      "○通讯员 石小梅\n",
      "——记清水江\n",
      "（“《",
      "（石小梅）",
      "()",
      "，。",
      "，\n。\n",
      " ",
      "\n",
      "7",
      "ab ",
      "\xFF",
      "第一句话说完了。 后面的",
  };
  const std::string head = "清水江上撑船人\n本报讯\n\n";
  for (const std::string& thing : things) {
    SCOPED_TRACE(thing);
    ExpectSound(Repeat(thing, kLongPage));
    ExpectSound(head + Repeat(thing, kLongPage));
  }
}

// Articles as a newspaper sets them, with what happens to them on the way: captions and headings in
// the middle of a sentence, stray blank lines, dirt, lines run together.
TEST(PageSplitterRobustness, RandomlySetPages) {
  const std::vector<std::string> sentences = {
      "清晨六点，清水江上的薄雾还没有散去，河道巡护员老田已经撑着小船出发了。",
      "他说：“仪器看得见水质，看不见人心。”",
      "去年全镇新建步道12.6公里，投资3.5亿元（含配套）。",
      "要把巡护做细做实，要把巡护做细做实，要把账算清楚。",
      "近年来，《河长制工作方案》逐条落实，游客一年比一年多",
      "茶园冒出新芽，Open Day 来了三千人！"};
  const std::vector<std::string> displays = {
      "江畔人家",   "图为老田在清理河道", "守住一江清水 造福两岸",
      "（二）巡护", "▲春茶采摘现场",      "| _",
      "石小梅",     "多国举行庆祝活动",   "强化日常巡护"};
  const std::vector<std::string> bylines = {
      "○通讯员 石小梅\n",     "（记者 杨光）\n", "石小梅\n", "本报讯\n",
      "——记一条河\n本报讯\n", "(上接B1版)\n",    ""};
  std::mt19937 random(20261123);
  const auto pick = [&random](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  for (int round = 0; round < 400; ++round) {
    std::string page = random() % 2 == 0 ? "2022年3月5日 星期六   综合新闻   B2\n\n" : "";
    const int width = 14 + static_cast<int>(random() % 20);
    for (int article = 0; article < 3; ++article) {
      page += testing::SetInColumn("清水江上撑船人 茶乡又迎客人来", 12, 0) + pick(bylines) + "\n";
      for (int paragraph = 0; paragraph < 4; ++paragraph) {
        std::string lines = testing::SetInColumn(pick(sentences) + pick(sentences), width);
        const std::size_t line_end = lines.find('\n') + 1;
        if (random() % 3 == 0) lines.insert(line_end, "\n" + pick(displays) + "\n\n");
        if (random() % 4 == 0) lines[line_end - 1] = ' ';
        page += lines + (random() % 8 == 0 ? "" : "\n");
        if (random() % 4 == 0) page += pick(displays) + "\n\n";
      }
    }
    SCOPED_TRACE(page);
    ExpectSound(page);
    if (HasFailure()) return;
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
