#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

namespace cityinfo::testing {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Cert = std::unique_ptr<X509, Free>;

void Must(bool worked, const char* what) {
  if (worked) return;
  std::cerr << "cannot make a certificate: " << what << "\n";
  std::abort();
}

template <typename Write>
std::string ToPem(Write write) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  Must(write(bio.get()) == 1, "PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);  // NOLINT: OpenSSL's own type
  return std::string(data, static_cast<size_t>(size));
}

std::string PemOf(X509* cert) {
  return ToPem([&](BIO* bio) { return PEM_write_bio_X509(bio, cert); });
}

std::string PemOf(EVP_PKEY* key) {
  return ToPem([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void SetName(X509* cert, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(cert);
  Must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(name.data()),
                                  static_cast<int>(name.size()), -1, 0) == 1,
       "name");
}

void AddExtension(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Must(extension != nullptr && X509_add_ext(cert, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

// Without a signature, valid from `begins` to `ends`.
Cert Blank(EVP_PKEY* key, const std::string& name, long serial,  // NOLINT
           absl::Duration begins, absl::Duration ends) {
  Cert cert(X509_new());
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), serial);
  ASN1_TIME_set(X509_getm_notBefore(cert.get()), absl::ToTimeT(absl::Now() + begins));
  ASN1_TIME_set(X509_getm_notAfter(cert.get()), absl::ToTimeT(absl::Now() + ends));
  X509_set_pubkey(cert.get(), key);
  SetName(cert.get(), name);
  return cert;
}

}  // namespace

struct CertificateAuthority::Keys {
  Key key{EVP_EC_gen("P-256")};
  Cert cert;
};

CertificateAuthority::CertificateAuthority(const std::string& name)
    : keys_(std::make_unique<Keys>()) {
  keys_->cert = Blank(keys_->key.get(), name, 1, -absl::Hours(1), absl::Hours(24));
  X509* cert = keys_->cert.get();
  X509_set_issuer_name(cert, X509_get_subject_name(cert));
  AddExtension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(cert, cert, NID_key_usage, "critical,keyCertSign");
  Must(X509_sign(cert, keys_->key.get(), EVP_sha256()) != 0, "signature");
  cert_ = PemOf(cert);
}

CertificateAuthority::~CertificateAuthority() = default;

Certificate CertificateAuthority::Issue(const Request& request) {
  const Key key(EVP_EC_gen("P-256"));
  const Cert cert = Blank(key.get(), "test program", next_serial_++, request.begins, request.ends);
  X509* issuer = keys_->cert.get();
  X509_set_issuer_name(cert.get(), X509_get_subject_name(issuer));
  AddExtension(cert.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  if (!request.names.empty()) {
    AddExtension(cert.get(), issuer, NID_subject_alt_name, absl::StrJoin(request.names, ","));
  }
  Must(X509_sign(cert.get(), keys_->key.get(), EVP_sha256()) != 0, "signature");
  return {.cert = PemOf(cert.get()), .key = PemOf(key.get())};
}

}  // namespace cityinfo::testing
