#include "bench/articles/call_cost.h"

#include <algorithm>
#include <atomic>
#include <cstdio>

#include "bench/baseline/cpu_per_call.h"
#include "cityinfo/articles/v1/article_service.pb.h"

namespace cityinfo::bench {
namespace {

namespace v1 = cityinfo::articles::v1;

constexpr size_t kCallers[] = {1, 8};

// Different questions that are asked again and again.
constexpr size_t kKnownArticles = 1000;
constexpr size_t kKnownDays = 100;

constexpr char kGet[] = "/cityinfo.articles.v1.ArticleService/GetArticle";
constexpr char kList[] = "/cityinfo.articles.v1.ArticleService/ListArticles";

void Compare(const char* name, CallSide service, const BareServer& bare, int rounds) {
  const CpuComparison compared = CompareCpu(service, bare, rounds);
  std::printf("| %s | %zu | %zu | %.1f | %.1f | %.2f |\n", name, service.callers, compared.bytes,
              compared.own_us, compared.bare_us, compared.ratio());
}

// The same requests, each with a field of its own that nobody knows: never asked before.
MakeRequest NeverAsked(const MakeRequest& request) {
  return [request](Random& random) {
    // Field 1000, a fixed64.
    std::string bytes = request(random) + std::string("\xC1\x3E", 2);
    static std::atomic<uint64_t> asked = 0;
    const uint64_t number = ++asked;
    for (int shift = 0; shift < 64; shift += 8) {
      bytes.push_back(static_cast<char>(number >> shift & 0xFF));
    }
    return bytes;
  };
}

}  // namespace

void RunCallCost(const Setup& setup, const ArticlesProcess& service,
                 const std::vector<std::string>& names) {
  const BareServer bare(setup.bin_dir);
  const auto get = [&names](v1::ArticleView view) -> MakeRequest {
    return [&names, view](Random& random) {
      v1::GetArticleRequest request;
      request.set_name(names[random.Below(std::min(names.size(), kKnownArticles))]);
      request.set_view(view);
      return request.SerializeAsString();
    };
  };
  const auto list = [&setup](int page_size) -> MakeRequest {
    return [&setup, page_size](Random& random) {
      v1::ListArticlesRequest request;
      request.set_page_size(page_size);
      // Pages all over the archive.
      const int64_t article = static_cast<int64_t>(random.Below(kKnownDays)) * setup.corpus.size() /
                              static_cast<int64_t>(kKnownDays);
      const base::Date day = setup.corpus.Make(article).publish_date;
      request.mutable_publish_date_to()->set_year(day.year);
      request.mutable_publish_date_to()->set_month(day.month);
      request.mutable_publish_date_to()->set_day(day.day);
      return request.SerializeAsString();
    };
  };
  std::printf(
      "\n## Get and List\n\n| call | callers | bytes of the answer | own CPU us | bare gRPC CPU us "
      "| ratio "
      "|\n|---|---|---|---|---|---|\n");
  const auto compare = [&](const char* name, const char* method, const MakeRequest& request) {
    for (const size_t callers : kCallers) {
      Compare(name,
              {.port = service.port(),
               .pid = service.pid(),
               .callers = callers,
               .method = method,
               .request = request},
              bare, setup.rounds);
    }
  };
  compare("get, full", kGet, get(v1::FULL));
  compare("get, basic", kGet, get(v1::BASIC));
  compare("list 20", kList, list(20));
  compare("get, full, never asked before", kGet, NeverAsked(get(v1::FULL)));
  compare("get, basic, never asked before", kGet, NeverAsked(get(v1::BASIC)));
  compare("list 20, never asked before", kList, NeverAsked(list(20)));
  std::fflush(stdout);
}

}  // namespace cityinfo::bench
