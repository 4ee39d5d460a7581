#include "tests/support/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace cityinfo::testing {
namespace {

std::vector<std::string> Environment(const std::map<std::string, std::string>& added) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::pair<std::string, std::string> pair =
        absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    all[pair.first] = pair.second;
  }
  for (const auto& [name, value] : added) all[name] = value;
  std::vector<std::string> result;
  for (const auto& [name, value] : all) result.push_back(absl::StrCat(name, "=", value));
  return result;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

ExitState FromWaitStatus(int status) {
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status)};
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void RunChild(const char* binary, char** argv, char** env, const char* working_dir,
                           const char* in, const char* out, const char* err, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);  // the parent died before the line above
  if (working_dir[0] != '\0' && chdir(working_dir) != 0) _exit(126);
  const int in_fd = open(in, O_RDONLY);
  const int out_fd = open(out, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int err_fd = open(err, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (in_fd < 0 || out_fd < 0 || err_fd < 0) _exit(126);
  dup2(in_fd, 0);
  dup2(out_fd, 1);
  dup2(err_fd, 2);
  for (int fd = 3; fd < 256; ++fd) close(fd);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execvpe(binary, argv, env);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(Options options) {
  std::unique_ptr<ChildProcess> child(new ChildProcess());
  if (options.output_dir.empty()) {
    child->own_dir_ = std::make_unique<TempDir>();
    options.output_dir = child->own_dir_->path().string();
  }
  const std::string stem = std::filesystem::path(options.binary).filename().string();
  static std::atomic<int> counter = 0;  // Tests start processes from several threads.
  const std::string base = absl::StrCat(options.output_dir, "/", stem, ".", ++counter);
  child->stdout_path_ = base + ".stdout";
  child->stderr_path_ = base + ".stderr";
  std::string stdin_path = "/dev/null";
  if (!options.stdin_text.empty()) {
    if (child->own_dir_ == nullptr) child->own_dir_ = std::make_unique<TempDir>();
    stdin_path = child->own_dir_->Write("stdin", options.stdin_text);
  }
  std::vector<std::string> args = {options.binary};
  args.insert(args.end(), options.args.begin(), options.args.end());
  std::vector<std::string> env = Environment(options.env);
  const std::vector<char*> argv = Pointers(args);
  const std::vector<char*> envp = Pointers(env);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return absl::InternalError(absl::StrCat("fork: ", std::strerror(errno)));
  if (pid == 0) {
    RunChild(options.binary.c_str(), const_cast<char**>(argv.data()),
             const_cast<char**>(envp.data()), options.working_dir.c_str(), stdin_path.c_str(),
             child->stdout_path_.c_str(), child->stderr_path_.c_str(), parent);
  }
  child->pid_ = pid;
  return child;
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) Kill();
}

bool ChildProcess::Reap(bool block) {
  if (exit_) return true;
  int status = 0;
  pid_t reaped = 0;
  do {
    reaped = waitpid(pid_, &status, block ? 0 : WNOHANG);
  } while (reaped < 0 && errno == EINTR);
  if (reaped != pid_) return false;
  exit_ = FromWaitStatus(status);
  return true;
}

bool ChildProcess::Running() { return !Reap(/*block=*/false); }

void ChildProcess::Signal(int signal) {
  if (Running()) kill(pid_, signal);
}

void ChildProcess::Terminate() { Signal(SIGTERM); }
void ChildProcess::Stop() { Signal(SIGSTOP); }
void ChildProcess::Continue() { Signal(SIGCONT); }

ExitState ChildProcess::Kill() {
  Signal(SIGKILL);
  Reap(/*block=*/true);
  return exit_.value_or(ExitState{});
}

std::optional<ExitState> ChildProcess::Wait(absl::Duration bound) {
  WaitUntil([this] { return !Running(); }, bound);
  return exit_;
}

ExitState ChildProcess::TerminateAndWait(absl::Duration bound) {
  Terminate();
  const std::optional<ExitState> ended = Wait(bound);
  return ended ? *ended : Kill();
}

std::string ChildProcess::Stdout() const { return ReadFile(stdout_path_); }
std::string ChildProcess::Stderr() const { return ReadFile(stderr_path_); }

bool ChildProcess::WaitForLine(absl::string_view text, absl::Duration bound) {
  const std::string wanted(text);
  const auto seen = [&] {
    return Stdout().find(wanted) != std::string::npos || Stderr().find(wanted) != std::string::npos;
  };
  WaitUntil([&] { return seen() || !Running(); }, bound);
  return seen();
}

std::string ProgramPath(absl::string_view name) {
  if (const char* dir = std::getenv("CITYINFO_BIN_DIR"); dir != nullptr) {
    return absl::StrCat(dir, "/", name);
  }
  std::error_code ignored;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (self.parent_path().parent_path() / "bin" / std::string(name)).string();
}

std::string SourcePath(absl::string_view relative) {
  const char* dir = std::getenv("CITYINFO_SOURCE_DIR");
  return absl::StrCat(dir != nullptr ? dir : ".", "/", relative);
}

absl::StatusOr<int> WaitForPort(const std::string& port_file, const std::string& name,
                                ChildProcess& child, absl::Duration bound) {
  const auto read = [&]() -> int {
    const auto ports =
        nlohmann::json::parse(ReadFile(port_file), nullptr, /*allow_exceptions=*/false);
    return ports.is_object() ? ports.value(name, 0) : 0;
  };
  WaitUntil([&] { return read() > 0 || !child.Running(); }, bound);
  if (const int port = read(); port > 0) return port;
  return absl::DeadlineExceededError(
      absl::StrCat(port_file, " was not written; the program said:\n", child.Stderr()));
}

}  // namespace cityinfo::testing
