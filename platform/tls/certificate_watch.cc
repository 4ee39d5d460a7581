#include "platform/tls/certificate_watch.h"

#include <utility>

#include "absl/time/clock.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"

namespace cityinfo::tls {
namespace {

bool SameFiles(const Certificates& a, const Certificates& b) {
  return a.chain == b.chain && a.key == b.key && a.authorities == b.authorities;
}

std::string At(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

telemetry::Counter& Reloads(telemetry::Metrics& metrics, const std::string& result) {
  return metrics.GetCounter("cityinfo_tls_reloads_total",
                            "Times the certificate files had changed, by what became of it.",
                            {{"result", result}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<CertificateWatch>> CertificateWatch::Start(
    const Files& files, telemetry::Metrics& metrics, Use use, const Options& options) {
  CITY_ASSIGN_OR_RETURN(const Certificates certificates, ReadCertificates(files, absl::Now()));
  std::unique_ptr<CertificateWatch> watch(
      new CertificateWatch(files, metrics, std::move(use), options));
  watch->Take(certificates);
  watch->thread_ = std::jthread([self = watch.get()] {
    while (!self->stop_.WaitForNotificationWithTimeout(self->options_.period)) self->Look();
  });
  return watch;
}

CertificateWatch::CertificateWatch(const Files& files, telemetry::Metrics& metrics, Use use,
                                   const Options& options)
    : files_(files),
      use_(std::move(use)),
      options_(options),
      expiry_(metrics.GetGauge("cityinfo_tls_certificate_expiry_seconds",
                               "Unix time at which the certificate in use expires.")),
      taken_(Reloads(metrics, "taken")),
      refused_(Reloads(metrics, "refused")) {}

CertificateWatch::~CertificateWatch() { stop_.Notify(); }

void CertificateWatch::Take(const Certificates& certificates) {
  in_use_ = certificates;
  expiry_logged_ = false;
  expiry_.Set(absl::ToDoubleSeconds(certificates.expires - absl::UnixEpoch()));
  use_(certificates);
}

void CertificateWatch::Look() {
  const absl::Time now = absl::Now();
  const absl::StatusOr<Certificates> found = ReadCertificates(files_, now);
  if (!found.ok()) {
    Refuse(found.status());
  } else if (suspected_.clear(), complained_.clear(); !SameFiles(*found, in_use_)) {
    Take(*found);
    taken_.Increment();
    log::Info("certificates reloaded", {{"file", files_.cert}, {"expires", At(found->expires)}});
  }
  if (now > in_use_.expires && !std::exchange(expiry_logged_, true)) {
    log::Error("the certificate in use has expired; peers will refuse it",
               {{"file", files_.cert}, {"expired", At(in_use_.expires)}});
  }
}

// The three files are not replaced in one moment, so what is wrong once may be half of a change.
void CertificateWatch::Refuse(const absl::Status& why) {
  const std::string text(why.message());
  if (text != suspected_) {
    suspected_ = text;
  } else if (text != complained_) {
    complained_ = text;
    refused_.Increment();
    log::Error("certificates not reloaded; the last good ones stay in use", {{"error", why}});
  }
}

}  // namespace cityinfo::tls
