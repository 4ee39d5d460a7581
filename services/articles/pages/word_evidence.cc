#include "services/articles/pages/word_evidence.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

using std::u32string_view;

// Words which open a sentence and which inside one would have a comma before them.
constexpr std::array<u32string_view, 44> kSentenceOpeners = {
    U"特别是",   U"尤其是",   U"与此同时", U"同时，",   U"同时,",    U"近年来", U"近日",
    U"日前",     U"如今",     U"然而",     U"但是",     U"此外",     U"另外",   U"据了解",
    U"据悉",     U"据介绍",   U"目前，",   U"目前,",    U"今年以来", U"今年，", U"去年",
    U"其中，",   U"下一步",   U"长期以来", U"截至目前", U"当前，",   U"当天",   U"当日",
    U"会议指出", U"会议强调", U"会议要求", U"记者从",   U"记者在",   U"接下来", U"五年来",
    U"多年来",   U"一年来",   U"十年来",   U"不仅如此", U"通过实施", U"随着",   U"为此",
    U"首先，",   U"最后，"};

// Characters no Chinese sentence begins with.
constexpr u32string_view kNeverFirst = U"的了着吗呢吧们，、。；：！？,;:!?%）”》)";

// Everyday two-character words of newspaper prose, run together in pairs.
constexpr u32string_view kCommonWords =
    U"发展工作建设经济社会生态环境保护文化旅游产业企业项目服务质量水平能力人民群众干部农村农业工业"
    U"城市乡村振兴改革开放"
    U"创新推进推动实施加快加强提升提高促进完善建立健全保障民生教育医疗就业收入增长实现目标任务重点"
    U"领域重大重要问题解决"
    U"管理治理体系制度机制政策措施资源资金投资市场消费需求供给科技技术人才信息数据安全生产稳定风险"
    U"防控疫情防疫组织领导"
    U"党员党委政府部门单位干事责任担当精神思想理论学习教育宣传活动会议召开举行指出强调要求表示介绍"
    U"记者今年去年目前近年"
    U"全面全国全市全省全县区域中心基地园区平台基础设施交通道路公路铁路高速机场水利水库电力能源绿色"
    U"低碳循环污染治污森林"
    U"草原湿地河流空气土壤植被修复种植养殖粮食蔬菜水果茶叶药材食品加工制造装备材料电子汽车新型传统"
    U"特色优势品牌龙头合作"
    U"合同金融银行贷款融资税收财政预算支出补贴扶贫脱贫攻坚小康搬迁移民就学就医住房社区街道居民家庭"
    U"老人儿童青年妇女学生"
    U"学校教师医院医生健康体育运动比赛冠军国家国际世界美国俄罗中国我国地区地方历史传承传统民族团结"
    U"法治法律执法司法监督"
    U"检查纪律廉政选举代表委员提案议案审议报告讲话贯彻落实深入坚持始终牢记使命初心奋斗努力积极主动"
    U"有效明显显著成效成果"
    U"成就成为形成打造构建构筑建成完成开展开始开工投产投入使用运行运营通过经过按照根据依托围绕结合"
    U"针对面对面向展示展现"
    U"满意幸福获得生活条件水平以及其他他们我们你们自己大家共同一起一个这个那个什么没有可以可能应该"
    U"需要必须不断不仅而且"
    U"因为所以如果虽然但是然而同时此外其中之一以来以上以下左右达到超过增加减少下降上升同比环比比上"
    U"年度季度月份时间期间";

constexpr std::uint64_t Key(char32_t a, char32_t b) {
  return (static_cast<std::uint64_t>(a) << 32) | static_cast<std::uint64_t>(b);
}

// kCommonWords as keys in ascending order.
constexpr auto kCommonKeys = [] {
  std::array<std::uint64_t, kCommonWords.size() / 2> keys{};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    keys[i] = Key(kCommonWords[2 * i], kCommonWords[2 * i + 1]);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}();

bool IsCommonWord(char32_t a, char32_t b) {
  return std::binary_search(kCommonKeys.begin(), kCommonKeys.end(), Key(a, b));
}

