#include "bench/articles/call_cost.h"

#include <atomic>
#include <cstdio>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "bench/articles/bare_server.h"
#include "bench/articles/must.h"
#include "bench/articles/process_figures.h"
#include "bench/articles/random.h"
#include "bench/articles/samples.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/client.h"

namespace cityinfo::bench {
namespace {

namespace v1 = cityinfo::articles::v1;

constexpr size_t kCallers[] = {1, 8};
constexpr double kSeconds = 2;

constexpr char kGet[] = "/cityinfo.articles.v1.ArticleService/GetArticle";
constexpr char kList[] = "/cityinfo.articles.v1.ArticleService/ListArticles";

using MakeRequest = std::function<std::string(Random&)>;

// One side: whom to ask what.
struct Side {
  int port;
  pid_t pid;
  size_t callers;
  std::string method;
  MakeRequest request;
  Samples microseconds;  // Of processor time for a call.
};

void Measure(Side& side) {
  rpc::RawClient client(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", side.port), {.follow_health = false}));
  Random first(1);
  Must(client.Call(side.method, {.wait_for_ready = true}, side.request(first)).status());
  const double before = CpuSeconds(side.pid);
  const Stopwatch watch;
  std::atomic<int64_t> calls = 0;
  std::vector<std::thread> threads;
  for (size_t number = 0; number < side.callers; ++number) {
    threads.emplace_back([&, number] {
      Random random(number);
      while (watch.Seconds() < kSeconds) {
        Must(client.Call(side.method, {}, side.request(random)).status());
        ++calls;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  side.microseconds.Add((CpuSeconds(side.pid) - before) * 1e6 / static_cast<double>(calls));
}

// The mean size of what the service answers.
size_t AnswerBytes(const Side& side) {
  constexpr size_t kAnswers = 200;
  rpc::RawClient client(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", side.port), {.follow_health = false}));
  Random random(2);
  size_t bytes = 0;
  for (size_t i = 0; i < kAnswers; ++i) {
    bytes += Must(client.Call(side.method, {.wait_for_ready = true}, side.request(random))).size();
  }
  return bytes / kAnswers;
}

void Compare(const char* name, Side service, const BareServer& bare_server, int rounds) {
  const size_t bytes = AnswerBytes(service);
  Side bare{.port = bare_server.port(),
            .pid = bare_server.pid(),
            .callers = service.callers,
            .method = absl::StrCat("/bench.Bare/Answer/", bytes),
            .request = service.request};
  Samples ratios;
  for (int round = 0; round < rounds; ++round) {
    Measure(round % 2 == 0 ? service : bare);
    Measure(round % 2 == 0 ? bare : service);
  }
  std::printf("| %s | %zu | %zu | %.1f | %.1f | %.2f |\n", name, service.callers, bytes,
              service.microseconds.Median(), bare.microseconds.Median(),
              service.microseconds.Median() / bare.microseconds.Median());
}

}  // namespace

void RunCallCost(const Setup& setup, const ArticlesProcess& service,
                 const std::vector<std::string>& names) {
  const BareServer bare(setup.bin_dir);
  const auto get = [&names](v1::ArticleView view) -> MakeRequest {
    return [&names, view](Random& random) {
      v1::GetArticleRequest request;
      request.set_name(names[random.Below(names.size())]);
      request.set_view(view);
      return request.SerializeAsString();
    };
  };
  const auto list = [&setup](int page_size) -> MakeRequest {
    return [&setup, page_size](Random& random) {
      v1::ListArticlesRequest request;
      request.set_page_size(page_size);
      // Pages all over the archive.
      const base::Date day =
          setup.corpus
              .Make(static_cast<int64_t>(random.Below(static_cast<size_t>(setup.corpus.size()))))
              .publish_date;
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
  std::fflush(stdout);
}

}  // namespace cityinfo::bench
