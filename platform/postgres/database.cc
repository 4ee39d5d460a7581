#include "platform/postgres/database.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/postgres/listener.h"
#include "platform/postgres/migration.h"

namespace cityinfo::postgres {
namespace {

// A read that has all the time in the world gives the standby so much of it.
constexpr absl::Duration kStandbyPatience = absl::Seconds(5);
constexpr absl::Duration kStandbyConnectTimeout = absl::Seconds(1);

// The same error, told to an operator: with the address, and with the server's or system's words.
absl::Status NameAddress(const absl::Status& status, const std::string& address) {
  const std::string detail = base::ErrorDetail(status);
  return base::MakeError(
      status.code(), base::ErrorReason(status),
      absl::StrCat(address, ": ", status.message(), detail.empty() ? "" : ": ", detail));
}

absl::Time RetireAt(absl::Duration lifetime) {
  thread_local absl::BitGen random;
  return absl::Now() + lifetime * absl::Uniform(random, 0.9, 1.0);
}

sql::Pool::Options PoolOf(const Database::Options& options, const Endpoint& endpoint, int size) {
  return {
      .size = size,
      .max_wait = options.max_wait,
      .open = [endpoint, session = options.session, lifetime = options.max_lifetime](
                  absl::Time deadline) mutable -> absl::StatusOr<std::unique_ptr<sql::Connection>> {
        SessionOptions own = session;
        own.retire_at = RetireAt(lifetime);
        return Connection::Open(endpoint, own, deadline);
      }};
}

Database::Options Completed(Database::Options options) {
  options.session.schema = options.schema;
  options.primary.RequirePrimary();
  return options;
}

sql::Pool::Options StandbyPoolOf(Database::Options options) {
  options.session.connect_timeout =
      std::min(options.session.connect_timeout, kStandbyConnectTimeout);
  return PoolOf(options, options.standby.value_or(options.primary), options.connections);
}

}  // namespace

Database::Database(Options options)
    : options_(Completed(std::move(options))),
      writer_(PoolOf(options_, options_.primary, 1)),
      readers_(PoolOf(options_, options_.primary, options_.connections - 1)),
      standby_(StandbyPoolOf(options_)),
      standby_backoff_({.initial = absl::Milliseconds(250), .max = absl::Seconds(5)}) {}

Database::~Database() = default;

absl::StatusOr<std::unique_ptr<Database>> Database::Open(Options options) {
  if (options.connections < 2) {
    return base::InvalidArgument("connections", "PostgreSQL needs at least 2: one writes");
  }
  std::unique_ptr<Database> database(new Database(std::move(options)));
  absl::Status prepared = database->Prepare();
  if (!prepared.ok()) return NameAddress(prepared, database->address());
  CITY_RETURN_IF_ERROR(database->TryStandby());
  return database;
}

absl::Status Database::Prepare() {
  CITY_ASSIGN_OR_RETURN(
      std::unique_ptr<Connection> connection,
      Connection::Open(options_.primary, options_.session, absl::InfiniteFuture()));
  return Migrate(*connection, options_.schema, options_.migrations, options_.migration_policy);
}

absl::Status Database::TryStandby() {
  if (!options_.standby) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<sql::Connection>> connection =
      TakeStandby(absl::Now() + kStandbyConnectTimeout);
  if (connection.ok()) {
    standby_.Give(*std::move(connection));
    return absl::OkStatus();
  }
  const std::string reason = base::ErrorReason(connection.status());
  if (reason == "STORE_UNREACHABLE" || reason == "STORE_BUSY" ||
      absl::IsDeadlineExceeded(connection.status())) {
    return absl::OkStatus();
  }
  return NameAddress(connection.status(), options_.standby->address());
}

absl::StatusOr<sql::Lease> Database::Write(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(auto connection, writer_.Take(deadline));
  return sql::Lease(this, std::move(connection), sql::Lease::Kind::kWriter);
}

absl::StatusOr<sql::Lease> Database::Read(absl::Time deadline, sql::Freshness freshness) {
  const absl::Time now = absl::Now();
  // A deadline that has passed says nothing about the standby.
  if (freshness == sql::Freshness::kMayTrail && options_.standby && now < deadline) {
    const absl::Duration share = std::min((deadline - now) / 2, kStandbyPatience);
    absl::StatusOr<std::unique_ptr<sql::Connection>> connection = TakeStandby(now + share);
    if (connection.ok()) {
      return sql::Lease(this, *std::move(connection), sql::Lease::Kind::kStandby);
    }
  }
  CITY_ASSIGN_OR_RETURN(auto connection, readers_.Take(deadline));
  return sql::Lease(this, std::move(connection), sql::Lease::Kind::kReader);
}

absl::StatusOr<std::unique_ptr<sql::Connection>> Database::TakeStandby(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (absl::Now() < standby_from_) {
      return base::Unavailable("STORE_UNREACHABLE", "the standby is left alone for a while");
    }
  }
  absl::StatusOr<std::unique_ptr<sql::Connection>> connection = standby_.Take(deadline);
  if (!connection.ok()) {
    AvoidStandby();
    return connection;
  }
  absl::MutexLock lock(&mutex_);
  standby_backoff_.Reset();
  return connection;
}

void Database::AvoidStandby() {
  absl::MutexLock lock(&mutex_);
  standby_from_ = absl::Now() + standby_backoff_.Next();
}

void Database::Return(std::unique_ptr<sql::Connection> connection, sql::Lease::Kind kind) {
  switch (kind) {
    case sql::Lease::Kind::kWriter:
      return writer_.Give(std::move(connection));
    case sql::Lease::Kind::kReader:
      return readers_.Give(std::move(connection));
    case sql::Lease::Kind::kStandby:
      if (connection->broken()) AvoidStandby();
      return standby_.Give(std::move(connection));
  }
}

std::unique_ptr<sql::Watch> Database::StartWatch(absl::string_view channel,
                                                 std::function<void()> look) {
  return std::make_unique<Listener>(
      options_.primary, Connection::ChannelName(options_.schema, channel), std::move(look));
}

std::vector<sql::Database::PoolUsage> Database::Usage() const {
  std::vector<PoolUsage> usage = {{"writer", writer_.usage()}, {"reader", readers_.usage()}};
  if (options_.standby) usage.push_back({"standby", standby_.usage()});
  return usage;
}

}  // namespace cityinfo::postgres
