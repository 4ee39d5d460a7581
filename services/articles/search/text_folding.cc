#include "services/articles/search/text_folding.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#include <unicode/usetiter.h>
#include <unicode/uvernum.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

// Without its data ICU can do nothing, and neither can we.
void Demand(UErrorCode code) {
  if (U_FAILURE(code)) std::abort();
}

bool IsSpaceOrControl(char32_t c) {
  return u_isUWhiteSpace(static_cast<UChar32>(c)) || u_iscntrl(static_cast<UChar32>(c));
}

// Traditional character -> simplified one, for those that differ.
absl::flat_hash_map<char32_t, char32_t> MakeSimplifiedForms() {
  UErrorCode code = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> rules(
      icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, code));
  Demand(code);
  icu::UnicodeSet sources;
  rules->getSourceSet(sources);
  absl::flat_hash_map<char32_t, char32_t> forms;
  icu::UnicodeSetIterator each(sources);
  while (each.next()) {
    if (each.isString()) continue;
    icu::UnicodeString form(each.getCodepoint());
    rules->transliterate(form);
    if (form.countChar32() != 1 || form.char32At(0) == each.getCodepoint()) continue;
    forms[static_cast<char32_t>(each.getCodepoint())] = static_cast<char32_t>(form.char32At(0));
  }
  // One step must reach the end, or folding twice would differ from folding once. Where characters
  // stand for each other in a ring the lowest of them is the end, whatever the order of this map.
  constexpr int kMaxSteps = 8;
  absl::flat_hash_map<char32_t, char32_t> ends;
  for (const auto& [traditional, form] : forms) {
    char32_t end = form;
    char32_t lowest_in_ring = 0x110000;
    for (int step = 0; step < 2 * kMaxSteps; ++step) {
      const auto further = forms.find(end);
      if (further == forms.end()) break;
      end = further->second;
      if (step >= kMaxSteps) lowest_in_ring = std::min(lowest_in_ring, end);
    }
    if (forms.contains(end)) end = lowest_in_ring;
    if (end != traditional) ends[traditional] = end;
  }
  return ends;
}

// How code points fold. A character of the Basic Multilingual Plane that becomes one unit whatever
// stands beside it, as nearly every Chinese one does, is one look into an array.
class FoldingTable {
 public:
  static const FoldingTable& Get() {
    static const FoldingTable* const table = new FoldingTable();
    return *table;
  }

  // The one unit that `c` becomes; 0 when it is not that simple.
  char16_t Simple(char32_t c) const { return c < simple_.size() ? simple_[c] : u'\0'; }
  // Whether `c` may grow together with what stands before it.
  bool Continues(char32_t c) const {
    return !normalizer_.hasBoundaryBefore(static_cast<UChar32>(c));
  }
  // Folds characters that stand between two boundaries.
  void AppendCluster(absl::string_view cluster, std::u16string* out) const;

  std::string Fingerprint() const {
    const absl::string_view bytes(reinterpret_cast<const char*>(simple_.data()),
                                  simple_.size() * sizeof(char16_t));
    return absl::StrCat("icu ", U_ICU_VERSION, " ", base::Fingerprint64(bytes));
  }

 private:
  FoldingTable() : normalizer_(Normalizer()), simplified_(MakeSimplifiedForms()) {
    std::string utf8;
    std::u16string folded;
    for (char32_t c = 0; c < simple_.size(); ++c) {
      simple_[c] = 0;
      if ((c >= 0xD800 && c < 0xE000) || Continues(c)) continue;
      utf8.clear();
      folded.clear();
      base::AppendUtf8(c, &utf8);
      AppendCluster(utf8, &folded);
      if (folded.size() == 1) simple_[c] = folded[0];
    }
  }

  static const icu::Normalizer2& Normalizer() {
    UErrorCode code = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(code);
    Demand(code);
    return *normalizer;
  }

  const icu::Normalizer2& normalizer_;
  const absl::flat_hash_map<char32_t, char32_t> simplified_;
  std::array<char16_t, 0x10000> simple_;
};

void FoldingTable::AppendCluster(absl::string_view cluster, std::u16string* out) const {
  UErrorCode code = U_ZERO_ERROR;
  const icu::UnicodeString normal =
      normalizer_.normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(
                                cluster.data(), static_cast<int32_t>(cluster.size()))),
                            code);
  Demand(code);
  for (int32_t i = 0; i < normal.length(); i = normal.moveIndex32(i, 1)) {
    auto c = static_cast<char32_t>(normal.char32At(i));
    if (IsSpaceOrControl(c)) c = U' ';
    if (const auto form = simplified_.find(c); form != simplified_.end()) c = form->second;
    if (c < 0x10000) {
      out->push_back(static_cast<char16_t>(c));
    } else {
      out->push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
      out->push_back(static_cast<char16_t>(0xDC00 + (c & 0x3FF)));
    }
  }
}

