// A table for a terminal. Knows that a Chinese character takes two columns.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::cli {

// Columns `text` takes on a terminal.
int DisplayWidth(absl::string_view text);

// `text` cut to at most `width` columns, with "…" where something was cut.
std::string Shorten(absl::string_view text, int width);

class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}

  // As many cells as the header has.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  // Every column as wide as its widest cell, at most `max_column`.
  std::string ToString(int max_column = 48) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cityinfo::cli
