#include "tests/support/postgres_server.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/wait_until.h"

namespace cityinfo::testing {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kStartBound = absl::Seconds(60);

// Debian keeps every major version's programs in a folder of its own: the newest is taken.
fs::path FindProgramFolder() {
  fs::path newest;
  int newest_version = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    int version = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &version)) continue;
    if (version > newest_version && fs::exists(entry.path() / "bin" / "postgres")) {
      newest = entry.path() / "bin";
      newest_version = version;
    }
  }
  return newest;
}

// PostgreSQL refuses to run as root.
const passwd* UnprivilegedUser() {
  if (geteuid() != 0) return nullptr;
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* user = getpwnam(name)) return user;
  }
  return nullptr;
}

absl::Status GiveToServer(const fs::path& path, mode_t mode) {
  const passwd* user = UnprivilegedUser();
  if (chmod(path.c_str(), mode) != 0 ||
      (user != nullptr && chown(path.c_str(), user->pw_uid, user->pw_gid) != 0)) {
    return absl::InternalError(absl::StrCat(path.string(), ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

// The server cannot be asked for port 0, so the system is asked for one that was free a moment ago;
// Start tries another one when somebody else was quicker.
int RecentlyFreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  int port = 0;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
  }
  close(fd);
  return port;
}

std::vector<pid_t> ChildrenOf(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    pid_t pid = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &pid)) continue;
    const std::string stat = ReadFile(entry.path() / "stat");
    // "PID (NAME) STATE PPID …", and a name may hold anything.
    const size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) continue;
    std::istringstream rest(stat.substr(name_end + 1));
    char state = 0;
    pid_t ppid = 0;
    if (rest >> state >> ppid && ppid == parent) children.push_back(pid);
  }
  return children;
}

}  // namespace

std::string PostgresServer::Program(absl::string_view name) {
  static const auto* const folder = new fs::path(FindProgramFolder());
  return folder->empty() ? "" : (*folder / std::string(name)).string();
}

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start(Options options) {
  if (Program("postgres").empty()) {
    return absl::NotFoundError(
        "PostgreSQL is not installed (/usr/lib/postgresql/*/bin/postgres); ./dev setup test "
        "installs it");
  }
  std::unique_ptr<PostgresServer> server(new PostgresServer());
  server->options_ = std::move(options);
  absl::Status status = server->MakeFolders();
  if (status.ok()) status = server->InitializeData();
  if (!status.ok()) return status;
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (server->options_.tcp) server->port_ = RecentlyFreePort();
    status = server->Launch();
    if (status.ok()) return server;
  }
  return status;
}

PostgresServer::~PostgresServer() {
  if (postmaster_ == nullptr || !postmaster_->Running()) return;
  Thaw();
  // Immediate shutdown rather than kill -9, which would leave a segment of shared memory behind.
  postmaster_->Signal(SIGQUIT);
  postmaster_->Wait();
}

absl::Status PostgresServer::MakeFolders() {
  // Others may pass through the folder, to reach the socket; the data are the server's own.
  if (chmod(dir_.path().c_str(), 0711) != 0) return absl::InternalError(std::strerror(errno));
  for (const char* name : {"socket", "data"}) {
    fs::create_directory(dir_.path() / name);
    absl::Status given = GiveToServer(dir_.path() / name, name[0] == 's' ? 0711 : 0700);
    if (!given.ok()) return given;
  }
  return absl::OkStatus();
}

ChildProcess::Options PostgresServer::Command(absl::string_view name,
                                              std::vector<std::string> args) const {
  // The death signal that ChildProcess sets does not survive a change of user.
  std::vector<std::string> command = {"--pdeathsig", "QUIT"};
  if (const passwd* user = UnprivilegedUser()) {
    command.insert(command.end(), {"--reuid", absl::StrCat(user->pw_uid), "--regid",
                                   absl::StrCat(user->pw_gid), "--clear-groups"});
  }
  command.insert(command.end(), {"--", Program(name)});
  command.insert(command.end(), args.begin(), args.end());
  return {.binary = "setpriv",
          .args = std::move(command),
          .env = {{"LC_ALL", "C"}, {"HOME", dir_.path().string()}},
          .working_dir = dir_.path().string(),
          .output_dir = dir_.path().string()};
}

