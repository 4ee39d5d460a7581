#include "platform/tls/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/certificates.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::tls {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CertificatesTest : public ::testing::Test {
 protected:
  CertificatesTest() { Write(authority_.Issue(), authority_.cert()); }

  void Write(const testing::Certificate& own, const std::string& authorities) {
    files_ = {.cert = dir_.Write("cert.pem", own.cert),
              .key = dir_.Write("key.pem", own.key),
              .ca = dir_.Write("ca.pem", authorities)};
  }
  std::string Complaint() {
    return std::string(ReadCertificates(files_, absl::Now()).status().message());
  }

  testing::TempDir dir_;
  testing::CertificateAuthority authority_;
  Files files_;
};

TEST_F(CertificatesTest, ReadsWhatIsGood) {
  const auto certificates = ReadCertificates(files_, absl::Now());
  ASSERT_OK(certificates);
  EXPECT_GT(certificates->expires, absl::Now() + absl::Minutes(50));
  EXPECT_LT(certificates->expires, absl::Now() + absl::Minutes(70));
}

TEST_F(CertificatesTest, AChainExpiresWithTheFirstOfIt) {
  const testing::Certificate own = authority_.Issue();
  const testing::Certificate sooner = authority_.Issue({.ends = absl::Minutes(5)});
  Write({.cert = own.cert + sooner.cert, .key = own.key}, authority_.cert());
  const auto certificates = ReadCertificates(files_, absl::Now());
  ASSERT_OK(certificates);
  EXPECT_LT(certificates->expires, absl::Now() + absl::Minutes(6));
}

TEST_F(CertificatesTest, AFileThatCannotBeReadIsNamed) {
  std::filesystem::remove(files_.key);
  EXPECT_EQ(Complaint(), absl::StrCat("--tls-key=", files_.key, ": No such file or directory"));
  dir_.Write("key.pem", "");
  EXPECT_THAT(Complaint(), HasSubstr("is empty"));
  files_.ca = dir_.path().string();
  EXPECT_THAT(Complaint(), HasSubstr("--tls-"));
  files_.key = dir_.Write("large.pem", std::string(2 << 20, 'x'));
  EXPECT_THAT(Complaint(), HasSubstr("more than 1 MiB"));
}

TEST_F(CertificatesTest, ContentThatIsNoCertificateIsNamed) {
  dir_.Write("ca.pem", "not a certificate\n");
  EXPECT_EQ(Complaint(),
            absl::StrCat("--tls-ca=", files_.ca, ": holds no certificate in PEM form"));
  dir_.Write("ca.pem", authority_.Issue().key);
  EXPECT_THAT(Complaint(), HasSubstr("holds no certificate in PEM form"));
  std::string torn = authority_.cert();
  torn[torn.size() / 2] ^= 1;
  dir_.Write("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  EXPECT_THAT(Complaint(), HasSubstr("cannot be read"));
}

TEST_F(CertificatesTest, AKeyOfAnotherCertificateIsRefusedAndNotShown) {
  const testing::Certificate other = authority_.Issue();
  dir_.Write("key.pem", other.key);
  EXPECT_EQ(Complaint(), absl::StrCat("--tls-key=", files_.key,
                                      ": is not the key of the certificate in ", files_.cert));
  dir_.Write("key.pem", "secret words\n");
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("holds no private key"), Not(HasSubstr("secret"))));
}

TEST_F(CertificatesTest, OneThatIsNotValidNowIsRefused) {
  Write(authority_.Issue({.begins = -absl::Hours(3), .ends = -absl::Hours(2)}), authority_.cert());
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("--tls-cert="), HasSubstr("expired at 20")));
  Write(authority_.Issue({.begins = absl::Hours(1), .ends = absl::Hours(2)}), authority_.cert());
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("--tls-cert="), HasSubstr("is not valid before 20")));
  // An authority that has expired is no trouble beside one that has not: they are rotated, too.
  const std::string old =
      authority_.Issue({.begins = -absl::Hours(3), .ends = -absl::Hours(2)}).cert;
  Write(authority_.Issue(), old);
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("--tls-ca="), HasSubstr("expired at 20")));
  Write(authority_.Issue(), old + authority_.cert());
  EXPECT_EQ(Complaint(), "");
}

}  // namespace
}  // namespace cityinfo::tls
