#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>

#include "bench/baseline/bare_server.h"
#include "bench/baseline/random.h"
#include "bench/baseline/samples.h"

namespace cityinfo::bench {

// Makes the next request of a caller, serialised.
using MakeRequest = std::function<std::string(Random&)>;

// One side of a comparison: whom to ask what, and what was measured so far.
struct CallSide {
  int port = 0;
  pid_t pid = 0;
  size_t callers = 1;  // at one time, each with one call under way
  std::string method;
  MakeRequest request;
  uint64_t seed = 0;          // of the callers' generators
  Samples microseconds = {};  // of processor time of the process, for a call
  Samples calls_a_second = {};
};

// Calls for two seconds and adds what it cost. Ends the program when a call fails.
void MeasureCalls(CallSide& side);

// The mean size of what is answered.
size_t MeanAnswerBytes(const CallSide& side);

struct CpuComparison {
  size_t bytes = 0;
  double own_us = 0;
  double bare_us = 0;
  double ratio() const { return own_us / bare_us; }
};

// Measures `service` and a bare gRPC server that answers the same requests with as many bytes, in
// turn, `rounds` times; medians. What was measured is added to `service`.
CpuComparison CompareCpu(CallSide& service, const BareServer& bare_server, int rounds);

}  // namespace cityinfo::bench
