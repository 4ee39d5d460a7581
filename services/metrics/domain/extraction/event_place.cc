#include "services/metrics/domain/extraction/event_place.h"

#include <algorithm>

#include "services/metrics/domain/catalogue/catalogue.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestPlace = 20;  // characters of a place name

bool LiesIn(const Catalogue& catalogue, const Place& place, const Place& around) {
  for (const Place* at = &place; at != nullptr; at = catalogue.FindPlace(at->parent)) {
    if (at->code == around.code) return true;
  }
  return false;
}

// 在贵州省黄平县: the places follow each other, from large to small.
std::string Finest(const SourceText& text, const Catalogue& catalogue, const Place& place, int at,
                   int end) {
  const Place* finest = &place;
  for (;;) {
    const PhraseTrie::Match match =
        catalogue.place_names().Longest(text.data(), at, std::min(end, at + kLongestPlace));
    if (!match) return finest->code;
    const Place& next = catalogue.places()[match.value];
    if (!LiesIn(catalogue, next, *finest)) return finest->code;
    finest = &next;
    at += match.length;
  }
}

// 在南宁市, 在法国: the name of a place by its last character.
bool NamesUnknownPlace(const SourceText& text, int at, int end) {
  if (IsOneOf(text.at(at), U"全我该本各城超县州市省国中自")) return false;
  static constexpr const char32_t* kElsewhere[] = {
      U"北京", U"天津", U"上海", U"重庆", U"河北", U"山西", U"辽宁", U"吉林",  U"黑龙江",
      U"江苏", U"浙江", U"安徽", U"福建", U"江西", U"山东", U"河南", U"湖北",  U"湖南",
      U"广东", U"海南", U"四川", U"云南", U"陕西", U"甘肃", U"青海", U"台湾",  U"内蒙古",
      U"广西", U"西藏", U"宁夏", U"新疆", U"香港", U"澳门", U"成都", U"杭州",  U"广州",
      U"深圳", U"南京", U"武汉", U"长沙", U"昆明", U"南宁", U"西安", U"京举行"};
  for (const char32_t* name : kElsewhere) {
    if (IsAt(text, at, name)) return true;
  }
  for (int i = at + 1; i < std::min(end, at + 5); ++i) {
    if (IsOneOf(text.at(i), U"市县州省国")) return true;
  }
  return false;
}

}  // namespace

std::string PlaceOfEvent(const SourceText& text, TextRange words,
                         const ExtractionContext& context) {
  const Place* first = nullptr;
  bool elsewhere = false;
  for (int i = words.begin; i < words.end; ++i) {
    const PhraseTrie::Match match = context.catalogue->place_names().Longest(
        text.data(), i, std::min(words.end, i + kLongestPlace));
    const bool located = IsOneOf(text.at(i - 1), U"在于赴达抵往");
    if (!match) {
      elsewhere = elsewhere || (located && NamesUnknownPlace(text, i, words.end));
      continue;
    }
    const Place& place = context.catalogue->places()[match.value];
    if (located) return Finest(text, *context.catalogue, place, i + match.length, words.end);
    if (first == nullptr || first->parent.empty()) first = &place;
    i += match.length - 1;
  }
  if (elsewhere) return "";
  // 中国, 贵州 stand in the names of many who are at home in the city.
  const bool names_all = first == nullptr || first->parent.empty() || first->level == "province";
  return names_all ? context.place_code : first->code;
}

}  // namespace cityinfo::metrics
