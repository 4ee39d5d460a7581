#include "cli/marked_text.h"

#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"

namespace cityinfo::cli {

Marks BoldOn(bool terminal) {
  return terminal ? Marks{.open = "\x1b[1m", .close = "\x1b[0m"} : Marks{};
}

std::string MarkSpans(absl::string_view text, const std::vector<Span>& spans, const Marks& marks) {
  const base::CodePointIndex index(text);
  std::string out;
  int64_t position = 0;
  for (const Span& span : spans) {
    if (span.begin < position || span.end <= span.begin || span.end > index.size()) continue;
    absl::StrAppend(&out, index.Substr(position, span.begin), marks.open,
                    index.Substr(span.begin, span.end), marks.close);
    position = span.end;
  }
  absl::StrAppend(&out, index.Substr(position, index.size()));
  return out;
}

}  // namespace cityinfo::cli
