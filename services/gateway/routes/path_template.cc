#include "services/gateway/routes/path_template.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/gateway/routes/percent_decoding.h"

namespace cityinfo::gateway {
namespace {

bool HasControlOrSlash(absl::string_view text) {
  for (char c : text) {
    if (c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

}  // namespace

std::optional<SplitPath> SplitPath::From(absl::string_view path) {
  if (!absl::StartsWith(path, "/")) return std::nullopt;
  SplitPath split;
  split.segments = absl::StrSplit(path.substr(1), '/');
  absl::string_view& last = split.segments.back();
  const size_t colon = last.rfind(':');
  if (colon != absl::string_view::npos) {
    split.verb = last.substr(colon + 1);
    last = last.substr(0, colon);
    if (split.verb.empty()) return std::nullopt;
  }
  for (absl::string_view segment : split.segments) {
    if (segment.empty()) return std::nullopt;
  }
  return split;
}

absl::StatusOr<PathTemplate> PathTemplate::Parse(absl::string_view text) {
  PathTemplate parsed;
  parsed.text_ = std::string(text);
  if (!absl::ConsumePrefix(&text, "/")) {
    return absl::InvalidArgumentError(absl::StrCat(parsed.text_, ": must begin with a slash"));
  }
  const size_t verb = text.rfind(':');
  if (verb != absl::string_view::npos && text.find('}', verb) == absl::string_view::npos) {
    parsed.verb_ = std::string(text.substr(verb + 1));
    text = text.substr(0, verb);
  }
  while (!text.empty()) {
    if (absl::ConsumePrefix(&text, "{")) {
      const size_t end = text.find('}');
      if (end == absl::string_view::npos) {
        return absl::InvalidArgumentError(absl::StrCat(parsed.text_, ": a brace is not closed"));
      }
      absl::Status variable = parsed.ParseVariable(text.substr(0, end));
      if (!variable.ok()) return variable;
      text.remove_prefix(end + 1);
    } else {
      const absl::string_view segment = text.substr(0, text.find('/'));
      parsed.segments_.emplace_back(segment);
      text.remove_prefix(segment.size());
    }
    if (!text.empty() && !absl::ConsumePrefix(&text, "/")) {
      return absl::InvalidArgumentError(absl::StrCat(parsed.text_, ": a slash is missing"));
    }
  }
  for (const std::string& segment : parsed.segments_) {
    if (segment.empty() || segment == "**" || absl::StrContains(segment, '{')) {
      return absl::InvalidArgumentError(
          absl::StrCat(parsed.text_, ": the segment \"", segment, "\" is not supported"));
    }
  }
  return parsed;
}

absl::Status PathTemplate::ParseVariable(absl::string_view inside) {
  const size_t equals = inside.find('=');
  const absl::string_view pattern =
      equals == absl::string_view::npos ? "*" : inside.substr(equals + 1);
  Variable variable{.field_path = std::string(inside.substr(0, equals)),
                    .begin = segments_.size(),
                    .end = segments_.size()};
  if (variable.field_path.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(text_, ": a variable has no name"));
  }
  for (absl::string_view segment : absl::StrSplit(pattern, '/')) segments_.emplace_back(segment);
  variable.end = segments_.size();
  variables_.push_back(std::move(variable));
  return absl::OkStatus();
}

bool PathTemplate::Matches(const SplitPath& path) const {
  if (path.segments.size() != segments_.size() || path.verb != verb_) return false;
  for (size_t i = 0; i < segments_.size(); ++i) {
    if (segments_[i] != "*" && path.segments[i] != segments_[i]) return false;
  }
  return true;
}

std::optional<std::vector<PathBinding>> PathTemplate::Bind(const SplitPath& path) const {
  std::vector<PathBinding> bindings;
  for (const Variable& variable : variables_) {
    std::vector<std::string> decoded;
    for (size_t i = variable.begin; i < variable.end; ++i) {
      std::optional<std::string> segment = PercentDecode(path.segments[i], PlusSign::kLiteral);
      if (!segment.has_value() || HasControlOrSlash(*segment)) return std::nullopt;
      decoded.push_back(*std::move(segment));
    }
    bindings.push_back({variable.field_path, absl::StrJoin(decoded, "/")});
  }
  return bindings;
}

std::vector<std::string> PathTemplate::BoundFields() const {
  std::vector<std::string> fields;
  for (const Variable& variable : variables_) fields.push_back(variable.field_path);
  return fields;
}

}  // namespace cityinfo::gateway