absl::Status PostgresServer::RunTool(absl::string_view name, std::vector<std::string> args) const {
  auto process = ChildProcess::Start(Command(name, std::move(args)));
  if (!process.ok()) return process.status();
  const std::optional<ExitState> exit = (*process)->Wait(kStartBound);
  if (exit && exit->code == 0 && exit->signal == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(name, " failed:\n", (*process)->Stdout(), (*process)->Stderr()));
}

absl::Status PostgresServer::InitializeData() {
  std::vector<std::string> args = {"--pgdata",        dir_.File("data"),  "--username=postgres",
                                   "--auth=trust",    "--no-sync",        "--no-instructions",
                                   "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu",
                                   "--icu-locale=en"};
  if (!options_.password.empty()) {
    const std::string file = dir_.Write("password", options_.password + "\n");
    absl::Status given = GiveToServer(file, 0600);
    if (!given.ok()) return given;
    args.push_back("--pwfile=" + file);
  }
  absl::Status initialized = RunTool("initdb", std::move(args));
  if (!initialized.ok()) return initialized;
  const char* const method = options_.password.empty() ? "trust" : "scram-sha-256";
  std::ofstream(dir_.File("data/pg_hba.conf")) << "local all,replication all " << method << "\n"
                                               << (options_.tls_cert.empty() ? "host" : "hostssl")
                                               << " all all 127.0.0.1/32 " << method << "\n";
  for (const auto& [from, to] : {std::pair(options_.tls_cert, "data/server.crt"),
                                 std::pair(options_.tls_key, "data/server.key")}) {
    if (from.empty()) continue;
    absl::Status given = GiveToServer(dir_.Write(to, ReadFile(from)), 0600);
    if (!given.ok()) return given;
  }
  return absl::OkStatus();
}

absl::Status PostgresServer::Launch() {
  std::vector<std::string> settings = {
      "unix_socket_directories=" + dir_.File("socket"),
      absl::StrCat("port=", port_),
      absl::StrCat("listen_addresses=", options_.tcp ? "127.0.0.1" : ""),
      absl::StrCat("ssl=", options_.tls_cert.empty() ? "off" : "on"),
      // The machine does not lose power during a test; kill -9 needs no fsync.
      "fsync=off",
      "full_page_writes=off",
      "shared_buffers=16MB",
      "max_connections=100",
      "timezone=Asia/Shanghai",
      // A standby that lost its primary looks for it again soon.
      "wal_retrieve_retry_interval=100ms",
  };
  settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
  std::vector<std::string> args = {"-D", dir_.File("data")};
  for (const std::string& setting : settings) args.insert(args.end(), {"-c", setting});
  auto process = ChildProcess::Start(Command("postgres", std::move(args)));
  if (!process.ok()) return process.status();
  postmaster_ = *std::move(process);
  if (postmaster_->WaitForLine(
          standby_ ? "ready to accept read-only connections" : "ready to accept connections",
          kStartBound)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat("PostgreSQL did not start:\n", postmaster_->Stderr()));
}

std::string PostgresServer::url(absl::string_view database) const {
  const std::string folder = absl::StrReplaceAll(dir_.File("socket"), {{"/", "%2F"}});
  return absl::StrCat("postgresql://postgres@/", database, "?host=", folder, "&port=", port_);
}

std::string PostgresServer::tcp_url(absl::string_view database, absl::string_view host) const {
  return absl::StrCat("postgresql://postgres@", host, ":", port_, "/", database);
}

absl::StatusOr<std::string> PostgresServer::NewDatabase(absl::string_view name) {
  const std::string numbered = absl::StrCat(name, "_", ++databases_);
  absl::Status created =
      Query(url("postgres"), absl::StrCat("CREATE DATABASE \"", numbered, "\"")).status();
  if (!created.ok()) return created;
  return url(numbered);
}

