#include "services/metrics/harvest/harvest_span.h"

#include <utility>

#include "platform/base/error.h"
#include "platform/telemetry/span.h"

namespace cityinfo::metrics {

HarvestSpan::~HarvestSpan() {
  if (!telemetry::IsRecorded(trace_)) return;
  telemetry::Span span{
      .name = "harvest apply",
      .kind = telemetry::SpanKind::kConsumer,
      .context = trace_,
      .start = start_,
      .end = end_,
      .attributes = {{"cityinfo.harvest.changes", static_cast<std::int64_t>(changes_)},
                     {"cityinfo.harvest.applied", static_cast<std::int64_t>(applied_)}},
      .failed = !why_.ok()};
  if (applied_ > 0) span.attributes.push_back({"cityinfo.harvest.position", position_});
  if (!why_.ok()) span.attributes.push_back({"error.type", base::ErrorReason(why_)});
  telemetry::Record(std::move(span));
}

}  // namespace cityinfo::metrics
