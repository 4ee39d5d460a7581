#include "services/articles/domain/block.h"

namespace cityinfo::articles {

absl::string_view QualityReasonName(QualityReason reason) {
  switch (reason) {
    case QualityReason::kGarbled:
      return "GARBLED";
    case QualityReason::kDuplicatedRun:
      return "DUPLICATED_RUN";
    case QualityReason::kBreaksOff:
      return "BREAKS_OFF";
    case QualityReason::kMoved:
      return "MOVED";
    case QualityReason::kUncertainKind:
      return "UNCERTAIN_KIND";
    case QualityReason::kUncertainTitle:
      return "UNCERTAIN_TITLE";
    case QualityReason::kUnpairedQuotation:
      return "UNPAIRED_QUOTATION";
  }
  return "UNKNOWN";
}

}  // namespace cityinfo::articles
