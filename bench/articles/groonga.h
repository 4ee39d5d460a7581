#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/articles/domain/article.h"
#include "tests/support/child_process.h"

namespace cityinfo::bench {

// Groonga's own HTTP server (Debian's groonga-bin) over a database in `folder`: a table of articles
// with title, date and text (title and blocks), and over the text an index of pairs of characters
// (TokenBigram, NormalizerAuto) that is built after loading, which suits it best. Its cache of
// answers is off. Ends the program when a request fails. For one thread.
class Groonga {
 public:
  struct Answer {
    int64_t matches = 0;
    double own_seconds = 0;  // What the server says it took.
  };

  explicit Groonga(const std::string& folder);
  ~Groonga();

  void Load(const std::vector<articles::ArticleContent>& slice);
  void BuildIndex();

  // Ten articles that hold all words, the newest or those with the best score, with title and date.
  Answer Search(const std::string& query, bool newest);

  pid_t pid() const { return child_->pid(); }

 private:
  // The body of the answer to a command, "table_list?…".
  std::string Ask(const std::string& command, const std::string* body = nullptr);

  std::unique_ptr<testing::ChildProcess> child_;
  std::unique_ptr<CURL, void (*)(CURL*)> http_;
  std::string url_;
};

}  // namespace cityinfo::bench
