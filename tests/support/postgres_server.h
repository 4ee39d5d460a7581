#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::testing {

// A real PostgreSQL of the test's own: its own data folder, its own unix socket, no TCP unless
// asked for. Starting one takes about a second, a database on it some ten milliseconds: one server
// for a test binary, one database for a test. Its default collation (ICU, English) and time zone
// (Shanghai) are not ours on purpose. Everything returns when it has taken effect. Not thread-safe;
// start it from the test's main thread (see ChildProcess).
class PostgresServer {
 public:
  struct Options {
    // Also listen on a free port of 127.0.0.1; kept over restarts. See tcp_url.
    bool tcp = false;
    // PEM files, copied; TCP connections must then use TLS.
    std::string tls_cert;
    std::string tls_key;
    // What clients must give; empty: everybody is trusted.
    std::string password;
    std::vector<std::string> settings;  // {"max_connections=20"}
  };

  // NOT_FOUND when PostgreSQL is not installed.
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start(Options options);
  static absl::StatusOr<std::unique_ptr<PostgresServer>> Start() { return Start(Options()); }
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // "postgresql://postgres@/NAME?host=…" over the unix socket, as the superuser; no password in it.
  std::string url(absl::string_view database) const;
  // The same over TCP; `host` may be a name that resolves to 127.0.0.1.
  std::string tcp_url(absl::string_view database, absl::string_view host = "127.0.0.1") const;
  int port() const { return port_; }

  // A new empty database: its url. `name` gets a number, so it may be used again and again.
  absl::StatusOr<std::string> NewDatabase(absl::string_view name = "test");
  // The first column of the first row, over a connection of the test's own; empty when there is no
  // row. `url` is one of this server's.
  absl::StatusOr<std::string> Query(const std::string& url, const std::string& sql) const;

  // A folder that the server may write to, for a tablespace.
  static absl::Status MakeFolder(const std::string& path);

  void Stop();                // fast shutdown: connections are broken off, nothing is lost
  void Kill();                // kill -9 of the postmaster, which takes the others along
  absl::Status StartAgain();  // after Stop or Kill, with the same data and addresses

  void Freeze();  // SIGSTOP for every process: connections stand, nothing answers
  void Thaw();    // SIGCONT

  // A hot standby that follows this server by streaming; a server like any other, but read-only.
  absl::StatusOr<std::unique_ptr<PostgresServer>> StartStandby();
  // On a standby: stops and resumes applying what arrives. On one that has been paused, reads see
  // the past.
  absl::Status PauseReplay();
  absl::Status ResumeReplay();
  // On a standby: returns once it shows everything `primary` has committed so far.
  absl::Status WaitForReplay(const PostgresServer& primary) const;

  // The path of one of PostgreSQL's programs ("pg_dump"); empty when not installed.
  static std::string Program(absl::string_view name);

 private:
  PostgresServer() = default;
  absl::Status MakeFolders();
  absl::Status InitializeData();
  absl::Status Launch();
  // Runs a program to its end, as the user PostgreSQL may run as.
  absl::Status RunTool(absl::string_view name, std::vector<std::string> args) const;
  ChildProcess::Options Command(absl::string_view name, std::vector<std::string> args) const;

  Options options_;
  int port_ = 5432;  // names the socket; nothing listens on it unless options_.tcp
  int databases_ = 0;
  bool standby_ = false;
  TempDir dir_;
  std::unique_ptr<ChildProcess> postmaster_;
};

}  // namespace cityinfo::testing