absl::StatusOr<std::string> PostgresServer::Query(const std::string& url,
                                                  const std::string& sql) const {
  const char* const keywords[] = {"dbname", "password", nullptr};
  const char* const values[] = {url.c_str(), options_.password.c_str(), nullptr};
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
      PQconnectdbParams(keywords, values, /*expand_dbname=*/1), &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return absl::UnavailableError(PQerrorMessage(connection.get()));
  }
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    return absl::InternalError(absl::StrCat(PQerrorMessage(connection.get()), "in: ", sql));
  }
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

absl::Status PostgresServer::MakeFolder(const std::string& path) {
  std::error_code error;
  if (!fs::create_directory(path, error)) return absl::InternalError(path + ": cannot be made");
  return GiveToServer(path, 0700);
}

void PostgresServer::Stop() {
  postmaster_->Signal(SIGINT);
  postmaster_->Wait(kStartBound);
}

void PostgresServer::Kill() {
  const std::vector<pid_t> children = ChildrenOf(postmaster_->pid());
  postmaster_->Kill();
  // They see that the postmaster is gone and go too; a new one cannot start before.
  WaitUntil(
      [&] {
        return std::none_of(children.begin(), children.end(),
                            [](pid_t child) { return kill(child, 0) == 0 || errno == EPERM; });
      },
      kStartBound);
}

absl::Status PostgresServer::StartAgain() { return Launch(); }

void PostgresServer::Freeze() {
  postmaster_->Stop();  // first, so that it forks no more
  for (const pid_t child : ChildrenOf(postmaster_->pid())) kill(child, SIGSTOP);
}

void PostgresServer::Thaw() {
  for (const pid_t child : ChildrenOf(postmaster_->pid())) kill(child, SIGCONT);
  postmaster_->Continue();
}

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::StartStandby() {
  std::unique_ptr<PostgresServer> standby(new PostgresServer());
  standby->options_ = options_;
  standby->standby_ = true;
  absl::Status status = standby->MakeFolders();
  if (!status.ok()) return status;
  const std::string source = absl::StrCat(
      url("postgres"), options_.password.empty() ? "" : "&password=", options_.password);
  status = RunTool("pg_basebackup",
                   {"--dbname", source, "--pgdata", standby->dir_.File("data"), "--checkpoint=fast",
                    "--wal-method=stream", "--write-recovery-conf", "--no-sync"});
  if (!status.ok()) return status;
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (options_.tcp) standby->port_ = RecentlyFreePort();
    status = standby->Launch();
    if (status.ok()) return standby;
  }
  return status;
}

absl::Status PostgresServer::PauseReplay() {
  absl::Status asked = Query(url("postgres"), "SELECT pg_wal_replay_pause()").status();
  if (!asked.ok()) return asked;
  const bool paused = WaitUntil([&] {
    const auto state = Query(url("postgres"), "SELECT pg_get_wal_replay_pause_state()");
    return state.ok() && *state == "paused";
  });
  return paused ? absl::OkStatus() : absl::DeadlineExceededError("replay goes on");
}

absl::Status PostgresServer::ResumeReplay() {
  return Query(url("postgres"), "SELECT pg_wal_replay_resume()").status();
}

absl::Status PostgresServer::WaitForReplay(const PostgresServer& primary) const {
  // A commit flushes everything before it, also what others wrote without one (VACUUM).
  const std::string source = primary.url("postgres");
  absl::Status flushed =
      primary.Query(source, "SELECT pg_logical_emit_message(true, 'test', '')").status();
  if (!flushed.ok()) return flushed;
  const auto end = primary.Query(source, "SELECT pg_current_wal_flush_lsn()");
  if (!end.ok()) return end.status();
  const std::string arrived =
      absl::StrCat("SELECT pg_last_wal_replay_lsn() >= '", *end, "'::pg_lsn");
  const bool done = WaitUntil([&] {
    const auto answer = Query(url("postgres"), arrived);
    return answer.ok() && *answer == "t";
  });
  return done ? absl::OkStatus() : absl::DeadlineExceededError("the standby does not catch up");
}

}  // namespace cityinfo::testing
