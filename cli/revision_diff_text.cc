#include "cli/revision_diff_text.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/article_text.h"
#include "cli/marked_text.h"
#include "cli/table.h"
#include "platform/base/utf8.h"

namespace cityinfo::cli {
namespace {

// Of a longer run of unchanged blocks the ones next to a change are shown, shortened.
constexpr size_t kContext = 1;
constexpr int kContextWidth = 72;

// Both texts in one: what they share once, what is gone and what has come in marks. Nothing when
// the spans do not fit the texts.
std::optional<std::string> Merged(absl::string_view before, const std::vector<Span>& gone,
                                  absl::string_view after, const std::vector<Span>& come) {
  const base::CodePointIndex old_text(before);
  const base::CodePointIndex new_text(after);
  std::string merged;
  int64_t i = 0, j = 0;
  size_t g = 0, c = 0;
  while (true) {
    if (g < gone.size() && gone[g].begin == i) {
      if (gone[g].end <= i || gone[g].end > old_text.size()) return std::nullopt;
      absl::StrAppend(&merged, "[-", old_text.Substr(i, gone[g].end), "-]");
      i = gone[g++].end;
      continue;
    }
    if (c < come.size() && come[c].begin == j) {
      if (come[c].end <= j || come[c].end > new_text.size()) return std::nullopt;
      absl::StrAppend(&merged, "{+", new_text.Substr(j, come[c].end), "+}");
      j = come[c++].end;
      continue;
    }
    // Up to where the next span begins, in whichever text that is first.
    const int64_t old_length = (g < gone.size() ? gone[g].begin : old_text.size()) - i;
    const int64_t new_length = (c < come.size() ? come[c].begin : new_text.size()) - j;
    const int64_t length = std::min(old_length, new_length);
    if (length < 0) return std::nullopt;
    if (length == 0) break;
    const absl::string_view same = old_text.Substr(i, i + length);
    if (same != new_text.Substr(j, j + length)) return std::nullopt;
    absl::StrAppend(&merged, same);
    i += length;
    j += length;
  }
  if (i != old_text.size() || j != new_text.size()) return std::nullopt;
  return merged;
}

std::string Text(const Json& change, const char* side) {
  return change.value(side, Json::object()).value("text", "");
}

std::string ChangedText(const Json& change) {
  const std::string old_kind = change.value("before", Json::object()).value("kind", "");
  const std::string new_kind = change.value("after", Json::object()).value("kind", "");
  const std::string kinds =
      old_kind == new_kind ? "" : absl::StrCat("(", old_kind, " -> ", new_kind, ") ");
  const std::string before = Text(change, "before");
  const std::string after = Text(change, "after");
  const std::vector<Span> gone = SpansFromJson(change, "beforeSpans");
  const std::vector<Span> come = SpansFromJson(change, "afterSpans");
  if (const auto merged = Merged(before, gone, after, come)) {
    return absl::StrCat("~ ", kinds, *merged, "\n");
  }
  return absl::StrCat("~ ", kinds, "\n- ", before, "\n+ ", after, "\n");
}

std::string FieldText(const Json& field) {
  const std::string name = field.value("field", "");
  // Tags come one to a line.
  const auto one_line = [&](const char* side) {
    return absl::StrJoin(absl::StrSplit(field.value(side, ""), '\n', absl::SkipEmpty()), ", ");
  };
  const std::string before = one_line("before");
  const std::string after = one_line("after");
  std::string text = absl::StrCat("~ ", name, ":");
  if (!before.empty()) absl::StrAppend(&text, " [-", before, "-]");
  if (!after.empty()) absl::StrAppend(&text, " {+", after, "+}");
  return absl::StrCat(text, "\n");
}

// A run of unchanged blocks between two changes; at the ends of the text there is one change only.
void AppendUnchanged(const std::vector<std::string>& run, bool first, bool last,
                     std::string* text) {
  const size_t head = first ? 0 : kContext;
  const size_t tail = last ? 0 : kContext;
  for (size_t i = 0; i < run.size(); ++i) {
    const bool shown = i < head || i + tail >= run.size() || run.size() <= head + tail + 1;
    if (shown) {
      absl::StrAppend(text, "  ", Shorten(run[i], kContextWidth), "\n");
    } else if (i == head) {
      absl::StrAppend(text, "  ... ", run.size() - head - tail, " blocks unchanged\n");
    }
  }
}

}  // namespace

std::string RevisionDiffText(const Json& diff) {
  std::string text = absl::StrCat("revision ", diff.value("fromRevision", "0"), " -> ",
                                  diff.value("toRevision", "0"), "\n");
  bool changed = false;
  for (const Json& field : diff.value("fields", Json::array())) {
    text += FieldText(field);
    changed = true;
  }
  std::vector<std::string> unchanged;
  bool first = true;
  for (const Json& change : diff.value("blocks", Json::array())) {
    const std::string operation = change.value("operation", "");
    if (operation == "EQUAL") {
      unchanged.push_back(Text(change, "before"));
      continue;
    }
    AppendUnchanged(unchanged, first, /*last=*/false, &text);
    unchanged.clear();
    first = false;
    changed = true;
    if (operation == "INSERTED") {
      absl::StrAppend(&text, "+ ", Text(change, "after"), "\n");
    } else if (operation == "REMOVED") {
      absl::StrAppend(&text, "- ", Text(change, "before"), "\n");
    } else {
      text += ChangedText(change);
    }
  }
  if (!changed) return absl::StrCat(text, "no difference\n");
  AppendUnchanged(unchanged, first, /*last=*/true, &text);
  return text;
}

}  // namespace cityinfo::cli
