#include "platform/rpc/tls_credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "platform/rpc/library_setup.h"
#include "platform/rpc/memory_file.h"
#include "platform/tls/certificate_watch.h"

namespace cityinfo::rpc {
namespace {

namespace tls_api = grpc::experimental;

constexpr unsigned int kLookAgainSeconds = 1;

// Accepts a server whose certificate is for one of the addresses of a list. gRPC knows one name per
// channel only, so which of them was dialled is not seen here.
class AddressListVerifier final : public tls_api::ExternalCertificateVerifier {
 public:
  explicit AddressListVerifier(std::vector<std::string> addresses)
      : addresses_(std::move(addresses)) {}

  bool Verify(tls_api::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)>, grpc::Status* sync_status) override {
    const auto dialled = [this](const grpc::string_ref& address) {
      return std::find(addresses_.begin(), addresses_.end(),
                       std::string(address.data(), address.size())) != addresses_.end();
    };
    const std::vector<grpc::string_ref> names = request->ip_names();
    if (!std::any_of(names.begin(), names.end(), dialled)) {
      *sync_status = grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                  "the certificate is for none of the addresses dialled");
    }
    return true;
  }
  void Cancel(tls_api::TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::vector<std::string> addresses_;
};

// gRPC's provider takes whatever its files hold, however old or ill matched, and reads a key and
// its certificate one after the other. So it is given files of our own, in memory, that only ever
// hold what has been checked: key and chain in one, so that they change together.
class ReloadingCredentials final : public TlsCredentials {
 public:
  absl::Status Start(const tls::Files& files, telemetry::Metrics& metrics) {
    auto watch = tls::CertificateWatch::Start(
        files, metrics,
        [this](const tls::Certificates& certificates) {
          const absl::Status used = Use(certificates);
          if (!used.ok()) log::Error("certificates cannot be used", {{"error", used}});
        },
        {});
    if (!watch.ok()) return watch.status();
    watch_ = *std::move(watch);
    if (!identity_.has_value() || !authorities_.has_value()) {
      return base::Internal("TLS_FILES", "the certificates cannot be kept in memory");
    }
    provider_ = std::make_shared<tls_api::FileWatcherCertificateProvider>(
        identity_->path(), identity_->path(), authorities_->path(), kLookAgainSeconds);
    return absl::OkStatus();
  }

  std::shared_ptr<grpc::ServerCredentials> ForServer() const override {
    tls_api::TlsServerCredentialsOptions options(provider_);
    options.watch_identity_key_cert_pairs();
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    return tls_api::TlsServerCredentials(options);
  }

  std::shared_ptr<grpc::ChannelCredentials> ForChannel(const Target& target) const override {
    tls_api::TlsChannelCredentialsOptions options;
    options.set_certificate_provider(provider_);
    options.watch_identity_key_cert_pairs();
    options.watch_root_certs();
    if (!target.addresses.empty()) {
      options.set_certificate_verifier(
          tls_api::ExternalCertificateVerifier::Create<AddressListVerifier>(target.addresses));
      // The name of every call is that of the channel, which here is none.
      options.set_check_call_host(false);
    }
    return tls_api::TlsCredentials(options);
  }

 private:
  absl::Status Use(const tls::Certificates& certificates) {
    const std::string identity = absl::StrCat(certificates.chain, "\n", certificates.key);
    CITY_RETURN_IF_ERROR(Put(identity, identity_));
    return Put(certificates.authorities, authorities_);
  }

  static absl::Status Put(const std::string& content, std::optional<MemoryFile>& file) {
    if (file.has_value()) return file->Replace(content);
    CITY_ASSIGN_OR_RETURN(MemoryFile fresh, MemoryFile::Create(content));
    file.emplace(std::move(fresh));
    return absl::OkStatus();
  }

  std::optional<MemoryFile> identity_;
  std::optional<MemoryFile> authorities_;
  std::shared_ptr<tls_api::CertificateProviderInterface> provider_;
  std::unique_ptr<tls::CertificateWatch> watch_;  // last: its thread goes first
};

}  // namespace

absl::StatusOr<std::unique_ptr<TlsCredentials>> TlsCredentials::Load(const tls::Files& files,
                                                                     telemetry::Metrics& metrics) {
  SetUpLibraries();
  auto credentials = std::make_unique<ReloadingCredentials>();
  CITY_RETURN_IF_ERROR(credentials->Start(files, metrics));
  return credentials;
}

}  // namespace cityinfo::rpc
