#include "tests/support/token_signer.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::testing {
namespace {

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string NumberOf(EVP_PKEY* key, const char* parameter, int width) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, parameter, &number);
  std::string bytes(static_cast<size_t>(width == 0 ? BN_num_bytes(number) : width), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  BN_free(number);
  return Base64Url(bytes);
}

}  // namespace

std::string Base64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

TokenSigner::TokenSigner(Kind kind, std::string key_id, int rsa_bits)
    : kind_(kind), key_id_(std::move(key_id)) {
  EVP_PKEY* key = kind == Kind::kRsa    ? EVP_RSA_gen(static_cast<unsigned>(rsa_bits))
                  : kind == Kind::kP256 ? EVP_EC_gen("P-256")
                                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  key_ = {key, EVP_PKEY_free};
}

std::string TokenSigner::Algorithm() const {
  return kind_ == Kind::kRsa ? "RS256" : kind_ == Kind::kP256 ? "ES256" : "EdDSA";
}

std::string TokenSigner::PublicKey() const {
  const std::string common =
      absl::StrCat(R"("kid":")", key_id_, R"(","use":"sig","alg":")", Algorithm(), R"(")");
  if (kind_ == Kind::kRsa) {
    return absl::StrCat(R"({"kty":"RSA",)", common, R"(,"n":")",
                        NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0), R"(","e":")",
                        NumberOf(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0), R"("})");
  }
  if (kind_ == Kind::kP256) {
    return absl::StrCat(R"({"kty":"EC","crv":"P-256",)", common, R"(,"x":")",
                        NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32), R"(","y":")",
                        NumberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32), R"("})");
  }
  std::string x(32, '\0');
  size_t size = x.size();
  EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
  return absl::StrCat(R"({"kty":"OKP","crv":"Ed25519",)", common, R"(,"x":")", Base64Url(x),
                      R"("})");
}

std::string TokenSigner::KeySet() const { return absl::StrCat(R"({"keys":[)", PublicKey(), "]}"); }

std::string TokenSigner::Sign(absl::string_view claims) const {
  return Sign(
      absl::StrCat(R"({"alg":")", Algorithm(), R"(","typ":"JWT","kid":")", key_id_, R"("})"),
      claims);
}

std::string TokenSigner::Sign(absl::string_view header, absl::string_view claims) const {
  const std::string text = absl::StrCat(Base64Url(header), ".", Base64Url(claims));
  return absl::StrCat(text, ".", Base64Url(SignText(text)));
}

std::string TokenSigner::SignText(const std::string& text) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const EVP_MD* digest = kind_ == Kind::kEd25519 ? nullptr : EVP_sha256();
  EVP_DigestSignInit(context, nullptr, digest, nullptr, key_.get());
  size_t size = 1024;
  std::vector<unsigned char> signature(size);
  EVP_DigestSign(context, signature.data(), &size, Bytes(text), text.size());
  EVP_MD_CTX_free(context);
  if (kind_ != Kind::kP256) return {signature.begin(), signature.begin() + static_cast<long>(size)};
  const unsigned char* at = signature.data();
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
  ECDSA_SIG_free(pair);
  return raw;
}

std::string TokenSigner::PublicPem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(memory, key_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(memory);
  return pem;
}

}  // namespace cityinfo::testing
