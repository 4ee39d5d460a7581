#include "bench/articles/import_run.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "bench/articles/articles_client.h"
#include "bench/articles/bare_fts.h"
#include "bench/baseline/process_figures.h"
#include "bench/baseline/samples.h"

namespace cityinfo::bench {
namespace {

constexpr size_t kKeepEvery = 50;  // Of the articles' names.
constexpr int kStarts = 5;
// What is only compared by size need not be written a million times.
constexpr int64_t kArticlesForSize = 200'000;

struct Slice {
  std::vector<BareFts::Row> rows;
  std::vector<cityinfo::articles::v1::ImportArticlesRequest> requests;
  int64_t text_bytes = 0;
};

Slice MakeSlice(const Corpus& corpus, int64_t begin) {
  Slice slice;
  for (int64_t i = begin; i < std::min(begin + kArticlesOfAStream, corpus.size()); ++i) {
    const articles::ArticleContent content = corpus.Make(i);
    slice.rows.push_back(BareFts::MakeRow(content));
    slice.requests.push_back(ToImport(content));
    slice.text_bytes += static_cast<int64_t>(slice.rows.back().text.size());
  }
  return slice;
}

// Somebody who takes up slice after slice, and the time it took.
struct Writer {
  std::string name;
  std::function<void(const Slice&)> write;
  std::function<double()> cpu_clock;  // Processor time that writing takes runs here.
  double seconds = 0;
  double cpu_seconds = 0;
  Samples rates;  // Articles a second, slice by slice.

  void Take(const Slice& slice) {
    const double cpu_before = cpu_clock();
    const Stopwatch watch;
    write(slice);
    const double taken = watch.Seconds();
    seconds += taken;
    cpu_seconds += cpu_clock() - cpu_before;
    rates.Add(static_cast<double>(slice.rows.size()) / taken);
  }
};

double MegaBytes(int64_t bytes) { return static_cast<double>(bytes) / 1e6; }

void PrintSize(const char* what, int64_t bytes, int64_t text_bytes) {
  std::printf("| %s | %.1f | %.2f |\n", what, MegaBytes(bytes),
              static_cast<double>(bytes) / static_cast<double>(text_bytes));
}

// Bare FTS5 in other forms, over the first articles alone.
void PrintOtherForms(const Setup& setup) {
  const std::string folder = absl::StrCat(setup.folder, "/forms");
  std::filesystem::create_directories(folder);
  const int64_t articles = std::min(kArticlesForSize, setup.corpus.size());
  int64_t text_bytes = 0;
  BareFts full(folder + "/full.db", BareFts::Detail::kFull, BareFts::Tokens::kService);
  BareFts pairs(folder + "/pairs.db", BareFts::Detail::kFull, BareFts::Tokens::kPairs);
  Samples full_rates;
  for (int64_t begin = 0; begin < articles; begin += kArticlesOfAStream) {
    const Slice slice = MakeSlice(setup.corpus, begin);
    text_bytes += slice.text_bytes;
    const Stopwatch watch;
    full.Add(slice.rows);
    full_rates.Add(static_cast<double>(slice.rows.size()) / watch.Seconds());
    pairs.Add(slice.rows);
  }
  PrintSize("bare FTS5, pairs and singles, detail=full (first articles)", full.IndexBytes(),
            text_bytes);
  PrintSize("bare FTS5, pairs, detail=full (first articles)", pairs.IndexBytes(), text_bytes);
  std::printf("\nWith detail=full the bare writer takes %.0f articles/s (median of %zu streams).\n",
              full_rates.Median(), full_rates.size());
  std::filesystem::remove_all(folder);
}

// From the start of the process until its search answers and has nothing to catch up with.
double SecondsToStart(const Setup& setup, const std::string& folder,
                      std::unique_ptr<ArticlesProcess>* process) {
  process->reset();
  const Stopwatch watch;
  *process = std::make_unique<ArticlesProcess>(setup.bin_dir, folder);
  ArticlesClient((*process)->port()).WaitForSearch();
  return watch.Seconds();
}

}  // namespace

FilledService RunImport(const Setup& setup) {
  const std::string folder = absl::StrCat(setup.folder, "/service");
  const std::string bare_path = absl::StrCat(setup.folder, "/bare.db");
  FilledService filled{.process = std::make_unique<ArticlesProcess>(setup.bin_dir, folder)};
  ArticlesClient client(filled.process->port());
  auto bare_fts =
      std::make_unique<BareFts>(bare_path, BareFts::Detail::kNone, BareFts::Tokens::kService);
  Writer bare{.name = "bare FTS5",
              .write = [&](const Slice& s) { bare_fts->Add(s.rows); },
              .cpu_clock = [] { return CpuSecondsOfThisThread(); }};
  Writer service{.name = "the service",
                 .write =
                     [&](const Slice& s) {
                       client.Import(s.requests, kKeepEvery, &filled.names);
                       client.WaitForSearch();
                     },
                 .cpu_clock = [&] { return CpuSeconds(filled.process->pid()); }};
  int64_t text_bytes = 0;
  for (int64_t begin = 0, turn = 0; begin < setup.corpus.size();
       begin += kArticlesOfAStream, ++turn) {
    const Slice slice = MakeSlice(setup.corpus, begin);
    text_bytes += slice.text_bytes;
    Writer& first = turn % 2 == 0 ? bare : service;
    Writer& second = turn % 2 == 0 ? service : bare;
    first.Take(slice);
    second.Take(slice);
    std::fprintf(stderr, "import: %lld, bare %.0f/s, service %.0f/s\n",
                 static_cast<long long>(begin + kArticlesOfAStream), bare.rates.Median(),
                 service.rates.Median());
  }
  const auto articles = static_cast<double>(setup.corpus.size());
  std::printf(
      "\n## Import\n\n| what | articles/s | ratio | CPU us per article |\n|---|---|---|---|\n");
  for (const Writer* writer : {&bare, &service}) {
    std::printf("| %s | %.0f | %.2f | %.0f |\n", writer->name.c_str(), articles / writer->seconds,
                bare.seconds / writer->seconds, writer->cpu_seconds / articles * 1e6);
  }
  const Memory memory = MemoryOf(filled.process->pid());
  std::printf("\nResident memory of the service after the import: %.0f MB, at most %.0f MB.\n",
              memory.resident_mb, memory.peak_mb);

  Samples starts;
  for (int i = 0; i < kStarts; ++i) starts.Add(SecondsToStart(setup, folder, &filled.process));
  std::printf("\nFrom start to ready: %.2f s (median of %zu), %.2f s at most.\n", starts.Median(),
              starts.size(), starts.Quantile(1));

  std::printf("\n| size | MB | of the text |\n|---|---|---|\n");
  PrintSize("text (title and paragraphs, UTF-8)", text_bytes, text_bytes);
  PrintSize("the search's file, with its WAL", BytesOnDisk(ArticlesProcess::IndexPath(folder)),
            text_bytes);
  PrintSize("the store's file, with its WAL", BytesOnDisk(ArticlesProcess::StorePath(folder)),
            text_bytes);
  PrintSize("bare FTS5, pairs and singles, detail=none", bare_fts->IndexBytes(), text_bytes);
  bare_fts.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(bare_path + suffix);
  PrintOtherForms(setup);
  std::fflush(stdout);
  return filled;
}

}  // namespace cityinfo::bench
