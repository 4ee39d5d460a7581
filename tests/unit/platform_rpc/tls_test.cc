#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/rpc/tls_credentials.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_rpc/echo_server.h"

namespace cityinfo::rpc {
namespace {

using testing::Certificate;
using testing::CertificateAuthority;
using testing::StatusIs;
using testing::WaitUntil;

// The files of one program, and what it makes of them.
class Identity {
 public:
  Identity(const Certificate& own, const std::string& authorities) { Write(own, authorities); }

  void Write(const Certificate& own, const std::string& authorities) {
    files_ = {.cert = dir_.Write("cert.pem", own.cert),
              .key = dir_.Write("key.pem", own.key),
              .ca = dir_.Write("ca.pem", authorities)};
  }

  TlsCredentials& credentials() {
    if (credentials_ == nullptr) credentials_ = *TlsCredentials::Load(files_, metrics_);
    return *credentials_;
  }
  double Number(const std::string& name) {
    for (const absl::string_view line : absl::StrSplit(metrics_.RenderText(), '\n')) {
      absl::string_view rest = line;
      double value = 0;
      if (absl::ConsumePrefix(&rest, name + " ") && absl::SimpleAtod(rest, &value)) return value;
    }
    return -1;
  }

 private:
  testing::TempDir dir_;
  tls::Files files_;
  telemetry::Metrics metrics_;
  std::unique_ptr<TlsCredentials> credentials_;
};

class TlsTest : public ServerTest {
 protected:
  // Starts a server with these certificates.
  void StartWith(Identity& identity) {
    Make({.credentials = identity.credentials().ForServer()});
    RegisterEcho();
    server_->ServerStream<v1::EchoRequest, v1::EchoResponse>(
        kWatch, [](const RequestContext&, const v1::EchoRequest& request,
                   ServerWriter<v1::EchoResponse>& writer) {
          v1::EchoResponse response;
          response.set_text(request.text());
          while (writer.Write(response)) {
            WaitUntil([&] { return writer.ended(); }, absl::Milliseconds(20));
          }
          return absl::OkStatus();
        });
    ASSERT_OK_AND_ASSIGN(port_, server_->Start());
  }

  std::string target() const { return absl::StrCat("127.0.0.1:", port_); }

  // One call over a connection of its own.
  absl::Status CallOver(const std::shared_ptr<grpc::Channel>& channel) {
    const auto stub = v1::EchoService::NewStub(channel);
    return CallUnary(*stub, &v1::EchoService::Stub::Echo,
                     {.deadline = absl::Now() + absl::Seconds(5)}, Text("x"))
        .status();
  }
  absl::Status CallAs(Identity& identity) { return CallAs(identity, target()); }
  absl::Status CallAs(Identity& identity, const std::string& to) {
    return CallOver(MakeChannel(to, {.tls = &identity.credentials()}));
  }

