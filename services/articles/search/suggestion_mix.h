#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "services/articles/domain/article_search.h"

namespace cityinfo::articles {

// Puts together what completes a prefix: candidates that begin with it before those that hold it
// elsewhere; within each, indicators, tags and titles take turns, so that none of them hides the
// others; within a kind, as they were added. No text comes twice, compared as the search compares
// (folded). Not thread-safe.
class SuggestionMix {
 public:
  SuggestionMix(absl::string_view prefix, int limit);

  // Folded, without spaces around it; empty when there is nothing to complete.
  const std::u16string& prefix() const { return prefix_; }

  // Takes the candidate when it holds the prefix, and notes where. Its spans are made here.
  void Add(Suggestion candidate);

  // The best ones, at most `limit`.
  std::vector<Suggestion> Take() &&;

 private:
  static constexpr size_t kKinds = 3;
  using ByKind = std::array<std::vector<Suggestion>, kKinds>;

  const std::u16string prefix_;
  const size_t limit_;
  absl::flat_hash_set<std::u16string> texts_;
  ByKind beginning_;
  ByKind holding_;
};

}  // namespace cityinfo::articles
