#pragma once

#include <cstddef>
#include <string_view>

// Words in folded text (text_folding.h), both in UTF-16. A word is whole code points, so it cannot
// begin or end within one of the text.
namespace cityinfo::articles {

// Where `word`, which must not be empty, stands at or behind `from`; npos when it does not.
size_t FindFolded(std::u16string_view text, std::u16string_view word, size_t from = 0);

// How often it stands there, overlaps not counted; stops counting at `most`.
int CountFolded(std::u16string_view text, std::u16string_view word, int most);

// How many code points it has.
size_t CountCodePoints(std::u16string_view folded);

}  // namespace cityinfo::articles
