#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace cityinfo::testing {

// A certificate and its key, PEM.
struct Certificate {
  std::string cert;
  std::string key;
};

// A certificate authority of a test's own. Not thread-safe.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(const std::string& name = "test authority");
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  // Its own certificate, PEM: what peers are given as the authorities they trust.
  const std::string& cert() const { return cert_; }

  struct Request {
    // Subject alternative names: "DNS:localhost", "IP:127.0.0.1".
    std::vector<std::string> names = {"DNS:localhost", "IP:127.0.0.1"};
    absl::Duration begins = -absl::Hours(1);  // from now
    absl::Duration ends = absl::Hours(1);
  };
  Certificate Issue(const Request& request);
  Certificate Issue() { return Issue(Request()); }

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  std::string cert_;
  long next_serial_ = 2;  // NOLINT: OpenSSL's own type
};

}  // namespace cityinfo::testing
