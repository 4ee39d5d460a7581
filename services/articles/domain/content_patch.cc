#include "services/articles/domain/content_patch.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace cityinfo::articles {
namespace {

template <typename T>
void Lay(const std::optional<T>& change, T* field) {
  if (change) *field = *change;
}

}  // namespace

ArticleContent ApplyPatch(const ContentPatch& patch, ArticleContent content) {
  Lay(patch.title, &content.title);
  Lay(patch.subtitle, &content.subtitle);
  Lay(patch.byline, &content.byline);
  Lay(patch.section, &content.section);
  Lay(patch.tags, &content.tags);
  Lay(patch.publication, &content.publication);
  Lay(patch.publish_date, &content.publish_date);
  Lay(patch.page, &content.page);
  Lay(patch.place, &content.place);
  if (patch.blocks && *patch.blocks != content.blocks) {
    content.blocks = *patch.blocks;
    content.doubts.clear();
  }
  return content;
}

std::string DescribeDifference(const ArticleContent& before, const ArticleContent& after) {
  std::vector<const char*> names;
  const auto note = [&](bool differs, const char* name) {
    if (differs) names.push_back(name);
  };
  note(before.title != after.title, "title");
  note(before.subtitle != after.subtitle, "subtitle");
  note(before.byline != after.byline, "byline");
  note(before.section != after.section, "section");
  note(before.tags != after.tags, "tags");
  note(before.publication != after.publication, "publication");
  note(before.publish_date != after.publish_date, "publish_date");
  note(before.page != after.page, "page");
  note(before.place != after.place, "place");
  note(before.blocks != after.blocks, "blocks");
  if (names.empty()) return "nothing changed";
  if (names.size() == 1) return absl::StrCat(names[0], " changed");
  const char* last = names.back();
  names.pop_back();
  return absl::StrCat(absl::StrJoin(names, ", "), " and ", last, " changed");
}

}  // namespace cityinfo::articles
