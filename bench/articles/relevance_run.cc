#include "bench/articles/relevance_run.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/articles/articles_client.h"
#include "bench/articles/articles_process.h"
#include "bench/articles/known_items.h"
#include "bench/baseline/samples.h"

namespace cityinfo::bench {
namespace {

constexpr int kKnownItems = 1000;
constexpr int kCounted = 10;    // Of MRR@10.
constexpr int kPageSize = 200;  // While looking further down.

// The service's names of the items of news, in their order.
std::vector<std::string> ImportNews(const std::vector<NewsItem>& news, ArticlesClient& client) {
  std::vector<std::string> names;
  std::vector<cityinfo::articles::v1::ImportArticlesRequest> stream;
  for (size_t i = 0; i < news.size(); ++i) {
    articles::ArticleContent content{.title = news[i].title,
                                     .publication = "样例日报",
                                     .publish_date = news[i].date,
                                     .place = "100000"};
    for (const std::string& paragraph : news[i].paragraphs) {
      content.blocks.push_back({.kind = articles::BlockKind::kParagraph, .text = paragraph});
    }
    stream.push_back(ToImport(content));
    if (stream.size() == kArticlesOfAStream || i + 1 == news.size()) {
      client.Import(stream, /*keep=*/1, &names);
      stream.clear();
    }
  }
  client.WaitForSearch();
  return names;
}

// From 1; 0 when it is not among all answers.
int RankInService(ArticlesClient& client, const std::string& query, const std::string& name) {
  std::string token;
  int rank = 0;
  do {
    const auto page = client.Search(query, cityinfo::articles::v1::SearchArticlesRequest::RELEVANCE,
                                    rank == 0 ? kCounted : kPageSize, token);
    for (const auto& result : page.results()) {
      ++rank;
      if (result.article().name() == name) return rank;
    }
    token = page.next_page_token();
  } while (!token.empty());
  return 0;
}

struct ReciprocalRanks {
  double at_ten = 0, full = 0;
  int found = 0;

  void Add(int rank) {
    if (rank == 0) return;
    ++found;
    full += 1.0 / rank;
    if (rank <= kCounted) at_ten += 1.0 / rank;
  }
};

void Compare(const char* what, const std::vector<KnownItem>& known,
             const std::vector<std::string>& names, ArticlesClient& client, const FullBm25& bm25) {
  ReciprocalRanks own, full;
  for (const KnownItem& item : known) {
    own.Add(RankInService(client, absl::StrJoin(item.words, " "), names[item.item]));
    full.Add(bm25.RankOf(item));
  }
  const auto all = static_cast<double>(known.size());
  std::printf("| %s | %zu | %.4f | %.4f | %.3f | %.4f | %.4f | %.3f | %zu |\n", what, known.size(),
              own.at_ten / all, full.at_ten / all, own.at_ten / full.at_ten, own.full / all,
              full.full / all, own.full / full.full, known.size() - static_cast<size_t>(own.found));
}

}  // namespace

void RunRelevance(const Setup& setup) {
  ArticlesProcess service(setup.bin_dir, absl::StrCat(setup.folder, "/news"));
  ArticlesClient client(service.port());
  const std::vector<std::string> names = ImportNews(setup.news, client);
  const FullBm25 bm25(setup.news);
  std::printf(
      "\n## Relevance\n\n| titles | questions | own MRR@10 | BM25 MRR@10 | ratio | own MRR | BM25 "
      "MRR | ratio | not found |\n|---|---|---|---|---|---|---|---|---|\n");
  Compare("all", MakeKnownItems(setup.news, kKnownItems, false, setup.seed), names, client, bm25);
  Compare("that only one item has", MakeKnownItems(setup.news, kKnownItems, true, setup.seed + 1),
          names, client, bm25);
  std::fflush(stdout);
}

}  // namespace cityinfo::bench
