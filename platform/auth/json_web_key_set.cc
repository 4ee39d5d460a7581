#include "platform/auth/json_web_key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/auth/base64url.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::auth {
namespace {

using nlohmann::json;

constexpr size_t kMaxKeySetBytes = 1 << 20;
constexpr size_t kMaxKeys = 100;
constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;  // a larger one would cost too much to verify by
constexpr size_t kP256Bytes = 32;
constexpr size_t kEd25519Bytes = 32;

template <typename Type, void (*kFree)(Type*)>
struct Free {
  void operator()(Type* value) const { kFree(value); }
};
using BigNumber = std::unique_ptr<BIGNUM, Free<BIGNUM, BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM, OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX, EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG, ECDSA_SIG_free>>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

BigNumber ToBigNumber(absl::string_view big_endian) {
  return BigNumber(BN_bin2bn(Bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

absl::Status BadKeySet(absl::string_view what) {
  ERR_clear_error();
  return base::FailedPrecondition("BAD_KEY_SET", absl::StrCat("key set: ", what));
}

// A member that is a string; empty when there is none, or it is something else.
std::string Text(const json& key, const char* member) {
  const auto found = key.find(member);
  return found != key.end() && found->is_string() ? found->get<std::string>() : std::string();
}

absl::StatusOr<std::string> Octets(const json& key, const char* member) {
  const std::optional<std::string> bytes = DecodeBase64Url(Text(key, member));
  if (!bytes.has_value() || bytes->empty()) {
    return BadKeySet(absl::StrCat("\"", member, "\" is missing or not base64url"));
  }
  return *bytes;
}

// A public key of these parameters; null when OpenSSL does not take them.
std::shared_ptr<EVP_PKEY> FromParams(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return {key, EVP_PKEY_free};
}

absl::StatusOr<std::shared_ptr<EVP_PKEY>> RsaKey(const json& key) {
  CITY_ASSIGN_OR_RETURN(const std::string modulus, Octets(key, "n"));
  CITY_ASSIGN_OR_RETURN(const std::string exponent, Octets(key, "e"));
  const BigNumber n = ToBigNumber(modulus);
  const BigNumber e = ToBigNumber(exponent);
  if (BN_num_bits(n.get()) < kMinRsaBits || BN_num_bits(n.get()) > kMaxRsaBits) {
    return BadKeySet(absl::StrCat("an RSA key has ", BN_num_bits(n.get()), " bits, not ",
                                  kMinRsaBits, " to ", kMaxRsaBits));
  }
  if (BN_num_bits(e.get()) > 32 || !BN_is_odd(e.get()) || BN_is_one(e.get())) {
    return BadKeySet("an RSA key has an exponent that is even, 1, or over 32 bits");
  }
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  std::shared_ptr<EVP_PKEY> made = FromParams("RSA", builder.get());
  if (made == nullptr) return BadKeySet("an RSA key that OpenSSL does not take");
  return made;
}

absl::StatusOr<std::shared_ptr<EVP_PKEY>> P256Key(const json& key) {
  CITY_ASSIGN_OR_RETURN(const std::string x, Octets(key, "x"));
  CITY_ASSIGN_OR_RETURN(const std::string y, Octets(key, "y"));
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) {
    return BadKeySet("a P-256 key's coordinates must have 32 bytes each");
  }
  const std::string point = absl::StrCat("\x04", x, y);
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  std::shared_ptr<EVP_PKEY> made = FromParams("EC", builder.get());
  const KeyContext check(
      made == nullptr ? nullptr : EVP_PKEY_CTX_new_from_pkey(nullptr, made.get(), nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) {
    return BadKeySet("a P-256 key is no point of its curve");
  }
  return made;
}

absl::StatusOr<std::shared_ptr<EVP_PKEY>> Ed25519Key(const json& key) {
  CITY_ASSIGN_OR_RETURN(const std::string x, Octets(key, "x"));
  std::shared_ptr<EVP_PKEY> made;
  if (x.size() == kEd25519Bytes) {
    made = {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(x), x.size()),
            EVP_PKEY_free};
  }
  if (made == nullptr) return BadKeySet("an Ed25519 key must have 32 bytes");
  return made;
}

struct KindOfKey {
  SignatureAlgorithm algorithm;
  absl::string_view name;
  absl::StatusOr<std::shared_ptr<EVP_PKEY>> (*read)(const json& key);
};

// Nothing for a kind that is passed over.
std::optional<KindOfKey> KindOf(const json& key) {
  const std::string type = Text(key, "kty");
  const std::string curve = Text(key, "crv");
  if (type == "RSA") return KindOfKey{SignatureAlgorithm::kRs256, "RS256", RsaKey};
  if (type == "EC" && curve == "P-256") {
    return KindOfKey{SignatureAlgorithm::kEs256, "ES256", P256Key};
  }
  if (type == "OKP" && curve == "Ed25519") {
    return KindOfKey{SignatureAlgorithm::kEdDsa, "EdDSA", Ed25519Key};
  }
  return std::nullopt;
}

bool IsForVerifying(const json& key, const KindOfKey& kind) {
  if (key.contains("use") && Text(key, "use") != "sig") return false;
  if (key.contains("alg") && Text(key, "alg") != kind.name) return false;
  const auto operations = key.find("key_ops");
  return operations == key.end() ||
         (operations->is_array() &&
          std::find(operations->begin(), operations->end(), "verify") != operations->end());
}

// The two numbers of an ECDSA signature, as JOSE writes them, in the form OpenSSL wants.
std::string ToDer(absl::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return "";
  BigNumber r = ToBigNumber(signature.substr(0, kP256Bytes));
  BigNumber s = ToBigNumber(signature.substr(kP256Bytes));
  const EcSignature pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(pair.get(), &der);
  if (length <= 0) return "";
  std::string text(reinterpret_cast<const char*>(der), static_cast<size_t>(length));
  OPENSSL_free(der);
  return text;
}

bool IsSignature(SignatureAlgorithm algorithm, EVP_PKEY* key, absl::string_view text,
                 absl::string_view signature) {
  const std::string der =
      algorithm == SignatureAlgorithm::kEs256 ? ToDer(signature) : std::string(signature);
  const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = algorithm == SignatureAlgorithm::kEdDsa ? nullptr : EVP_sha256();
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), Bytes(der), der.size(), Bytes(text), text.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace

std::optional<SignatureAlgorithm> ParseSignatureAlgorithm(absl::string_view name) {
  if (name == "RS256") return SignatureAlgorithm::kRs256;
  if (name == "ES256") return SignatureAlgorithm::kEs256;
  if (name == "EdDSA") return SignatureAlgorithm::kEdDsa;
  return std::nullopt;
}

absl::StatusOr<JsonWebKeySet> JsonWebKeySet::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return base::FailedPrecondition("NO_KEY_SET", absl::StrCat("cannot read the key set ", path));
  }
  return Parse(text.str());
}

absl::StatusOr<JsonWebKeySet> JsonWebKeySet::Parse(absl::string_view text) {
  if (text.size() > kMaxKeySetBytes) return BadKeySet("is over 1 MiB");
  const json document = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  const auto keys = document.is_object() ? document.find("keys") : document.end();
  if (document.is_discarded() || keys == document.end() || !keys->is_array()) {
    return BadKeySet("is no JSON object with a list \"keys\"");
  }
  if (keys->size() > kMaxKeys) return BadKeySet(absl::StrCat("has more than ", kMaxKeys, " keys"));
  JsonWebKeySet set;
  for (const json& key : *keys) {
    if (!key.is_object()) return BadKeySet("holds a key that is no object");
    const std::string id = Text(key, "kid");
    if (key.contains("d") || key.contains("k")) {
      return BadKeySet(
          absl::StrCat("the key \"", id, "\" is secret; only public keys belong here"));
    }
    const std::optional<KindOfKey> kind = KindOf(key);
    if (!kind.has_value() || !IsForVerifying(key, *kind)) {
      ++set.ignored_;
      continue;
    }
    const bool taken = std::any_of(set.keys_.begin(), set.keys_.end(),
                                   [&](const Key& other) { return other.id == id; });
    if (taken) return BadKeySet(absl::StrCat("two keys have the id \"", id, "\""));
    CITY_ASSIGN_OR_RETURN(std::shared_ptr<EVP_PKEY> made, kind->read(key));
    set.keys_.push_back({.id = id, .algorithm = kind->algorithm, .key = std::move(made)});
  }
  return set;
}

JsonWebKeySet::Verdict JsonWebKeySet::Verify(SignatureAlgorithm algorithm,
                                             const std::optional<std::string>& key_id,
                                             absl::string_view text,
                                             absl::string_view signature) const {
  const Key* chosen = nullptr;
  for (const Key& key : keys_) {
    if (key.algorithm != algorithm || (key_id.has_value() && key.id != *key_id)) continue;
    if (chosen != nullptr) return Verdict::kNoKey;  // which one is not said
    chosen = &key;
  }
  if (chosen == nullptr) return Verdict::kNoKey;
  return IsSignature(algorithm, chosen->key.get(), text, signature) ? Verdict::kGood
                                                                    : Verdict::kBad;
}

}  // namespace cityinfo::auth
