#pragma once

#include <string_view>

// What a single character is to a typesetter. All functions are pure and total: any char32_t may be
// asked, U+FFFD (an unreadable byte) included.

namespace cityinfo::articles {

bool IsSpace(char32_t c);  // White space of any width, line ends and control characters included.
bool IsHan(char32_t c);
bool IsLatinLetter(char32_t c);  // A-Z, a-z.
bool IsDigit(char32_t c);        // 0-9, half or full width.
bool IsWordGlyph(char32_t c);    // Latin letter or half-width digit: glyphs which form words.

bool IsSentenceEnd(char32_t c);  // 。！？…
bool IsClauseMark(char32_t c);   // ，；、：
bool IsComma(char32_t c);        // ，；, the marks which a title avoids.
bool IsOpening(char32_t c);      // “《（
bool IsClosing(char32_t c);      // ”》）
bool IsQuote(char32_t c);        // Quotation marks, straight ones too.
bool IsDash(char32_t c);         // — and its relatives, the hyphen included.

// Width in ems (one Chinese character is 1). Half-width punctuation counts as full width: OCR
// engines write "," for the "，" that was printed.
double GlyphWidth(char32_t c);
double TextWidth(std::u32string_view text);

// Number of glyphs which are no white space.
int InkLength(std::u32string_view text);

// True when a sentence ends here: "…。", "…！”", "…。（记者 张三）".
bool EndsSentence(std::u32string_view text);

std::u32string_view TrimSpace(std::u32string_view text);
bool StartsWith(std::u32string_view text, std::u32string_view prefix);
bool EndsWith(std::u32string_view text, std::u32string_view suffix);
bool Contains(std::u32string_view text, std::u32string_view part);

}  // namespace cityinfo::articles
