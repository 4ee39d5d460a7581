#include "services/articles/storage/text_layout.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"

namespace cityinfo::articles {
namespace {

using nlohmann::json;

constexpr std::array kReasons = {
    QualityReason::kGarbled,           QualityReason::kDuplicatedRun,
    QualityReason::kBreaksOff,         QualityReason::kMoved,
    QualityReason::kUncertainKind,     QualityReason::kUncertainTitle,
    QualityReason::kUnpairedQuotation,
};

std::string ReasonText(QualityReason reason) { return std::string(QualityReasonName(reason)); }

// A reason of a newer release reads as the least specific doubt.
QualityReason ParseReason(const std::string& name) {
  for (QualityReason reason : kReasons) {
    if (QualityReasonName(reason) == name) return reason;
  }
  return QualityReason::kUncertainKind;
}

const char* KindLetter(BlockKind kind) {
  switch (kind) {
    case BlockKind::kHeading:
      return "h";
    case BlockKind::kParagraph:
      return "p";
    case BlockKind::kCaption:
      return "c";
  }
  return "p";
}

BlockKind ParseKind(const std::string& letter) {
  if (letter == "h") return BlockKind::kHeading;
  if (letter == "c") return BlockKind::kCaption;
  return BlockKind::kParagraph;
}

json BlockToJson(const Block& block) {
  json spans = json::array();
  for (const Span& span : block.spans) spans.push_back({span.begin, span.end});
  json quality = json::array();
  for (QualityReason reason : block.quality) quality.push_back(ReasonText(reason));
  return json::array({KindLetter(block.kind), std::move(spans), std::move(quality)});
}

Block BlockFromJson(const json& value, absl::string_view text) {
  Block block{.kind = ParseKind(value.at(0).get<std::string>()), .text = std::string(text)};
  for (const json& span : value.at(1)) {
    block.spans.push_back({.begin = span.at(0).get<int64_t>(), .end = span.at(1).get<int64_t>()});
  }
  for (const json& reason : value.at(2))
    block.quality.push_back(ParseReason(reason.get<std::string>()));
  return block;
}

absl::Status Damaged(absl::string_view what) {
  return base::WithDetail(
      base::DataLoss("STORE_CORRUPT", "the stored text of an article is damaged"), what);
}

}  // namespace

TextLayout EncodeTextLayout(const ArticleContent& content) {
  TextLayout result;
  json blocks = json::array();
  for (const Block& block : content.blocks) {
    if (!blocks.empty()) result.text.push_back('\n');
    result.text.append(block.text);
    blocks.push_back(BlockToJson(block));
  }
  json doubts = json::array();
  for (const ArticleDoubt& doubt : content.doubts) {
    doubts.push_back(
        {ReasonText(doubt.reason), doubt.detail, doubt.block, doubt.span.begin, doubt.span.end});
  }
  json layout = {{"blocks", std::move(blocks)}, {"doubts", std::move(doubts)}};
  result.layout = layout.dump(-1, ' ', false, json::error_handler_t::replace);
  return result;
}

absl::Status DecodeTextLayout(absl::string_view text, absl::string_view layout,
                              ArticleContent* content) {
  // The library reports what does not fit by exceptions; none leaves this function.
  try {
    const json parsed = json::parse(layout.data(), layout.data() + layout.size());
    const json& blocks = parsed.at("blocks");
    std::vector<absl::string_view> lines;
    if (!blocks.empty()) lines = absl::StrSplit(text, '\n');
    if (lines.size() != blocks.size()) {
      return Damaged(absl::StrCat(lines.size(), " lines for ", blocks.size(), " blocks"));
    }
    content->blocks.clear();
    for (size_t i = 0; i < lines.size(); ++i) {
      content->blocks.push_back(BlockFromJson(blocks[i], lines[i]));
    }
    content->doubts.clear();
    for (const json& doubt : parsed.at("doubts")) {
      content->doubts.push_back(
          {.reason = ParseReason(doubt.at(0).get<std::string>()),
           .detail = doubt.at(1).get<std::string>(),
           .block = doubt.at(2).get<int>(),
           .span = {.begin = doubt.at(3).get<int64_t>(), .end = doubt.at(4).get<int64_t>()}});
    }
  } catch (const json::exception& error) {
    return Damaged(error.what());
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::articles
