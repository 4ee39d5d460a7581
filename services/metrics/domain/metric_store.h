#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/metrics/domain/conflict.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/event.h"
#include "services/metrics/domain/event_query.h"
#include "services/metrics/domain/figure.h"
#include "services/metrics/domain/figure_review.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// One entry of the articles' change feed, read: which figures the article states after the change.
struct ArticleChange {
  std::int64_t feed_position = 0;  // in the articles' feed, from 1; later changes have larger ones
  std::string article;             // "articles/{id}"
  std::int64_t revision = 0;
  bool published = false;       // false: its figures leave the public series
  std::vector<Figure> figures;  // with ids (AssignFigureIds), in the order they stand; ignored when
                                // not published
  std::vector<Event> events;    // with ids (AssignEventIds), as figures
};

// What applying a change did.
struct AppliedChange {
  bool replayed = false;   // the change had been applied before; nothing was done
  int figures_stated = 0;  // new, or stated differently
  int figures_retracted = 0;
  int observations_changed = 0;
};

// The right to apply the articles' feed, which one process at a time has. Each time it is taken a
// new term begins; what still comes from an older one is refused. Terms count from 1; 0 stands for
// "nobody ever took it".
struct HarvestLease {
  std::int64_t term = 0;
  absl::Duration ttl;  // how long it is held from the last renewal on

  friend bool operator==(const HarvestLease&, const HarvestLease&) = default;
};

struct ObservationPage {
  std::vector<Observation> observations;
  bool more = false;  // the next page begins after `last`
  // The last key that was looked at: of published values the last observation's. Of computed ones
  // the page may end later than its last observation, and have more to come though it has none.
  std::optional<ObservationKey> last = std::nullopt;
  // When there is more: the newest change of the indicators asked for that the answer has seen, for
  // ObservationQuery::seen of the next page. 0 for an answer as of a moment, which is final.
  std::int64_t seen = 0;
};

// Where a page of figures ended and which state of the store it showed: the next page never shows
// an older one. Opaque to everyone but the store.
using FigurePosition = std::string;

enum class FigureOrder {
  kNewest,  // newest publish_date first, then by article, block and value
  kDoubt,   // least sure first (to a millionth), then as kNewest
};

struct FigureQuery {
  static constexpr int kDefaultPageSize = 100;
  static constexpr int kMaxPageSize = 1000;

  std::string article;    // "articles/{id}"; empty: any
  std::string indicator;  // empty: any
  std::string place;      // empty: any
  std::optional<ReviewState> review_state;
  std::optional<AnchorState> anchor;
  bool with_retracted = false;
  FigureOrder order_by = FigureOrder::kNewest;
  int page_size = kDefaultPageSize;
  std::optional<FigurePosition> after;
};

struct FigurePage {
  std::vector<Figure> figures;  // in the order asked for
  std::optional<FigurePosition> next;
};

// A value brought by a data officer.
struct LoadedValue {
  ObservationKey key;
  StatedValue value;
  base::Date publish_date;
  RevisionStage stage = RevisionStage::kNone;
};

struct LoadedBatch {
  std::string source;      // the loader's name for where the values come from
  std::string request_id;  // empty: not remembered
  std::string digest;      // of the whole request: tells a retry from a reused request_id
  std::vector<LoadedValue> values;
  bool validate_only = false;  // nothing is stored, and request_id has no meaning
};

// What recording one value did. Of a key's vintages this is about the one that counts on the day
// the value was published: a value of an old yearbook is compared with what was known in its year.
struct RecordedValue {
  bool changed = false;               // false: the source had said just this of the day before
  std::optional<Observation> before;  // nothing when nothing had been published up to that day
  Observation after;
};

// One entry of this service's change feed.
struct ObservationChange {
  std::int64_t sequence = 0;  // from 1, in the order of commit
  absl::Time commit_time;
  bool retracted = false;   // nothing is known for the key any more
  Observation observation;  // after the change; when retracted, the last that stood
};

// Keeps figures, observations with all their vintages, and what was read of the articles' feed.
//
// Which value an observation has (docs/adr has the reasons): of all statements that back one key,
// those with the newest publish_date win, unless they are outdated by a later round of accounting;
// among these the one recorded last; of one change, the surest, then the one that stands first. A
// statement that says the same as the value before it adds its citation to that vintage instead of
// making a new one. The whole rule stands in vintage_choice.h.
//
// Nothing is overwritten: vintages and their citations are superseded at a record time. Record
// times rise strictly from commit to commit and lie after every `as_of` that was answered, so an
// answer given as of a past moment never changes.
//
// Thread-safe, and any number of processes may have the same data open where the adapter says so.
// Writes are serialised, through all processes; reads see one committed state each, never an older
// one than this process has seen acknowledged. Every method may fail with UNAVAILABLE (busy or
// away, try again; COMMIT_UNKNOWN: it may have been done), DEADLINE_EXCEEDED where it takes a
// deadline, RESOURCE_EXHAUSTED (disk full), DATA_LOSS or INTERNAL.
class MetricStore {
 public:
  virtual ~MetricStore() = default;

  // feed_position of the last change applied; 0 before the first.
  virtual absl::StatusOr<std::int64_t> HarvestPosition() = 0;

