#include "platform/host/store_options.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/postgres/endpoint.h"

namespace cityinfo::host {
namespace {

bool IsPostgres(absl::string_view address) {
  return absl::StartsWith(address, "postgresql://") || absl::StartsWith(address, "postgres://");
}

absl::Status CheckPostgres(absl::string_view address) {
  if (!IsPostgres(address)) return absl::InvalidArgumentError("must have the form postgresql://…");
  return postgres::Endpoint::Parse(address).status();
}

absl::Status CheckStore(absl::string_view address) {
  if (IsPostgres(address)) return CheckPostgres(address);
  if (address.empty() || (absl::ConsumePrefix(&address, "sqlite:") && !address.empty())) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("must have the form sqlite:PATH or postgresql://…");
}

absl::Status CheckTogether(const StoreOptions& store) {
  const bool postgres = IsPostgres(store.store);
  const auto only_for = [](absl::string_view flag, absl::string_view what) {
    return base::InvalidArgument(flag, absl::StrCat("works with ", what, " only"),
                                 "INVALID_SETTING");
  };
  if (!store.standby.empty() && !postgres) return only_for("--store-standby", "a PostgreSQL store");
  if (!store.password_file.empty() && !postgres) {
    return only_for("--store-password-file", "a PostgreSQL store");
  }
  if (postgres && store.connections < 2) {
    return base::InvalidArgument("--store-connections", "must be at least 2 with PostgreSQL",
                                 "INVALID_SETTING");
  }
  if (!store.backup_to.empty() && store.migrate == "only") {
    return base::InvalidArgument("--backup-to", "does not go with --migrate=only",
                                 "INVALID_SETTING");
  }
  if (!store.backup_to.empty() && postgres) {
    return only_for("--backup-to", "a SQLite store; a PostgreSQL store is backed up by pg_dump");
  }
  return absl::OkStatus();
}

}  // namespace

void Declare(const std::string& env_prefix, const std::string& name, StoreOptions* store,
             config::Options* options) {
  const auto env = [&](absl::string_view setting) { return absl::StrCat(env_prefix, setting); };
  options->Path("data-dir", "CITYINFO_DATA_DIR", &store->data_dir,
                "Folder of the store, unless --store says otherwise");
  options->Checked("store", env("STORE"), &store->store, CheckStore,
                   absl::StrCat("Where the data lies: sqlite:PATH or postgresql://user@host/name, "
                                "without a password; default ",
                                name, ".db in the data folder"),
                   config::Options::Shown::kOnlyWhenGood);
  options->Checked(
      "store-standby", env("STORE_STANDBY"), &store->standby,
      [](absl::string_view text) { return text.empty() ? absl::OkStatus() : CheckPostgres(text); },
      "postgresql://… of a hot standby that answers what may trail; empty: none",
      config::Options::Shown::kOnlyWhenGood);
  options->String("store-password-file", env("STORE_PASSWORD_FILE"), &store->password_file,
                  "File that holds the password of the PostgreSQL store alone; read at each "
                  "connect, so that it may change");
  options->Int("store-connections", env("STORE_CONNECTIONS"), &store->connections, {1, 256},
               "Connections to the store at one time; with SQLite those that read");
  options->Choice("migrate", env("MIGRATE"), &store->migrate, {"auto", "check", "only"},
                  "What to do about a schema that lacks steps: take them, refuse to start, or take "
                  "them and end");
  options->String("backup-to", env("BACKUP_TO"), &store->backup_to,
                  "Copy the SQLite store to this file, also while the service runs on it, and end");
  options->Together([store] { return CheckTogether(*store); });
}

database::Options ToDatabaseOptions(const StoreOptions& store, const std::string& name) {
  using Migrate = database::Options::Migrate;
  return {.store = store.store.empty() ? absl::StrCat("sqlite:", store.data_dir, "/", name, ".db")
                                       : store.store,
          .standby = store.standby,
          .password_file = store.password_file,
          .connections = store.connections,
          .migrate = store.migrate == "check" ? Migrate::kCheck : Migrate::kAuto};
}

}  // namespace cityinfo::host