// Decodes the code point at `*pos`, as base::DecodeCodePoint; the common case (three bytes) first.
inline char32_t Decode(absl::string_view text, size_t* pos) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data()) + *pos;
  if (text.size() - *pos >= 3 && bytes[0] >= 0xE1 && bytes[0] <= 0xEF &&
      bytes[0] != 0xED /* surrogates among them */ && (bytes[1] & 0xC0) == 0x80 &&
      (bytes[2] & 0xC0) == 0x80) {
    *pos += 3;
    return static_cast<char32_t>((bytes[0] & 0x0F) << 12 | (bytes[1] & 0x3F) << 6 |
                                 (bytes[2] & 0x3F));
  }
  if (bytes[0] < 0x80) {
    ++*pos;
    return bytes[0];
  }
  return base::DecodeCodePoint(text, pos);
}

// Receives nothing: for those who do not ask where the folded text came from.
struct NoOrigins {
  void Resize(size_t, uint32_t) {}
  void Cut(size_t) {}
};

struct Origins {
  // Everything up to `size` that has no origin yet comes from `origin`.
  void Resize(size_t size, uint32_t origin) { list.resize(size, origin); }
  void Cut(size_t size) { list.resize(size); }
  std::vector<uint32_t>& list;
};

// Folds `text` behind what is in `out`; returns how many code points it had.
template <typename OriginList>
int64_t Fold(absl::string_view text, std::u16string* out, OriginList origins) {
  const FoldingTable& table = FoldingTable::Get();
  uint32_t count = 0;
  // The last character that something might grow together with.
  size_t cluster_begin = 0;
  size_t cluster_out = out->size();
  uint32_t cluster_origin = 0;
  size_t pos = 0;
  while (pos < text.size()) {
    const size_t begin = pos;
    const char32_t c = Decode(text, &pos);
    if (const char16_t simple = table.Simple(c); simple != 0) {
      cluster_begin = begin;
      cluster_out = out->size();
      cluster_origin = count++;
      out->push_back(simple);
      origins.Resize(out->size(), cluster_origin);
      continue;
    }
    if (!table.Continues(c) || begin == 0) {
      cluster_begin = begin;
      cluster_out = out->size();
      cluster_origin = count;
    } else {
      out->resize(cluster_out);
      origins.Cut(cluster_out);
    }
    ++count;
    // Everything that goes on growing belongs to it.
    while (pos < text.size()) {
      size_t next = pos;
      if (!table.Continues(Decode(text, &next))) break;
      pos = next;
      ++count;
    }
    std::string mended;
    absl::string_view cluster = text.substr(cluster_begin, pos - cluster_begin);
    if (!base::IsValidUtf8(cluster)) {
      for (size_t at = 0; at < cluster.size();) {
        base::AppendUtf8(base::DecodeCodePoint(cluster, &at), &mended);
      }
      cluster = mended;
    }
    table.AppendCluster(cluster, out);
    origins.Resize(out->size(), cluster_origin);
  }
  return count;
}

}  // namespace

void AppendFolded(absl::string_view text, std::u16string* out) {
  out->reserve(out->size() + text.size() / 3);
  Fold(text, out, NoOrigins());
}

std::u16string FoldText(absl::string_view text) {
  std::u16string folded;
  AppendFolded(text, &folded);
  return folded;
}

FoldedText FoldWithOrigins(absl::string_view text) {
  FoldedText folded;
  folded.original_size = Fold(text, &folded.text, Origins{folded.origins});
  return folded;
}

Span FoldedText::Original(size_t begin, size_t end) const {
  const uint32_t last = origins[end - 1];
  while (end < origins.size() && origins[end] == last) ++end;
  return {.begin = origins[begin],
          .end = end < origins.size() ? static_cast<int64_t>(origins[end]) : original_size};
}

void AppendUtf8(std::u16string_view folded, std::string* out) {
  for (size_t i = 0; i < folded.size(); ++i) {
    const char16_t unit = folded[i];
    if (unit >= 0x800 && (unit < 0xD800 || unit >= 0xE000)) {
      const char bytes[] = {static_cast<char>(0xE0 | unit >> 12),
                            static_cast<char>(0x80 | (unit >> 6 & 0x3F)),
                            static_cast<char>(0x80 | (unit & 0x3F))};
      out->append(bytes, sizeof(bytes));
      continue;
    }
    char32_t c = unit;
    if (unit >= 0xD800 && unit < 0xDC00 && i + 1 < folded.size() && folded[i + 1] >= 0xDC00 &&
        folded[i + 1] < 0xE000) {
      c = 0x10000 + ((static_cast<char32_t>(unit) - 0xD800) << 10) + (folded[++i] - 0xDC00);
    }
    base::AppendUtf8(c, out);
  }
}

std::string FoldingFingerprint() { return FoldingTable::Get().Fingerprint(); }

}  // namespace cityinfo::articles
