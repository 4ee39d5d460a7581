#pragma once

namespace cityinfo::metrics {

// Why a vintage gave its place to a newer one, or to none. The numbers are stored: never change
// one, only add.
enum class SupersededReason {
  kNone = 0,              // it stands, or nobody wrote down why
  kRevision = 1,          // a later round of accounting was published
  kLaterPublication = 2,  // a later publication states another value, and no later round
  kCorrection = 3,        // the source that stated it says something else now
  kRetraction = 4,        // the source no longer states it, or is not public
  kReview = 5,            // by the word of a data officer
  kEarlierPublication =
      6,  // the same value was found in an earlier publication, and counts from it
};

}  // namespace cityinfo::metrics
