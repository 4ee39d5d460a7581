#pragma once

#include <string_view>

// Lines which are set apart from the running text: titles, headings, captions; and lines which are
// no text at all. These functions see one line only; where it stands is the caller's business.

namespace cityinfo::articles {

// Short and without the punctuation of running text: may be a title or a heading.
bool CanBeDisplay(std::u32string_view line);

// Two or more clauses with a space between them, as headings have: "守住底线 改善民生".
bool HasClauses(std::u32string_view line);

// The short last line of a wrapped title, which may be a mere number: "50.3%", "进".
bool CanBeTitleTail(std::u32string_view line);

// As CanBeDisplay, but one comma, a question or an exclamation is allowed: may be a title when a
// byline or a subtitle follows.
bool CanBeTitle(std::u32string_view line);

// Says itself that it is a caption: "图为…", "▲…", "…（资料图）", "… 张三 摄".
bool IsMarkedCaption(std::u32string_view line);

// As IsMarkedCaption, told by its beginning alone.
bool StartsAsCaption(std::u32string_view line);

// Names what a photograph shows: "施工现场", "古镇夜景".
bool NamesScene(std::u32string_view line);

// Nothing but a photographer's name: "本报记者 张三 摄".
bool IsPhotoCreditLine(std::u32string_view line);

// What an unmarked display line inside an article most likely is.
enum class DisplayKind {
  kHeading,
  kCaption,
  kNewsItem,  // A headline of its own ("…称…", "…启动"): printed as text in a round-up of news.
};
DisplayKind GuessDisplayKind(std::u32string_view line);

// Begins with the verb of a slogan: "强化责任落实".
bool StartsAsSlogan(std::u32string_view line);

// Has a particle or a verb that makes a clause of it: "日子越过越好", "让河水清起来".
bool SaysClause(std::u32string_view line);

// "一、", "（二）", "3.", "第一"
bool StartsWithOrdinal(std::u32string_view line);

// Leftovers of pictures and of type the engine could not read: "os", "| _", "、 产X 四 “S 一".
bool LooksLikeNoise(std::u32string_view line);

}  // namespace cityinfo::articles
