#pragma once

#include <string>

namespace cityinfo::tls {

// Where a program's own certificate chain, its private key and the certificates of the authorities
// it trusts lie, each in PEM form. All three or none: without them connections are plain text.
struct Files {
  std::string cert;
  std::string key;
  std::string ca;

  bool none() const { return cert.empty() && key.empty() && ca.empty(); }
  bool all() const { return !cert.empty() && !key.empty() && !ca.empty(); }
};

}  // namespace cityinfo::tls
