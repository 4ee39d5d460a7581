#include "services/articles/pages/quality_marks.h"

#include <algorithm>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/articles/pages/glyph.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles {
namespace {

using std::u32string_view;

constexpr std::size_t kShortestRun = 7;   // Shorter repetitions are rhetoric.
constexpr std::size_t kLongestLoop = 64;  // An engine that loops repeats at once.
constexpr std::size_t kLoopSlack = 4;     // Glyphs lost between the two runs.
constexpr std::size_t kMostMarks = 20;    // Per text and reason: an editor needs no more.

std::uint64_t HashRun(u32string_view run) {
  std::uint64_t hash = 1469598103934665603ULL;
  for (const char32_t c : run) hash = (hash ^ c) * 1099511628211ULL;
  return hash;
}

void FindDuplicatedRuns(u32string_view text, std::vector<QualityMark>& marks) {
  if (text.size() < 2 * kShortestRun) return;
  absl::flat_hash_map<std::uint64_t, std::size_t> last_seen;
  std::size_t found = 0;
  for (std::size_t i = 0; i + kShortestRun <= text.size() && found < kMostMarks; ++i) {
    const auto [it, fresh] = last_seen.try_emplace(HashRun(text.substr(i, kShortestRun)), i);
    if (fresh) continue;
    const std::size_t before = it->second;
    it->second = i;
    const std::size_t distance = i - before;
    if (distance > kLongestLoop) continue;
    std::size_t length = 0;
    std::size_t han = 0;
    while (length < kLongestLoop && i + length < text.size() &&
           text[before + length] == text[i + length]) {
      han += IsHan(text[i + length]) ? 1 : 0;
      ++length;
    }
    if (length < kShortestRun || distance > length + kLoopSlack || han + 2 < kShortestRun) continue;
    marks.push_back(
        {.reason = QualityReason::kDuplicatedRun,
         .first = i,
         .last = i + length,
         .detail = absl::StrCat("these words have just been said: ",
                                EncodeUtf8(text.substr(i, std::min<std::size_t>(length, 20))))});
    ++found;
    i += length - 1;
  }
}

// Whether the glyph at `i` is one no Chinese newspaper prints in that place.
bool IsGarbled(u32string_view text, std::size_t i) {
  const char32_t c = text[i];
  const char32_t before = i > 0 ? text[i - 1] : U' ';
  const char32_t after = i + 1 < text.size() ? text[i + 1] : U' ';
  if (c == 0xFFFD || u32string_view(U"|^\\{}`]<_").find(c) != u32string_view::npos) return true;
  if (IsDigit(c) && (before == U'%' || before == U'％')) return true;
  if (c >= U'a' && c <= U'z' && IsHan(before) && !IsLatinLetter(after)) return true;
  const bool doubled = (c == U'，' || c == U'、' || c == U'。') &&
                       (before == U'，' || before == U'、' || before == U'。');
  return doubled;
}

void FindGarbledGlyphs(u32string_view text, std::vector<QualityMark>& marks) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < text.size() && found < kMostMarks; ++i) {
    if (!IsGarbled(text, i)) continue;
    const std::size_t from = i > 3 ? i - 3 : 0;
    marks.push_back(
        {.reason = QualityReason::kGarbled,
         .first = i,
         .last = i + 1,
         .detail = absl::StrCat("unlikely characters: ", EncodeUtf8(text.substr(from, 8)))});
    ++found;
    i += 3;
  }
}

// Opening and closing marks may be of different width, so each kind counts as a whole.
void FindUnpaired(u32string_view text, u32string_view open, u32string_view close,
                  std::vector<QualityMark>& marks) {
  std::size_t depth = 0;
  std::size_t opened_at = 0;
  const auto mark = [&](std::size_t at) {
    marks.push_back({.reason = QualityReason::kUnpairedQuotation,
                     .first = at,
                     .last = at + 1,
                     .detail = absl::StrCat("no partner for ", EncodeUtf8(text.substr(at, 1)))});
  };
  std::size_t found = 0;
  for (std::size_t i = 0; i < text.size() && found < kMostMarks; ++i) {
    if (open.find(text[i]) != u32string_view::npos) {
      if (depth > 0) mark(opened_at), ++found;
      depth = 1;
      opened_at = i;
    } else if (close.find(text[i]) != u32string_view::npos) {
      if (depth == 0) mark(i), ++found;
      depth = 0;
    }
  }
  if (depth > 0) mark(opened_at);
}

void FindUnpairedStraight(u32string_view text, std::vector<QualityMark>& marks) {
  if (std::count(text.begin(), text.end(), U'"') % 2 == 0) return;
  const std::size_t at = text.rfind(U'"');
  marks.push_back({.reason = QualityReason::kUnpairedQuotation,
                   .first = at,
                   .last = at + 1,
                   .detail = "an odd number of quotation marks"});
}

// "（一）" pairs; "1）" at the beginning of an enumeration does not and is no fault.
bool IsEnumeration(u32string_view text) {
  return text.size() > 2 && (IsDigit(text[0]) || IsHan(text[0])) &&
         (text[1] == U')' || text[1] == U'）');
}

// One mark that has lost its partner unsettles all which follow: the first says enough.
void KeepFirstUnpaired(std::vector<QualityMark>& marks) {
  const auto unpaired = [](const QualityMark& mark) {
    return mark.reason == QualityReason::kUnpairedQuotation;
  };
  std::size_t first = std::string::npos;
  for (const QualityMark& mark : marks) {
    if (unpaired(mark)) first = std::min(first, mark.first);
  }
  std::erase_if(marks,
                [&](const QualityMark& mark) { return unpaired(mark) && mark.first != first; });
}

}  // namespace

std::vector<QualityMark> FindQualityMarks(u32string_view text) {
  std::vector<QualityMark> marks;
  FindDuplicatedRuns(text, marks);
  FindGarbledGlyphs(text, marks);
  FindUnpaired(text, U"“", U"”", marks);
  FindUnpaired(text, U"《", U"》", marks);
  if (!IsEnumeration(text)) FindUnpaired(text, U"（(〈", U"）)〉", marks);
  FindUnpairedStraight(text, marks);
  KeepFirstUnpaired(marks);
  std::stable_sort(marks.begin(), marks.end(),
                   [](const QualityMark& a, const QualityMark& b) { return a.first < b.first; });
  return marks;
}

}  // namespace cityinfo::articles
