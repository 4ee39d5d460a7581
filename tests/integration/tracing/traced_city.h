#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::testing {

// The three real programs on free ports, sending their spans to `endpoint`.
class TracedCity {
 public:
  struct Answer {
    int status = 0;
    std::string trace_id;  // x-trace-id
    std::string body;
  };

  // `sample` as --trace-sample takes it.
  absl::Status Start(const std::string& endpoint, const std::string& sample);

  // One request to the gateway, on a connection of its own. Status 0 when nothing answered.
  Answer Get(const std::string& target, const std::string& traceparent = "") const;
  // With the editor's key.
  Answer Post(const std::string& target, const std::string& body) const;
  // The metrics page of "articles", "metrics" or "gateway".
  std::string Scrape(const std::string& service) const;
  // The value of a series ("name{label=\"x\"}") there; -1 when there is none.
  double Value(const std::string& service, const std::string& series) const;

  ChildProcess& process(const std::string& service) { return *processes_.at(service); }

 private:
  absl::Status Launch(const std::string& service, std::vector<std::string> args,
                      const std::string& port_name);

  TempDir dir_;
  std::string endpoint_;
  std::string sample_;
  std::map<std::string, int> ports_;
  std::map<std::string, int> admin_ports_;
  std::map<std::string, std::unique_ptr<ChildProcess>> processes_;
};

}  // namespace cityinfo::testing
