#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cityinfo::testing {

// How a child ended.
struct ExitState {
  int code = 0;    // exit code; 0 when a signal ended it
  int signal = 0;  // the signal that ended it; 0 when it exited by itself
};

// A process started by a test and gone with it. It is asked to die with the test binary
// (PR_SET_PDEATHSIG), so a crashed test leaves nothing behind. Not thread-safe. Start it from a
// thread that lives as long as the child (the test's main thread): Linux ties the death signal to
// the thread.
class ChildProcess {
 public:
  struct Options {
    std::string binary;  // path, or a name found in PATH
    std::vector<std::string> args;
    std::map<std::string, std::string> env;  // added to the test's own environment
    std::string working_dir;                 // empty: the test's own
    std::string output_dir;  // stdout and stderr go to files here; empty: a new temp dir
    std::string stdin_text;  // what the child reads; empty: /dev/null
  };

  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(Options options);

  // Kills (SIGKILL) and reaps what still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool Running();

  void Signal(int signal);
  void Terminate();  // SIGTERM; does not wait
  ExitState Kill();  // SIGKILL and wait: the `kill -9` of the crash tests
  void Stop();       // SIGSTOP: alive, but silent
  void Continue();   // SIGCONT

  // nullopt when it still runs after `bound`.
  std::optional<ExitState> Wait(absl::Duration bound = absl::Seconds(20));
  // SIGTERM and wait; SIGKILL when `bound` passes first, which shows as signal 9.
  ExitState TerminateAndWait(absl::Duration bound = absl::Seconds(20));

  // Everything written so far.
  std::string Stdout() const;
  std::string Stderr() const;

  // Waits until a line of stdout or stderr contains `text`, false when the bound passes or the
  // child ends first.
  bool WaitForLine(absl::string_view text, absl::Duration bound = absl::Seconds(20));

 private:
  ChildProcess() = default;
  bool Reap(bool block);

  pid_t pid_ = -1;
  std::optional<ExitState> exit_;
  std::string stdout_path_;
  std::string stderr_path_;
  std::unique_ptr<class TempDir> own_dir_;
};

// The path of one of our programs ("cityinfo-articles"), from CITYINFO_BIN_DIR that ctest sets,
// else found next to the test binary (../bin).
std::string ProgramPath(absl::string_view name);

// A file of the checkout ("data/sample/page.txt"), from CITYINFO_SOURCE_DIR, else the working
// folder.
std::string SourcePath(absl::string_view relative);

// Waits until a service started with `--port-file` has written it, and returns the port of that
// name
// ("grpc", "http", "admin").
absl::StatusOr<int> WaitForPort(const std::string& port_file, const std::string& name,
                                ChildProcess& child, absl::Duration bound = absl::Seconds(20));

}  // namespace cityinfo::testing
