#pragma once

#include <optional>
#include <string>
#include <string_view>

// The small lines between an article's title and its text: who wrote it, when, where it comes from.
// Each reader takes one whole line and answers nothing when the line is something else; none of
// them looks at the lines around it.

namespace cityinfo::articles {

struct Byline {
  std::string text;  // "通讯员 石小梅": marks removed, one space after each role.
  std::string role;  // "通讯员"; empty for a bare name.
};

// "○通讯员 石小梅", "（记者 张三）", "C〇通讯员市水务局", "本报讯". A photographer's credit is
// none.
std::optional<Byline> ReadByline(std::u32string_view line);

// The byline with which a paragraph begins: "本报讯（记者 张三）昨日，…",
// "新华社北京12月1日电（…）…".
std::optional<Byline> ReadDateline(std::u32string_view paragraph);

// The byline with which an article's last paragraph ends: "…。（记者 张三）", "…。（张三）".
std::optional<Byline> ReadSignature(std::u32string_view paragraph);

// A line of nothing but personal names: "杨光", "张 三 李四". Short words look the same, so this
// is to be believed only between a title and its text.
std::optional<Byline> ReadBareNames(std::u32string_view line);

// "(2021年12月18日)" as ISO 8601.
std::optional<std::string> ReadPrintedDate(std::u32string_view line);

// "B1版" of "(上接B1版)".
std::optional<std::string> ReadContinuedFrom(std::u32string_view line);

// "(下转B3版)": the article goes on elsewhere.
bool IsContinuedOn(std::u32string_view line);

// The text behind the dash of "——在…大会上的讲话", also where the dash was read as "一" or "-".
// Nothing when the line has no such dash.
std::optional<std::u32string_view> ReadDashedSubtitle(std::u32string_view line);

}  // namespace cityinfo::articles
