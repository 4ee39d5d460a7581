#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// A request's path cut at its slashes, still percent-encoded, with the custom verb taken off its
// end:
// "/v1/articles/7:publish" is {"v1", "articles", "7"} and "publish".
struct SplitPath {
  std::vector<absl::string_view> segments;
  absl::string_view verb;  // empty when there is none

  // The result points into `path`. nullopt when it does not begin with '/' or has an empty segment.
  static std::optional<SplitPath> From(absl::string_view path);
};

// A field of the request message that the path gives a value, decoded.
struct PathBinding {
  std::string field_path;  // "name", "article.name"
  std::string value;       // "articles/7"
};

// A path of google.api.http: literal segments, `*` for exactly one segment, `{field=articles/*}`
// for segments that a field gets, and `:verb` at the end. `**` is not supported. Immutable.
class PathTemplate {
 public:
  static absl::StatusOr<PathTemplate> Parse(absl::string_view text);

  // Whether the path has this shape.
  bool Matches(const SplitPath& path) const;
  // The values of a path that matches. nullopt when one is not valid percent-encoded UTF-8, or
  // hides a slash or a control character.
  std::optional<std::vector<PathBinding>> Bind(const SplitPath& path) const;

  const std::string& text() const { return text_; }
  size_t segment_count() const { return segments_.size(); }
  const std::string& verb() const { return verb_; }
  std::vector<std::string> BoundFields() const;

 private:
  struct Variable {
    std::string field_path;
    size_t begin;  // segments
    size_t end;
  };

  absl::Status ParseVariable(absl::string_view inside);

  std::string text_;
  std::vector<std::string> segments_;  // "*" or literal
  std::vector<Variable> variables_;
  std::string verb_;
};

}  // namespace cityinfo::gateway
