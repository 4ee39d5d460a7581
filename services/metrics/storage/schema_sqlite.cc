#include "services/metrics/storage/schema.h"

namespace cityinfo::metrics {
namespace {

// Times are microseconds since 1970, days are days since 1970. Versions hold during [record_from,
// superseded_at); nothing but superseded_at is ever updated in them.
constexpr char kFirstTables[] = R"sql(
-- Everything but the period of an observation's key.
CREATE TABLE series (
  series_id INTEGER PRIMARY KEY,
  indicator TEXT NOT NULL,
  place TEXT NOT NULL,
  measure INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  UNIQUE (indicator, place, measure, kind)
) STRICT;

-- One key. The index is the order of a series.
CREATE TABLE observations (
  observation_id INTEGER PRIMARY KEY,
  series_id INTEGER NOT NULL REFERENCES series,
  period_last INTEGER NOT NULL,
  period_first INTEGER NOT NULL,
  period TEXT NOT NULL,
  UNIQUE (series_id, period_last, period_first, period)
) STRICT;

-- What one sentence (or one loaded file) states, in one version. A new revision of the article makes
-- a new version of its figures.
CREATE TABLE statements (
  statement_id INTEGER PRIMARY KEY,
  figure_id TEXT NOT NULL,
  observation_id INTEGER REFERENCES observations,  -- NULL when it backs none
  ordinal INTEGER NOT NULL,                        -- the how-manieth of its article
  source TEXT NOT NULL,                            -- of a loaded value, else ''
  indicator TEXT NOT NULL,
  indicator_text TEXT NOT NULL,
  place TEXT NOT NULL,
  measure INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  period TEXT,
  printed TEXT NOT NULL,
  exact_value TEXT NOT NULL,
  exact_value_high TEXT NOT NULL,
  unit TEXT NOT NULL,
  qualifier INTEGER NOT NULL,
  printed_unit TEXT NOT NULL,
  unit_fits INTEGER NOT NULL,
  confidence REAL NOT NULL,
  doubts TEXT NOT NULL,                            -- separated by spaces
  article TEXT NOT NULL,                           -- '' for a loaded value
  revision INTEGER NOT NULL,
  block INTEGER NOT NULL,
  quote_start INTEGER NOT NULL,
  quote_end INTEGER NOT NULL,
  quote TEXT NOT NULL,
  value_start INTEGER NOT NULL,
  value_end INTEGER NOT NULL,
  article_title TEXT NOT NULL,
  publication TEXT NOT NULL,
  page TEXT NOT NULL,
  publish_day INTEGER NOT NULL,
  review_state INTEGER NOT NULL,
  learned_at INTEGER NOT NULL,                     -- when this value was first stated here
  record_from INTEGER NOT NULL,
  superseded_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX statements_standing ON statements (figure_id)
  WHERE superseded_at = 9223372036854775807;
CREATE INDEX statements_of_article ON statements (article)
  WHERE superseded_at = 9223372036854775807;
CREATE INDEX statements_backing ON statements (observation_id)
  WHERE superseded_at = 9223372036854775807 AND observation_id IS NOT NULL;

-- The newest version of each figure, for lists. Loaded values are no figures.
CREATE TABLE figures (
  figure_id TEXT PRIMARY KEY,
  statement_id INTEGER NOT NULL REFERENCES statements,
  retracted INTEGER NOT NULL,
  review_state INTEGER NOT NULL,
  indicator TEXT NOT NULL,
  place TEXT NOT NULL,
  publish_day INTEGER NOT NULL,
  article TEXT NOT NULL,
  block INTEGER NOT NULL,
  value_start INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX figures_by_day ON figures (publish_day DESC, article, block, value_start, figure_id);
CREATE INDEX figures_by_article ON figures
  (article, publish_day DESC, block, value_start, figure_id);
CREATE INDEX figures_by_indicator ON figures
  (indicator, publish_day DESC, article, block, value_start, figure_id);

-- One version of an observation.
CREATE TABLE vintages (
  vintage_id INTEGER PRIMARY KEY,
  observation_id INTEGER NOT NULL REFERENCES observations,
  number INTEGER NOT NULL,
  printed TEXT NOT NULL,
  exact_value TEXT NOT NULL,
  exact_value_high TEXT NOT NULL,
  unit TEXT NOT NULL,
  qualifier INTEGER NOT NULL,
  publish_day INTEGER NOT NULL,
  record_from INTEGER NOT NULL,
  superseded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX vintages_by_day ON vintages (observation_id, publish_day);

-- Which statements back a vintage, and when.
CREATE TABLE vintage_statements (
  vintage_id INTEGER NOT NULL REFERENCES vintages,
  statement_id INTEGER NOT NULL REFERENCES statements,
  record_from INTEGER NOT NULL,
  superseded_at INTEGER NOT NULL,
  PRIMARY KEY (vintage_id, statement_id, record_from)
) STRICT, WITHOUT ROWID;

-- The change feed: one row per observation changed by a commit.
CREATE TABLE changes (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  observation_id INTEGER NOT NULL REFERENCES observations,
  vintage_id INTEGER NOT NULL REFERENCES vintages,
  retracted INTEGER NOT NULL,
  commit_time INTEGER NOT NULL
) STRICT;

CREATE TABLE data_versions (
  indicator TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was read of the feed of articles, the newest record time given. One row.
CREATE TABLE progress (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  harvest_position INTEGER NOT NULL,
  last_record_time INTEGER NOT NULL,
  store_id TEXT NOT NULL                           -- names this file's data
) STRICT;
INSERT INTO progress VALUES (1, 0, 0, lower(hex(randomblob(12))));

-- Answered batches, so that a retry gets the same answer.
CREATE TABLE requests (
  request_id TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  record_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE request_vintages (
  request_id TEXT NOT NULL REFERENCES requests,
  ordinal INTEGER NOT NULL,
  vintage_id INTEGER NOT NULL REFERENCES vintages,
  PRIMARY KEY (request_id, ordinal)
) STRICT, WITHOUT ROWID;
)sql";

// What several processes over one database must agree on; this one process has the file to itself,
// but the same code runs.
constexpr char kHarvestLease[] = R"sql(
-- Who may apply the feed of articles, and until when by the database's clock. One row.
CREATE TABLE harvest_lease (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  holder TEXT NOT NULL,
  term INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
INSERT INTO harvest_lease VALUES (1, '', 0, 0);

-- The newest moment that was asked about: writes record later.
ALTER TABLE progress ADD COLUMN asked_floor INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr char kStamps[] = R"sql(
-- Drawn by lot at the commit: a restored store comes to a sequence again, but to no stamp.
ALTER TABLE data_versions ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr char kReviews[] = R"sql(
-- Every word of a data officer, in the order spoken; the last one counts. With AMENDED the whole
-- reading as it is to be, otherwise NULL.
CREATE TABLE reviews (
  review_id INTEGER PRIMARY KEY,
  figure_id TEXT NOT NULL REFERENCES figures,
  review_state INTEGER NOT NULL,
  reviewer TEXT NOT NULL,
  review_time INTEGER NOT NULL,
  comment TEXT NOT NULL,
  indicator TEXT,
  place TEXT,
  measure INTEGER,
  kind INTEGER,
  period TEXT,
  exact_value TEXT,
  exact_value_high TEXT,
  unit TEXT,
  qualifier INTEGER,
  stage INTEGER
) STRICT;
CREATE INDEX reviews_of_figure ON reviews (figure_id);

-- What the extractor read where a statement shows what an officer amended it to.
CREATE TABLE extracted_readings (
  statement_id INTEGER PRIMARY KEY REFERENCES statements,
  indicator TEXT NOT NULL,
  place TEXT NOT NULL,
  measure INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  period TEXT,
  exact_value TEXT NOT NULL,
  exact_value_high TEXT NOT NULL,
  unit TEXT NOT NULL,
  qualifier INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  unit_fits INTEGER NOT NULL
) STRICT;

-- Of the rounds of accounting; and why a vintage was superseded, 0 before this step.
ALTER TABLE statements ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vintages ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE vintages ADD COLUMN superseded_reason INTEGER NOT NULL DEFAULT 0;

-- The last word on each figure; whether the newest revision bears it out, and where it stood when
-- it was found; what is left of certainty, in millionths, for the queue of officers.
ALTER TABLE figures ADD COLUMN review_id INTEGER;
ALTER TABLE figures ADD COLUMN anchor INTEGER NOT NULL DEFAULT 1;
ALTER TABLE figures ADD COLUMN found_block INTEGER NOT NULL DEFAULT 0;
ALTER TABLE figures ADD COLUMN found_quote_start INTEGER NOT NULL DEFAULT 0;
ALTER TABLE figures ADD COLUMN found_value_start INTEGER NOT NULL DEFAULT 0;
ALTER TABLE figures ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;
UPDATE figures SET found_block = block, found_value_start = value_start,
  found_quote_start =
    (SELECT s.quote_start FROM statements s WHERE s.statement_id = figures.statement_id),
  doubt = (SELECT CAST(round((1 - s.confidence) * 1000000) AS INTEGER)
           FROM statements s WHERE s.statement_id = figures.statement_id);
-- Of what is retracted only that is known to be gone whose article still states others.
UPDATE figures SET anchor = 3 WHERE retracted = 1 AND EXISTS
  (SELECT 1 FROM figures o WHERE o.article = figures.article AND o.retracted = 0);
CREATE INDEX figures_by_doubt ON figures
  (review_state, doubt DESC, publish_day DESC, article, block, value_start, figure_id);
)sql";

constexpr char kEvents[] = R"sql(
-- Dated events that the newest revisions of published articles tell; of others there are none.
CREATE TABLE events (
  event_id TEXT PRIMARY KEY,
  date INTEGER NOT NULL,                           -- yyyymmdd, mm and dd 00 where not known: the order
  end_date INTEGER NOT NULL,                       -- the same, 0: none
  first_day INTEGER NOT NULL,                      -- that it may have been on
  last_day INTEGER NOT NULL,
  date_precision INTEGER NOT NULL,
  place TEXT NOT NULL,
  summary TEXT NOT NULL,
  planned INTEGER NOT NULL,
  article TEXT NOT NULL,
  revision INTEGER NOT NULL,
  block INTEGER NOT NULL,
  quote_start INTEGER NOT NULL,
  quote_end INTEGER NOT NULL,
  quote TEXT NOT NULL,
  date_start INTEGER NOT NULL,                     -- where the date stands
  date_end INTEGER NOT NULL,
  article_title TEXT NOT NULL,
  publication TEXT NOT NULL,
  page TEXT NOT NULL,
  publish_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_date ON events
  (date DESC, publish_day DESC, article, block, date_start, event_id);
CREATE INDEX events_of_place ON events
  (place, date DESC, publish_day DESC, article, block, date_start, event_id);
CREATE INDEX events_of_article ON events
  (article, date DESC, publish_day DESC, block, date_start, event_id);
)sql";

}  // namespace

std::vector<sql::Migration> SqliteMetricSchema() {
  return {
      {.name = "figures, observations with vintages, change feed", .sql = kFirstTables},
      {.name = "harvest lease, moments asked about", .sql = kHarvestLease},
      {.name = "stamps of commits", .sql = kStamps, .compatible = true},
      {.name = "reviews, anchors, stages", .sql = kReviews},
      {.name = "events", .sql = kEvents},
  };
}

}  // namespace cityinfo::metrics
