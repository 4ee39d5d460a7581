#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/articles/search/index_reader.h"
#include "services/articles/search/query_language.h"

namespace cityinfo::articles {

// What the score of a text depends on besides the text. A walk through pages keeps the model of its
// first page, so that articles that come meanwhile do not change the order of the others.
struct RelevanceModel {
  std::vector<int64_t> rarity;  // Of each word, in thousandths: how much a text with it says.
  int64_t typical_units = 1;    // Length of an ordinary text.
  int64_t today = 0;            // In days since 1970.
};

// The rarity of a word comes from the newest documents that hold it, a bounded number.
absl::StatusOr<RelevanceModel> MakeRelevanceModel(IndexReader& reader, const ParsedQuery& query);

// In how many documents `token` stands, estimated from the newest kSampledDocuments of them.
absl::StatusOr<double> EstimateDocuments(IndexReader& reader, std::string_view token);
inline constexpr int kSampledDocuments = 300;

// ln of one over the share of documents that hold it, smoothed; never below 0.
double Rarity(double documents_with_it, int64_t documents);

// BM25 of the words over title and text as one field, in which a word of the title counts several
// times, and a little more for what is new. In millionths. The same in every replica.
int64_t ScoreText(const RelevanceModel& model, const std::vector<std::u16string>& words,
                  std::u16string_view text, int64_t day);

}  // namespace cityinfo::articles
