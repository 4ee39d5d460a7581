#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/status/statusor.h"
#include "platform/rpc/target.h"
#include "platform/telemetry/metrics.h"
#include "platform/tls/files.h"

namespace cityinfo::rpc {

// Who this program is to its peers, and whom it believes: both ends show a certificate, and each
// checks that the other's is signed by one of the authorities and valid now; clients check besides
// that the server's certificate is for the name they dialled. When the files change, new
// connections use the new ones and connections that stand go on. Thread-safe.
class TlsCredentials {
 public:
  // Reads the files; the errors are those of tls::ReadCertificates. `metrics` must outlive it.
  static absl::StatusOr<std::unique_ptr<TlsCredentials>> Load(const tls::Files& files,
                                                              telemetry::Metrics& metrics);
  virtual ~TlsCredentials() = default;

  virtual std::shared_ptr<grpc::ServerCredentials> ForServer() const = 0;
  // For a channel to `target`. Where that is a list of addresses, the server's certificate must be
  // for one of them.
  virtual std::shared_ptr<grpc::ChannelCredentials> ForChannel(const Target& target) const = 0;
};

}  // namespace cityinfo::rpc
