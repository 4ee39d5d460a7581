#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"
#include "platform/tls/certificates.h"
#include "platform/tls/files.h"

namespace cityinfo::tls {

// Looks at the files again and again, and hands on what they hold whenever that has changed and is
// good. What is not good (a key without its certificate, one that has expired) is logged once and
// counted; the last good one stays in use, and is logged when it expires in use.
//
// Shows cityinfo_tls_certificate_expiry_seconds (Unix time) and cityinfo_tls_reloads_total{result}.
class CertificateWatch {
 public:
  struct Options {
    absl::Duration period = absl::Seconds(1);
  };
  // Called once by Start, then on the watch's thread; never again once the watch is gone.
  using Use = std::function<void(const Certificates&)>;

  // The error of ReadCertificates when the files are not good now. `metrics` must outlive it.
  static absl::StatusOr<std::unique_ptr<CertificateWatch>> Start(const Files& files,
                                                                 telemetry::Metrics& metrics,
                                                                 Use use, const Options& options);
  ~CertificateWatch();
  CertificateWatch(const CertificateWatch&) = delete;
  CertificateWatch& operator=(const CertificateWatch&) = delete;

 private:
  CertificateWatch(const Files& files, telemetry::Metrics& metrics, Use use,
                   const Options& options);
  void Take(const Certificates& certificates);
  void Look();
  void Refuse(const absl::Status& why);

  const Files files_;
  const Use use_;
  const Options options_;
  telemetry::Gauge& expiry_;
  telemetry::Counter& taken_;
  telemetry::Counter& refused_;

  // Of the watch's thread.
  Certificates in_use_;
  bool expiry_logged_ = false;
  std::string suspected_;  // why the files were not good at the last look; they may be half written
  std::string complained_;  // the reason that has been logged

  absl::Notification stop_;
  std::jthread thread_;
};

}  // namespace cityinfo::tls
