#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "platform/database/open.h"
#include "tests/integration/postgres/postgres_fixture.h"
#include "tests/support/garbage_redis.h"

namespace cityinfo::postgres {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;

// What an operator reads when a service refuses to start: everything here goes through
// database::Open, as a service does.
class PostgresStartupTest : public PostgresTest {
 protected:
  static absl::StatusOr<std::unique_ptr<sql::Database>> Open(database::Options options) {
    return database::Open(options, {.name = "notes", .sqlite = {}, .postgres = NoteSchema()});
  }
  static absl::Status Refusal(const std::string& store) {
    const absl::Status status = Open({.store = store}).status();
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
    return status;
  }
};

TEST_F(PostgresStartupTest, OpensAndSaysWhereItIs) {
  const auto database = Open({.store = url_});
  ASSERT_OK(database);
  EXPECT_THAT((*database)->address(),
              AllOf(HasSubstr("postgresql://postgres@"), HasSubstr("test")));
  EXPECT_OK((*database)->Checkpoint());
}

TEST_F(PostgresStartupTest, ANonsensicalAddress) {
  EXPECT_THAT(Refusal("mysql://x/y"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--store: is neither")));
  EXPECT_THAT(Refusal("postgresql://h/d?colour=red"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("colour")));
  EXPECT_THAT(Refusal("postgresql://h:port/d"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Open({.store = url_, .connections = 1}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--store-connections")));
  EXPECT_THAT(Open({.store = url_, .standby = "sqlite:x"}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--store-standby")));
}

TEST_F(PostgresStartupTest, APasswordInTheAddressIsRefusedAndNotRepeated) {
  for (const char* store : {"postgresql://me:s3cret@h/d", "postgresql://h/d?password=s3cret",
                            "postgresql://h/d?pass%77ord=s3cret",
                            // A slash that should have been %2F: libpq takes what is after it for
                            // the name of the database.
                            "postgresql://me:s3cret/s3cret@h/d"}) {
    const absl::Status status = Refusal(store);
    EXPECT_THAT(status,
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("put it into a file")));
    EXPECT_THAT(base::ErrorText(status), Not(HasSubstr("s3cret")));
  }
}

TEST_F(PostgresStartupTest, ADatabaseThatIsNotThere) {
  const absl::Status status = Refusal(Server().url("nowhere"));
  EXPECT_THAT(status, HasReason("STORE_NOT_FOUND"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("database \"nowhere\" does not exist"));
}

TEST_F(PostgresStartupTest, AServerThatIsNotThere) {
  EXPECT_THAT(Refusal("postgresql://postgres@127.0.0.1:1/d"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("Connection refused")));
  EXPECT_THAT(Refusal("postgresql:///d?host=/nonexistent"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("No such file or directory")));
  // Two dots in a row: the resolver refuses it without asking anybody.
  EXPECT_THAT(Refusal("postgresql://no..such.host/d"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("could not translate host name")));
}

TEST_F(PostgresStartupTest, AServerThatIsNoPostgres) {
  const testing::GarbageRedis garbage(testing::GarbageRedis::Mode::kGarbage);
  EXPECT_THAT(Refusal(absl::StrCat("postgresql://me@127.0.0.1:", garbage.port(), "/d")),
              HasReason("STORE_UNREACHABLE"));
  const testing::GarbageRedis silent(testing::GarbageRedis::Mode::kSilent);
  SessionOptions session = {.schema = "notes", .connect_timeout = absl::Milliseconds(100)};
  EXPECT_THAT(Connection::Open(
                  *Endpoint::Parse(absl::StrCat("postgresql://me@127.0.0.1:", silent.port(), "/d")),
                  session, absl::InfiniteFuture())
                  .status(),
              HasReason("STORE_UNREACHABLE"));
}

TEST_F(PostgresStartupTest, OneOfSeveralServersIsSilent) {
  const auto server = *testing::PostgresServer::Start({.tcp = true});
  const testing::GarbageRedis silent(testing::GarbageRedis::Mode::kSilent);
  const std::string both = absl::StrReplaceAll(
      server->tcp_url("postgres"), {{"@", absl::StrCat("@127.0.0.1:", silent.port(), ",")}});
  EXPECT_OK(Open({.store = both}));
  EXPECT_GE(silent.connections(), 1);
}

TEST_F(PostgresStartupTest, ADatabaseThatCannotKeepEveryText) {
  Ask("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
  const absl::Status status = Refusal(Server().url("latin"));
  EXPECT_THAT(status, HasReason("STORE_ENCODING"));
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("LATIN1"), HasSubstr("UTF8")));
}

TEST_F(PostgresStartupTest, ARoleThatMayNot) {
  Ask("DO $$ BEGIN IF to_regrole('guest') IS NULL THEN CREATE ROLE guest LOGIN; END IF; END $$");
  Ask("DO $$ BEGIN IF to_regrole('crowd') IS NULL THEN CREATE ROLE crowd LOGIN CONNECTION LIMIT 0; "
      "END IF; END $$");
  const auto as = [&](const char* role) {
    return absl::StrReplaceAll(url_, {{"postgres@", absl::StrCat(role, "@")}});
  };
  const absl::Status forbidden = Refusal(as("guest"));
  EXPECT_THAT(forbidden, HasReason("STORE_FORBIDDEN"));
  EXPECT_THAT(std::string(forbidden.message()), HasSubstr("permission denied for database"));
  EXPECT_THAT(Refusal(as("crowd")), HasReason("STORE_BUSY"));
  EXPECT_THAT(Refusal(as("nobody_known")), HasReason("STORE_LOGIN_REFUSED"));
}

TEST(PostgresPassword, ComesFromItsFileAtEachConnect) {
  const auto server = *testing::PostgresServer::Start({.password = "first"});
  const std::string url = *server->NewDatabase();
  const testing::TempDir folder;
  const std::string file = folder.Write("password", "first\n");
  Database::Options options = OptionsFor(url);
  options.primary = *Endpoint::Parse(url, file);
  const auto database = MustOpen(options);
  EXPECT_EQ(Count(*database), 0);
  // The password is changed while a connection is open, then that is lost.
  ASSERT_OK(server->Query(url, "ALTER ROLE postgres PASSWORD 'second'"));
  EXPECT_EQ(Count(*database), 0);
  server->Stop();
  ASSERT_OK(server->StartAgain());
  const absl::Status old = database->Read().status();
  EXPECT_THAT(old, HasReason("STORE_LOGIN_REFUSED"));
  EXPECT_TRUE(absl::IsUnavailable(old));
  EXPECT_THAT(std::string(old.message()), Not(HasSubstr("password"))) << "clients read this";
  folder.Write("password", "second");
  EXPECT_EQ(Count(*database), 0);
  folder.Write("password", "");
  EXPECT_THAT(Database::Open(options).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("must hold one line")));
  options.primary = *Endpoint::Parse(url, folder.File("missing"));
  EXPECT_THAT(
      Database::Open(options).status(),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("missing cannot be read: No such file")));
  const absl::Status later =
      Connection::Open(options.primary, {.schema = "notes"}, absl::InfiniteFuture()).status();
  EXPECT_THAT(later, HasReason("PASSWORD_FILE_UNREADABLE"));
  EXPECT_THAT(std::string(later.message()), Not(HasSubstr("missing"))) << "clients read this";
  options.primary = *Endpoint::Parse(url, folder.Write("wrong", "wrong"));
  EXPECT_THAT(
      Database::Open(options).status(),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("password authentication failed")));
}

class PostgresTlsTest : public ::testing::Test {
 protected:
  // Certificate and key files NAME.crt and NAME.key; signed by `authority`, or by itself when that
  // is empty.
  void MakeCertificate(const std::string& name, const std::string& authority,
                       const std::string& alternative_name) const {
    std::vector<std::string> args = {"req",
                                     "-x509",
                                     "-newkey",
                                     "ec",
                                     "-pkeyopt",
                                     "ec_paramgen_curve:prime256v1",
                                     "-nodes",
                                     "-days",
                                     "2",
                                     "-keyout",
                                     folder_.File(name + ".key"),
                                     "-out",
                                     folder_.File(name + ".crt"),
                                     "-subj",
                                     "/CN=" + name};
    if (!authority.empty()) {
      args.insert(args.end(),
                  {"-CA", folder_.File(authority + ".crt"), "-CAkey",
                   folder_.File(authority + ".key"), "-addext", "basicConstraints=CA:FALSE",
                   "-addext", "subjectAltName=" + alternative_name});
    }
    auto openssl = testing::ChildProcess::Start({.binary = "openssl", .args = std::move(args)});
    ASSERT_OK(openssl);
    ASSERT_EQ((*openssl)->Wait()->code, 0) << (*openssl)->Stderr();
  }

  std::unique_ptr<testing::PostgresServer> ServerWith(const std::string& certificate) const {
    auto server = testing::PostgresServer::Start({.tcp = true,
                                                  .tls_cert = folder_.File(certificate + ".crt"),
                                                  .tls_key = folder_.File(certificate + ".key")});
    EXPECT_OK(server);
    return *std::move(server);
  }

  absl::StatusOr<std::unique_ptr<Database>> Open(const testing::PostgresServer& server,
                                                 const std::string& authority) const {
    return Database::Open(OptionsFor(
        absl::StrCat(server.tcp_url("postgres"),
                     "?sslmode=verify-full&sslrootcert=", folder_.File(authority + ".crt"))));
  }

  const testing::TempDir folder_;
};

TEST_F(PostgresTlsTest, TheServerMustShowACertificateOfOurAuthorityForItsName) {
  MakeCertificate("ours", "", "");
  MakeCertificate("theirs", "", "");
  MakeCertificate("server", "ours", "IP:127.0.0.1");
  MakeCertificate("elsewhere", "ours", "DNS:elsewhere.test");
  const auto server = ServerWith("server");
  const auto database = Open(*server, "ours");
  ASSERT_OK(database);
  EXPECT_EQ(*(**database)
                 .Read()
                 .value()
                 ->QueryInt64("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"),
            1);
  EXPECT_OK(
      Database::Open(OptionsFor(server->tcp_url("postgres", "localhost") + "?sslmode=require")))
      << "a name, perhaps with an address where nobody listens";
  EXPECT_THAT(Open(*server, "theirs").status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("certificate verify failed")));
  EXPECT_THAT(Open(*server, "missing").status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("missing.crt")));
  EXPECT_THAT(Open(*ServerWith("elsewhere"), "ours").status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("does not match host name")));
  EXPECT_THAT(Database::Open(OptionsFor(server->tcp_url("postgres") + "?sslmode=disable")).status(),
              HasReason("STORE_LOGIN_REFUSED"))
      << "the server insists on TLS";
}

// Over TLS too, where bytes may wait in the library while the socket has none.
TEST_F(PostgresTlsTest, LargeValuesAndDeadlines) {
  MakeCertificate("ours", "", "");
  MakeCertificate("server", "ours", "IP:127.0.0.1");
  const auto server = ServerWith("server");
  const auto database = *Open(*server, "ours");
  const std::string large(5 << 20, 'x');
  ASSERT_OK((*database->Write())->Run("INSERT INTO note(id, raw) VALUES (1, ?)", sql::Blob{large}));
  {
    sql::Lease reader = *database->Read();
    sql::Statement row = *reader->Prepare("SELECT raw FROM note");
    ASSERT_TRUE(*row.Step());
    EXPECT_TRUE(row.ColumnBlob(0) == large);
  }
  server->Freeze();
  EXPECT_THAT((*database->Read(absl::Now() + absl::Milliseconds(200)))->Run("SELECT 1"),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  server->Thaw();
  EXPECT_EQ(Count(*database), 1);
}

}  // namespace
}  // namespace cityinfo::postgres
