#include "platform/tls/certificates.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::tls {
namespace {

constexpr size_t kMaxFileBytes = 1 << 20;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;
using CertificateList = std::vector<Owned<X509>>;

// One of the files, for messages.
struct Source {
  absl::string_view flag;
  const std::string& path;

  absl::Status Wrong(absl::string_view what) const {
    return base::FailedPrecondition("TLS_FILES", absl::StrCat(flag, "=", path, ": ", what));
  }
};

absl::StatusOr<std::string> Read(const Source& source) {
  const Owned<std::FILE> file(std::fopen(source.path.c_str(), "re"));
  if (file == nullptr) return source.Wrong(std::strerror(errno));
  std::string text(kMaxFileBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) return source.Wrong(std::strerror(errno));
  if (text.empty()) return source.Wrong("is empty");
  if (text.size() > kMaxFileBytes) return source.Wrong("has more than 1 MiB");
  return text;
}

Owned<BIO> Reader(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

absl::StatusOr<CertificateList> ParseCertificates(const Source& source, const std::string& text) {
  const Owned<BIO> bio = Reader(text);
  CertificateList certificates;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(certificate);
  }
  // The end of the file shows as "no start line"; anything else is a certificate that is broken.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return source.Wrong("holds a certificate that cannot be read");
  if (certificates.empty()) return source.Wrong("holds no certificate in PEM form");
  return certificates;
}

// Never asks anyone for the pass phrase of a protected key.
int NoPassphrase(char*, int, int, void*) { return -1; }

absl::StatusOr<Owned<EVP_PKEY>> ParseKey(const Source& source, const std::string& text) {
  const Owned<BIO> bio = Reader(text);
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) return source.Wrong("holds no private key in PEM form without a pass phrase");
  return key;
}

absl::Time ToTime(const ASN1_TIME* time) {
  tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::Time Begins(const X509& certificate) { return ToTime(X509_get0_notBefore(&certificate)); }
absl::Time Expires(const X509& certificate) { return ToTime(X509_get0_notAfter(&certificate)); }

absl::Status CheckValidity(const Source& source, const X509& certificate, absl::Time now) {
  const auto at = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
  };
  if (now < Begins(certificate)) {
    return source.Wrong(absl::StrCat("is not valid before ", at(Begins(certificate))));
  }
  if (now > Expires(certificate)) {
    return source.Wrong(absl::StrCat("expired at ", at(Expires(certificate))));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Certificates> ReadCertificates(const Files& files, absl::Time now) {
  const Source cert{"--tls-cert", files.cert};
  const Source key{"--tls-key", files.key};
  const Source ca{"--tls-ca", files.ca};
  Certificates result{.expires = absl::InfiniteFuture()};
  CITY_ASSIGN_OR_RETURN(result.chain, Read(cert));
  CITY_ASSIGN_OR_RETURN(result.key, Read(key));
  CITY_ASSIGN_OR_RETURN(result.authorities, Read(ca));
  CITY_ASSIGN_OR_RETURN(const CertificateList chain, ParseCertificates(cert, result.chain));
  CITY_ASSIGN_OR_RETURN(const Owned<EVP_PKEY> private_key, ParseKey(key, result.key));
  CITY_ASSIGN_OR_RETURN(const CertificateList authorities,
                        ParseCertificates(ca, result.authorities));
  for (const Owned<X509>& certificate : chain) {
    CITY_RETURN_IF_ERROR(CheckValidity(cert, *certificate, now));
    result.expires = std::min(result.expires, Expires(*certificate));
  }
  if (X509_check_private_key(chain.front().get(), private_key.get()) != 1) {
    ERR_clear_error();
    return key.Wrong(absl::StrCat("is not the key of the certificate in ", files.cert));
  }
  absl::Status last;
  for (const Owned<X509>& authority : authorities) {
    last = CheckValidity(ca, *authority, now);
    if (last.ok()) return result;
  }
  return last;
}

}  // namespace cityinfo::tls