// "…配套要" + "2022年…": running text leads up to a year with a preposition or a comma.
bool DateOutOfPlace(char32_t before, u32string_view after) {
  constexpr u32string_view kLeadsToDate = U"在于自从至到截和与及是了的将为比较对以据日度";
  if (!IsHan(before) || kLeadsToDate.find(before) != u32string_view::npos || after.size() < 6)
    return false;
  for (std::size_t i = 0; i < 4; ++i) {
    if (!IsDigit(after[i])) return false;
  }
  return after[4] == U'年' && IsDigit(after[5]);
}

// "划，今年…": the last character of a word whose beginning is elsewhere.
bool EndsWordAtOnce(u32string_view text) {
  constexpr u32string_view kWordsOfOne = U"另对是好喂嗯来看一二三四五六七八九十";
  return text.size() >= 2 && IsHan(text[0]) &&
         u32string_view(U"，。、；").find(text[1]) != u32string_view::npos &&
         kWordsOfOne.find(text[0]) == u32string_view::npos;
}

constexpr std::size_t kBracketReach = 40;

// "…定》（…": closes a bracket which was opened elsewhere. Quotation marks are too often lost to
// say so.
bool ClosesBracketFirst(u32string_view text) {
  const std::size_t mark = text.substr(0, kBracketReach).find_first_of(U"《》（(");
  return mark != u32string_view::npos && text[mark] == U'》';
}

bool LeavesBracketOpen(u32string_view text) {
  if (text.size() > kBracketReach) text.remove_prefix(text.size() - kBracketReach);
  const std::size_t mark = text.find_last_of(U"《》");
  return mark != u32string_view::npos && text[mark] == U'《';
}

// "3月25" + "日": a number and its unit.
bool SplitsQuantity(char32_t before, char32_t after) {
  constexpr u32string_view kUnits = U"年月日时分秒点万亿元人个家户亩吨米公里座项条次辆台届岁级%％.";
  return IsDigit(before) && kUnits.find(after) != u32string_view::npos;
}

char32_t LastInk(u32string_view text) {
  text = TrimSpace(text);
  return text.empty() ? U' ' : text.back();
}

}  // namespace

WordEvidence::WordEvidence(const PageText& page) {
  // The first lines of a very long text say enough about its words.
  constexpr int kMostLines = 4000;
  for (int i = 0; i < page.line_count() && i < kMostLines; ++i) {
    char32_t before = 0;
    for (const char32_t c : page.LineText(i)) {
      if (IsSpace(c)) continue;
      if (IsHan(before) && IsHan(c)) ++pairs_[Key(before, c)];
      before = c;
    }
  }
}

bool WordEvidence::FormWord(char32_t a, char32_t b) const {
  return IsHan(a) && IsHan(b) && (IsCommonWord(a, b) || pairs_.contains(Key(a, b)));
}

bool WordEvidence::KnowsWordIn(u32string_view text) const {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (!IsHan(text[i]) || !IsHan(text[i + 1])) continue;
    if (IsCommonWord(text[i], text[i + 1])) return true;
    const auto seen = pairs_.find(Key(text[i], text[i + 1]));
    if (seen != pairs_.end() && seen->second >= 2) return true;
  }
  return false;
}

Continuation WordEvidence::Continues(u32string_view before, u32string_view after) const {
  before = TrimSpace(before);
  after = TrimSpace(after);
  if (before.empty() || after.empty()) return Continuation::kNo;
  if (EndsSentence(before)) return Continuation::kNo;
  if (CannotStandFirst(after) || LeavesBracketOpen(before)) return Continuation::kLikely;
  const char32_t last = LastInk(before);
  if (SplitsQuantity(last, after.front())) return Continuation::kLikely;
  const bool mid_clause = !IsClauseMark(last);
  if (mid_clause && (OpensSentence(after) || DateOutOfPlace(last, after))) return Continuation::kNo;
  if (FormWord(last, after.front())) return Continuation::kLikely;
  return Continuation::kPossible;
}

bool OpensSentence(u32string_view text) {
  text = TrimSpace(text);
  for (const u32string_view opener : kSentenceOpeners) {
    if (StartsWith(text, opener)) return true;
  }
  return false;
}

bool CannotStandFirst(u32string_view text) {
  text = TrimSpace(text);
  if (text.empty()) return false;
  if (kNeverFirst.find(text.front()) != u32string_view::npos) return true;
  return EndsWordAtOnce(text) || ClosesBracketFirst(text);
}

}  // namespace cityinfo::articles
