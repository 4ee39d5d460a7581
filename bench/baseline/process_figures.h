#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace cityinfo::bench {

// What the kernel says about a running process (/proc).

// Processor time used since it started, of all its threads; in steps of 10 ms.
double CpuSeconds(pid_t pid);
double CpuSecondsOfThisThread();

struct Memory {
  double resident_mb = 0;   // VmRSS, what top shows.
  double anonymous_mb = 0;  // The part of it that is no file.
  double peak_mb = 0;       // Highest VmRSS since it started.
};
Memory MemoryOf(pid_t pid);

// Bytes of all files in the folder of `path` whose names begin with its name: a SQLite file with
// its -wal and -shm, a database of Groonga with its parts.
int64_t BytesOnDisk(const std::string& path);

}  // namespace cityinfo::bench
