#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "platform/sql/statement.h"

namespace cityinfo::metrics {

// The values of a statement whose text is put together from parts. Each Add gives the text that
// stands for the value ("?3"), which may stand in several places.
class Parameters {
 public:
  std::string Add(std::int64_t value) { return Append(value); }
  std::string Add(absl::string_view value) { return Append(std::string(value)); }

  // "?3, ?4": every value of a list, as `stored` makes them.
  template <typename List, typename Stored>
  std::string AddAll(const List& list, Stored stored) {
    std::vector<std::string> texts;
    for (const auto& value : list) texts.push_back(Add(stored(value)));
    return absl::StrJoin(texts, ", ");
  }

  void BindTo(sql::Statement& statement) const {
    int index = 0;
    for (const auto& value : values_) {
      ++index;
      std::visit([&](const auto& bound) { statement.Bind(index, bound); }, value);
    }
  }

 private:
  std::string Append(std::variant<std::int64_t, std::string> value) {
    values_.push_back(std::move(value));
    return absl::StrCat("?", values_.size());
  }

  std::vector<std::variant<std::int64_t, std::string>> values_;
};

}  // namespace cityinfo::metrics