  // Takes the lease when it is free, has run out, or was never taken; nothing while another has it.
  // The store's own clock decides. `holder` names the taker to operators.
  virtual absl::StatusOr<std::optional<HarvestLease>> AcquireHarvest(absl::string_view holder,
                                                                     absl::Duration ttl,
                                                                     absl::Time deadline) = 0;
  // Has the lease run out its `ttl` from now. ABORTED (HARVEST_FENCED) when another term has begun.
  virtual absl::Status RenewHarvest(const HarvestLease& lease, absl::Time deadline) = 0;
  // Gives the lease back, so that another may take it at once. OK when another term has begun.
  virtual absl::Status ReleaseHarvest(const HarvestLease& lease, absl::Time deadline) = 0;

  // Applies changes that wait together, in the order of the feed and at least one: a prefix of
  // them, in as few transactions as the store likes, and says what each did. Fails only when the
  // first could not be applied.
  //
  // Of one change all of this is done in one transaction, or nothing: brings the article's figures
  // and events to what the change says, supersedes and adds the vintages that follow, appends to
  // the change feed, stamps the data versions of the indicators touched, remembers the feed
  // position. A change at or before HarvestPosition() is a replay and changes nothing.
  // INVALID_ARGUMENT for a figure or an event without an id. ABORTED (HARVEST_FENCED) and nothing
  // done when another term than that of `lease` has begun. Renews the lease besides: who writes
  // lives.
  virtual absl::StatusOr<std::vector<AppliedChange>> ApplyArticleChanges(
      const HarvestLease& lease, std::span<const ArticleChange> changes) = 0;

  // Stores values of a data officer, all or none, and says what became of them in the order sent. A
  // value that the same source already gave for the same key and publish_date replaces it; when it
  // says the same in the same words, nothing changes. Of values for one key each later one is
  // recorded after the earlier, so that its `before` is the earlier's `after`. A retry with the
  // same request_id changes nothing and gets the first answer's `after`s, `before` nothing;
  // ALREADY_EXISTS (REQUEST_ID_REUSED) when its digest differs.
  //
  // With validate_only the answer is the same, but that what is not recorded has InfinitePast as
  // its record time, and nothing at all is stored: no version, no change, no record time.
  virtual absl::StatusOr<std::vector<RecordedValue>> Record(const LoadedBatch& batch) = 0;

  // `query` must be normalised. INVALID_ARGUMENT (as_of) for a moment in the future. One snapshot
  // answers, also where values are computed of several.
  virtual absl::StatusOr<ObservationPage> QueryObservations(const ObservationQuery& query,
                                                            absl::Time deadline) = 0;

  // Every version of one observation, newest record first, each with the citations it has now or
  // had last, and with when and why a newer one took its place (MarkReplaced); empty when the key
  // was never observed.
  virtual absl::StatusOr<std::vector<Observation>> ListVintages(const ObservationKey& key,
                                                                absl::Time deadline) = 0;

  // INVALID_ARGUMENT (page_token) for a position that is not of this store.
  virtual absl::StatusOr<FigurePage> ListFigures(const FigureQuery& query, absl::Time deadline) = 0;

  // One figure, retracted ones too. NOT_FOUND (FIGURE_NOT_FOUND).
  virtual absl::StatusOr<Figure> GetFigure(absl::string_view id, absl::Time deadline) = 0;

  // Keeps a data officer's word and returns the figure as it now is; the observations follow in the
  // same transaction. The word holds for every later revision of the article that still states the
  // figure, and when it returns after it was gone. The word that stands already, said again by the
  // same officer, changes nothing. NOT_FOUND (FIGURE_NOT_FOUND), FAILED_PRECONDITION
  // (FIGURE_RETRACTED).
  virtual absl::StatusOr<Figure> Review(const FigureReview& review, absl::Time deadline) = 0;

  // Events that the newest revisions of published articles tell; an article that is not public
  // tells none. INVALID_ARGUMENT (page_token) for a position that is not of this store.
  virtual absl::StatusOr<EventPage> ListEvents(const EventQuery& query, absl::Time deadline) = 0;

  // Changes with sequence > after, in order, at most `limit`.
  virtual absl::StatusOr<std::vector<ObservationChange>> ReadChanges(std::int64_t after, int limit,
                                                                     absl::Time deadline) = 0;

  // Keys for which different articles or sources now state values that contradict each other (see
  // conflict.h), in the order of keys. What was retracted or rejected states nothing; what names an
  // earlier round of accounting than the preferred value was revised and is no conflict.
  virtual absl::StatusOr<ConflictPage> ListConflicts(const ConflictQuery& query,
                                                     absl::Time deadline) = 0;

  // Promises that a newer promise for the same key took the place of, and that still stand: earlier
  // published vintages, in the order of keys, of one key the newest publish_date first. What was
  // corrected or retracted is none. Empty filters are none; at most `limit` are read.
  virtual absl::StatusOr<std::vector<Observation>> ListSupersededTargets(
      const std::vector<std::string>& indicators, const std::vector<std::string>& places, int limit,
      absl::Time deadline) = 0;

  // Reads all data versions from the store into the table given when it was opened: for answers
  // that must not be older than a write on another replica.
  virtual absl::Status RefreshDataVersions(absl::Time deadline) = 0;

  // OK when the store can be read now. For readiness; cheap.
  virtual absl::Status Check() = 0;
};

}  // namespace cityinfo::metrics
