#include "tests/e2e/stores.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "platform/base/status_macros.h"
#include "tests/support/child_process.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::e2e {
namespace {

using testing::PostgresServer;

constexpr absl::Duration kBound = absl::Seconds(60);

absl::Status RunToItsEnd(const std::string& program, std::vector<std::string> args) {
  CITY_ASSIGN_OR_RETURN(auto process,
                        testing::ChildProcess::Start({.binary = program, .args = std::move(args)}));
  const auto exit = process->Wait(kBound);
  if (exit && exit->code == 0 && exit->signal == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(program, " failed:\n", process->Stdout(), process->Stderr()));
}

class SqliteStores final : public Stores {
 public:
  std::string AddressOf(const std::string& service) const override {
    return "sqlite:" + PathOf(service);
  }
  absl::Status Backup(const std::string& service, const std::string& file) override {
    return RunToItsEnd(testing::ProgramPath("cityinfo-" + service),
                       {"--store=" + AddressOf(service), "--backup-to=" + file});
  }
  absl::Status Restore(const std::string& service, const std::string& file) override {
    std::error_code error;
    std::filesystem::copy_file(file, PathOf(service),
                               std::filesystem::copy_options::overwrite_existing, error);
    if (error) return absl::InternalError(error.message());
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(PathOf(service) + suffix);
    }
    return absl::OkStatus();
  }

  absl::Status MoveElsewhere() override {
    dir_ = std::make_unique<testing::TempDir>();
    return absl::OkStatus();
  }

 private:
  std::string PathOf(const std::string& service) const { return dir_->File(service + ".db"); }

  std::unique_ptr<testing::TempDir> dir_ = std::make_unique<testing::TempDir>();
};

class PostgresStores final : public Stores {
 public:
  explicit PostgresStores(std::unique_ptr<PostgresServer> server) : server_(std::move(server)) {}

  std::string AddressOf(const std::string&) const override { return url_; }
  absl::Status Backup(const std::string& service, const std::string& file) override {
    return RunToItsEnd(PostgresServer::Program("pg_dump"),
                       {"--format=custom", "--no-owner", "--schema=" + service, "--file=" + file,
                        "--dbname=" + url_});
  }
  absl::Status Restore(const std::string& service, const std::string& file) override {
    CITY_RETURN_IF_ERROR(
        RunToItsEnd(PostgresServer::Program("psql"),
                    {"--dbname=" + url_, "--set=ON_ERROR_STOP=1",
                     absl::StrCat("--command=DROP SCHEMA IF EXISTS ", service, " CASCADE")}));
    return RunToItsEnd(
        PostgresServer::Program("pg_restore"),
        {"--no-owner", "--exit-on-error", "--single-transaction", "--dbname=" + url_, file});
  }
  absl::Status MoveElsewhere() override {
    CITY_ASSIGN_OR_RETURN(url_, server_->NewDatabase("city"));
    return absl::OkStatus();
  }

 private:
  const std::unique_ptr<PostgresServer> server_;
  std::string url_;
};

}  // namespace

std::unique_ptr<Stores> MakeSqliteStores() { return std::make_unique<SqliteStores>(); }

absl::StatusOr<std::unique_ptr<Stores>> MakePostgresStores() {
  CITY_ASSIGN_OR_RETURN(auto server, PostgresServer::Start());
  auto stores = std::make_unique<PostgresStores>(std::move(server));
  CITY_RETURN_IF_ERROR(stores->MoveElsewhere());
  return stores;
}

}  // namespace cityinfo::e2e
