#include "services/metrics/domain/extraction/event_lexicon.h"

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace cityinfo::metrics {
namespace {

struct Entry {
  EventWord word;
  const char* words;  // separated by spaces
};

constexpr Entry kEvents[] = {
    {EventWord::kCompletion,
     "点火投产 点火 竣工投产 建成投产 投产 投产运行 试生产 量产 下线 竣工 完工 建成 落成 封顶 合龙 "
     "贯通 全线贯通 通车 建成通车 通车运营 通航 首航 首飞 复航 开通 开通运营 开行 首发 开工 "
     "开工建设 "
     "动工 破土动工 复工 奠基 打桩 开建 启用 正式启用 投用 投入使用 投入运营 投入运行 投运 "
     "建成投用 "
     "投入生产 运行 试运行 试运营 开业 开张 开园 开馆 开放 对外开放 免费开放 开学 开课 上线 上市 "
     "挂牌上市 挂牌成立 挂牌 揭牌 揭牌成立 成立 组建 设立 更名 更名为 撤县设市 撤县设区 撤市设区 "
     "迁入 搬迁至 入驻 退役 关闭 关停 停产 停运 拆除 爆破拆除 并网 并网发电 蓄水 下闸蓄水 首台 "
     "点亮 移交 交付 交付使用 交房 摘帽 退出贫困县 脱贫摘帽 通过验收 通过国家验收 通过竣工验收 "
     "验收合格 完成验收 出土 入库 发射升空 成功发射 发射成功 点火升空 升空 着陆 返回地面 对接 下水 "
     "入列 服役 首映 上映 开播 播出 创刊 出版 首演 公演 出版发行 落户 落地 开机 杀青"},
    {EventWord::kHonour,
     "入选 获评 被评为 被评选为 评为 被授予 授予 荣获 被命名为 命名为 被认定为 认定为 被列为 "
     "被列入 列入 "
     "获批 获批准 获得批准 夺得 夺冠 摘得 当选 当选为 获颁 获奖 捧得 跻身 创建成功"},
    {EventWord::kIssue,
     "印发 正式印发 联合印发 出台 正式出台 发布 正式发布 公布 颁布 审议通过 表决通过 会议通过 "
     "通过了 "
     "批复 正式批复 批准 施行 起施行 正式施行 实施 起实施 正式实施 生效 正式生效 执行 起执行 废止 "
     "下达 "
     "公示 启动 正式启动 全面启动 启动建设 签约 签署 签订 续签 中标 任命为 被任命为 宣判 公开宣判"},
    {EventWord::kGathering,
     "举行 隆重举行 举办 召开 开幕 拉开帷幕 拉开序幕 闭幕 落幕 落下帷幕 圆满落幕 开赛 开跑 鸣枪 "
     "开战 "
     "鸣枪开跑 开讲 开营 结营 开班 结业 开镰 开渔 开犁 开捞 开秧 开庭 主办 承办 亮相 首展 开展 "
     "启幕 "
     "收官 揭幕 上演 展出"},
    {EventWord::kDoing,
     "会见 会晤 会谈 举行会谈 抵达 前往 启程 离开 出访 访问 考察 调研 视察 检查 督查 督导 走访 "
     "慰问 看望 "
     "走访慰问 出席 参加 主持召开 致信 致电 发表 与会 同行 接见 来到 走进 深入 参观 观摩 检阅 "
     "发生 突发 爆发 引发 遭遇 遭袭 坍塌 坠毁 坠落 侧翻 相撞 起火 爆炸 喷发 决堤 溃坝 地震 登陆 "
     "侦破 破获 抓获 "
     "逮捕 起诉 查获 查处 去世 逝世 病逝 辞世 出生 诞生 遇难 获救 救出 捐赠 捐款 捐建 发放 派出 "
     "赶赴 奔赴 集结 出征 凯旋 返回 送达 运抵 发车 起飞 降落 返航 启航 首发 开通 转移 撤离 恢复 "
     "恢复通车 恢复供电 恢复供水 封闭 解封 管制 暴发 袭击 空袭 击落 当庭 开出 收到 "
     "完成 交接 进驻 集体学习 通气会 座谈 约谈 通报 部署 研究 审议 听取 选举 表决 宣誓 就职 上任 "
     "接受审查 双开 逮捕 提起公诉 点燃 传递 采集 升旗 祭扫 公祭 植树 放流 认领 发行 首发仪式"},
    {EventWord::kPlain,
     "成立以来 建成以来 投产以来 开通以来 启动以来 实施以来 运行以来 开业以来 成立大会 启动仪式 "
     "开工仪式 "
     "竣工仪式 揭牌仪式 签约仪式 开幕式 闭幕式 开园仪式 通车仪式 奠基仪式 发布会 新闻发布会 启动会 "
     "成立会 "
     "开放度 对外开放水平 改革开放 高水平开放 扩大开放 开放型 开放式 开放日 成立日 上市公司 "
     "上市企业 "
     "开工率 开工项目 投产项目 竣工项目 签约项目 签约金额 设立的 开工数 运行情况 平稳运行 运行平稳 "
     "经济运行 "
     "运行机制 运行质量 运行态势 安全运行 稳定运行 良好运行 健康运行 执行情况 执行机构 执行主席 "
     "执行力 "
     "执行官 首席执行官 执行董事 执行局 执行委员会 实施方案 实施意见 实施细则 实施办法 组织实施 "
     "实施情况 "
     "实施主体 深入实施 加快实施 持续实施 发布厅 发布平台 发布人 签署国 检查站 检查组 检查点 "
     "考察团 考察组 "
     "调研组 调研员 督导组 督查组 研究院 研究所 研究生 研究员 研究会 研究中心 研究成果 科学研究 "
     "研究室 审议稿 "
     "参观者 访问量 访问学者 深入推进 深入开展 深入贯彻 深入学习 深入落实 开展工作 开展了 全面开展 "
     "发生率 "
     "公开展示 公开展出 发生地 发生器 发生变化 发生巨变 发生了变化 发生深刻 发生重大变化  引发的 "
     "恢复期 恢复性 完成率 完成情况 完成时 发行量 发行价 发行人 上线率 交付率 落地生根 "
     "落地见效 落地率 落户政策 任命书 通报表扬 部署要求 部署了 关闭率 开机率 入库率 入库税收 "
     "入列率 "
     "通过率 举办地 举办权 主办方 承办方 主办单位 承办单位 主办城市 公布的 发布的 点火器 "
     "出版社 出版物 列入了 上市率 开学季 开学典礼 服役期 退役军人 退役士兵 服役人员 地震局 "
     "地震台网 地震带 "
     "深入群众 深入基层 开放大学 开放办学 传递正能量 来到了 传递出 传递了 通航里程 通车里程 建成区 "
     "通航机场 新建成 已建成 拟建成 表决权 选举权 实施效果 捐赠人 捐赠仪式 "
     "研究部署 召开前 会议召开 授予仪式 部署会 通报会 座谈会 研讨会 听证会 评审会 起诉书 "
     "开展以来 举办以来 出台以来 印发以来 施行以来 批准逮捕的 获奖者 获奖作品 入选者 成立于"},
};

constexpr char kReports[] =
    "表示 获悉 了解到 报道 认为 透露 介绍 介绍说 数据 显示 统计 指出 强调 预计 预报 预测 数据显示 "
    "据悉 警告 呼吁 宣称 声称 回应 评论 谴责 敦促 发文 发推 告诉 接受采访 接受记者 采访时 记者从";

constexpr char kPlans[] =
    "将于 将在 拟于 计划于 定于 预计于 即将 计划 拟 力争 预计 有望 届时 确保 将 定在 将会 将要 "
    "争取 预定 择期 "
    "起将";

constexpr char kCounting[] =
    "累计 同比 环比 增长 下降 上升 增加 减少 提高 全年 共有 总计 合计 新增 占 达到 平均 年均 人均 "
    "以来 期间 "
    "每年 连续 左右";

PhraseTrie Build(absl::string_view words) {
  PhraseTrie trie;
  for (const absl::string_view word : absl::StrSplit(words, ' ', absl::SkipEmpty())) {
    trie.Add(word, 0);
  }
  return trie;
}

}  // namespace

const PhraseTrie& EventWords() {
  static const PhraseTrie* const trie = [] {
    auto* const built = new PhraseTrie;
    for (const Entry& entry : kEvents) {
      for (const absl::string_view word : absl::StrSplit(entry.words, ' ', absl::SkipEmpty())) {
        built->Add(word, static_cast<int>(entry.word));
      }
    }
    return built;
  }();
  return *trie;
}

const PhraseTrie& ReportWords() {
  static const auto* const trie = new PhraseTrie(Build(kReports));
  return *trie;
}

const PhraseTrie& PlanWords() {
  static const auto* const trie = new PhraseTrie(Build(kPlans));
  return *trie;
}

const PhraseTrie& CountingWords() {
  static const auto* const trie = new PhraseTrie(Build(kCounting));
  return *trie;
}

}  // namespace cityinfo::metrics