  CertificateAuthority authority_;
  Identity server_identity_{authority_.Issue(), authority_.cert()};
  Identity client_{authority_.Issue(), authority_.cert()};
};

TEST_F(TlsTest, BothEndsShowWhoTheyAre) {
  StartWith(server_identity_);
  EXPECT_OK(CallAs(client_));
  EXPECT_OK(CallAs(client_, absl::StrCat("localhost:", port_)));
}

TEST_F(TlsTest, AClientWithoutACertificateIsRefused) {
  StartWith(server_identity_);
  const auto anonymous = grpc::SslCredentials({.pem_root_certs = authority_.cert()});
  EXPECT_THAT(CallOver(grpc::CreateChannel(target(), anonymous)),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(CallOver(MakeChannel(target())), StatusIs(absl::StatusCode::kUnavailable))
      << "plain text";
}

TEST_F(TlsTest, APeerOfAnotherAuthorityIsRefused) {
  StartWith(server_identity_);
  CertificateAuthority others("other authority");
  // The server does not believe this client, though it would believe the server.
  Identity stranger(others.Issue(), authority_.cert());
  EXPECT_THAT(CallAs(stranger), StatusIs(absl::StatusCode::kUnavailable));
  // This client does not believe the server, though it would be believed.
  Identity sceptic(authority_.Issue(), others.cert());
  EXPECT_THAT(CallAs(sceptic), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(TlsTest, AServerOfAnotherNameIsRefused) {
  Identity elsewhere(authority_.Issue({.names = {"DNS:metrics", "IP:127.0.0.9"}}),
                     authority_.cert());
  StartWith(elsewhere);
  EXPECT_THAT(CallAs(client_), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(CallAs(client_, absl::StrCat("localhost:", port_)),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(CallAs(client_, absl::StrCat(target(), ",127.0.0.1:1")),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(TlsTest, AListOfAddressesIsCheckedToo) {
  StartWith(server_identity_);
  EXPECT_OK(CallAs(client_, absl::StrCat(target(), ",127.0.0.1:1")));
  EXPECT_THAT(CallAs(client_, absl::StrCat("127.0.0.2:1,127.0.0.2:", port_)),
              StatusIs(absl::StatusCode::kUnavailable));
}

// The server moves to another authority while a stream is open; both are trusted for a while.
TEST_F(TlsTest, ChangedFilesAreUsedWithoutDroppingACall) {
  StartWith(server_identity_);
  const auto channel = MakeChannel(target(), {.tls = &client_.credentials()});
  const auto stub = v1::EchoService::NewStub(channel);
  auto stream = StreamReader<v1::EchoResponse>::Open(*stub, &v1::EchoService::Stub::Watch,
                                                     CallOptions{}, Text("x"));
  v1::EchoResponse response;
  ASSERT_TRUE(stream->Read(&response));

  CertificateAuthority next("next authority");
  Identity newcomer(next.Issue(), next.cert());
  EXPECT_THAT(CallAs(newcomer), StatusIs(absl::StatusCode::kUnavailable));
  server_identity_.Write(next.Issue(), next.cert() + authority_.cert());
  EXPECT_TRUE(WaitUntil([&] { return CallAs(newcomer).ok(); }, absl::Seconds(20)));
  EXPECT_EQ(server_identity_.Number("cityinfo_tls_reloads_total{result=\"taken\"}"), 1);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(stream->Read(&response)) << stream->Finish();
  EXPECT_OK(CallOver(channel)) << "the connection that stood goes on";
  EXPECT_THAT(CallAs(client_), StatusIs(absl::StatusCode::kUnavailable))
      << "a new one by somebody who does not know the next authority";

  client_.Write(next.Issue(), next.cert());
  EXPECT_TRUE(WaitUntil([&] { return CallAs(client_).ok(); }, absl::Seconds(20)))
      << "clients read theirs again as well";
}

TEST_F(TlsTest, FilesThatAreNotGoodAreNotTaken) {
  StartWith(server_identity_);
  ASSERT_OK(CallAs(client_));
  const std::string expiry = "cityinfo_tls_certificate_expiry_seconds";
  const std::string refused = "cityinfo_tls_reloads_total{result=\"refused\"}";
  const double good = server_identity_.Number(expiry);
  EXPECT_GT(good, absl::ToUnixSeconds(absl::Now()));

  server_identity_.Write(authority_.Issue({.begins = -absl::Hours(3), .ends = -absl::Hours(2)}),
                         authority_.cert());
  ASSERT_TRUE(WaitUntil([&] { return server_identity_.Number(refused) == 1; }, absl::Seconds(20)));
  EXPECT_EQ(server_identity_.Number(expiry), good);
  EXPECT_OK(CallAs(client_));

  server_identity_.Write({.cert = authority_.Issue().cert, .key = authority_.Issue().key},
                         authority_.cert());
  ASSERT_TRUE(WaitUntil([&] { return server_identity_.Number(refused) == 2; }, absl::Seconds(20)));
  EXPECT_OK(CallAs(client_));

  server_identity_.Write(authority_.Issue({.ends = absl::Hours(5)}), authority_.cert());
  EXPECT_TRUE(WaitUntil([&] { return server_identity_.Number(expiry) > good; }, absl::Seconds(20)));
  EXPECT_OK(CallAs(client_));
}

}  // namespace
}  // namespace cityinfo::rpc
