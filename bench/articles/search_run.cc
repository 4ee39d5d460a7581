#include "bench/articles/search_run.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "bench/articles/articles_client.h"
#include "bench/articles/groonga.h"
#include "bench/articles/query_mix.h"
#include "bench/baseline/process_figures.h"
#include "bench/baseline/samples.h"

namespace cityinfo::bench {
namespace {

constexpr int kClients = 8;
constexpr double kThroughputSeconds = 3;
constexpr int kResults = 10;
constexpr Order kOrders[] = {cityinfo::articles::v1::SearchArticlesRequest::NEWEST,
                             cityinfo::articles::v1::SearchArticlesRequest::RELEVANCE};

const char* NameOf(Order order) {
  return order == cityinfo::articles::v1::SearchArticlesRequest::NEWEST ? "newest" : "relevance";
}

std::unique_ptr<Groonga> FillGroonga(const Setup& setup) {
  const std::string folder = absl::StrCat(setup.folder, "/groonga");
  auto groonga = std::make_unique<Groonga>(folder);
  const Stopwatch watch;
  for (int64_t begin = 0; begin < setup.corpus.size(); begin += kArticlesOfAStream) {
    std::vector<articles::ArticleContent> slice;
    for (int64_t i = begin; i < std::min(begin + kArticlesOfAStream, setup.corpus.size()); ++i) {
      slice.push_back(setup.corpus.Make(i));
    }
    groonga->Load(slice);
  }
  groonga->BuildIndex();
  std::printf("\nGroonga: loaded and indexed in %.0f s (%.0f articles/s), %.0f MB on disk.\n",
              watch.Seconds(), static_cast<double>(setup.corpus.size()) / watch.Seconds(),
              static_cast<double>(BytesOnDisk(folder + "/db")) / 1e6);
  return groonga;
}

// One kind of question in one order.
struct Row {
  const QueryClass* kind;
  Order order;
  Samples own, groonga, groonga_inside, matches;
  double cpu_seconds = 0;  // Of the service, for all that it was asked.
};

// Every question once to each side; which is asked first changes from one to the next.
void AskOnce(ArticlesClient& client, pid_t service, Groonga* groonga, Row& row) {
  const double cpu_before = CpuSeconds(service);
  for (size_t i = 0; i < row.kind->queries.size(); ++i) {
    const std::string& query = row.kind->queries[i];
    const auto ask_own = [&] {
      const Stopwatch watch;
      client.Search(query, row.order, kResults);
      row.own.Add(watch.Milliseconds());
    };
    const auto ask_groonga = [&] {
      if (groonga == nullptr) return;
      const Stopwatch watch;
      const Groonga::Answer answer = groonga->Search(query, row.order == kOrders[0]);
      row.groonga.Add(watch.Milliseconds());
      row.groonga_inside.Add(answer.own_seconds * 1e3);
      row.matches.Add(static_cast<double>(answer.matches));
    };
    if (i % 2 == 0) ask_own();
    ask_groonga();
    if (i % 2 == 1) ask_own();
  }
  row.cpu_seconds += CpuSeconds(service) - cpu_before;
}

void PrintRow(const char* kind, const char* order, const Row& row) {
  std::printf("| %s | %s | %.2f | %.2f | %.2f ", kind, order, row.own.Median(),
              row.own.Quantile(0.99), row.cpu_seconds * 1e3 / static_cast<double>(row.own.size()));
  if (row.groonga.size() == 0) {
    std::printf("| | | | | |\n");
    return;
  }
  std::printf("| %.0f | %.2f | %.2f | %.2f | %.2f |\n", row.matches.Median(), row.groonga.Median(),
              row.groonga_inside.Median(), row.groonga.Quantile(0.99),
              row.own.Median() / row.groonga.Median());
}

void PrintRows(const std::vector<Row>& rows) {
  std::printf(
      "\n## Search\n\n| words | order | own p50 ms | own p99 ms | own CPU ms | matches, median "
      "| Groonga p50 ms | Groonga p50 ms by its own clock | Groonga p99 ms | ratio of p50 |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n");
  Row all{};
  for (const Row& row : rows) {
    PrintRow(row.kind->name.c_str(), NameOf(row.order), row);
    all.own.Add(row.own);
    all.groonga.Add(row.groonga);
    all.groonga_inside.Add(row.groonga_inside);
    all.matches.Add(row.matches);
    all.cpu_seconds += row.cpu_seconds;
  }
  PrintRow("all", "both", all);
}

// Questions a second with kClients callers, each with a connection of its own.
double Throughput(int port, const std::vector<QueryClass>& mix) {
  std::atomic<int64_t> answered = 0;
  std::atomic<bool> over = false;
  const Stopwatch watch;
  std::vector<std::thread> threads;
  for (size_t number = 0; number < kClients; ++number) {
    threads.emplace_back([&, number] {
      ArticlesClient client(port);
      for (size_t i = number; !over; ++i) {
        const QueryClass& kind = mix[i % mix.size()];
        const std::string& query = kind.queries[i / mix.size() % kind.queries.size()];
        client.Search(query, kOrders[i / 2 % 2], kResults);
        ++answered;
      }
    });
  }
  while (watch.Seconds() < kThroughputSeconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  over = true;
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(answered) / watch.Seconds();
}

}  // namespace

void RunSearch(const Setup& setup, const ArticlesProcess& service, bool with_groonga) {
  const std::vector<QueryClass> mix = MakeQueryMix(setup.corpus, setup.queries, setup.seed);
  std::unique_ptr<Groonga> groonga = with_groonga ? FillGroonga(setup) : nullptr;
  ArticlesClient client(service.port());
  std::vector<Row> rows;
  for (const QueryClass& kind : mix) {
    for (const Order order : kOrders) rows.push_back({.kind = &kind, .order = order});
  }
  for (int round = 0; round < setup.rounds; ++round) {
    for (Row& row : rows) AskOnce(client, service.pid(), groonga.get(), row);
  }
  PrintRows(rows);
  const double cpu_before = CpuSeconds(service.pid());
  Samples rates;
  for (int round = 0; round < setup.rounds; ++round) rates.Add(Throughput(service.port(), mix));
  const double cpu = CpuSeconds(service.pid()) - cpu_before;
  std::printf(
      "\n%d clients: %.0f questions/s (median of %zu rounds of %.0f s); the service used %.1f "
      "processors.\n",
      kClients, rates.Median(), rates.size(), kThroughputSeconds,
      cpu / (kThroughputSeconds * setup.rounds));
  const Memory memory = MemoryOf(service.pid());
  std::printf(
      "\nResident memory of the service: %.0f MB (%.0f MB of it no file), %.0f MB at most.\n",
      memory.resident_mb, memory.anonymous_mb, memory.peak_mb);
  groonga.reset();
  std::filesystem::remove_all(absl::StrCat(setup.folder, "/groonga"));
  std::fflush(stdout);
}

}  // namespace cityinfo::bench
