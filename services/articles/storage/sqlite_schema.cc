#include "services/articles/storage/schema.h"

namespace cityinfo::articles {
namespace {

// Columns that a list does not need (text, layout) stand last in their row, so that reading the
// ones before does not touch their pages.
constexpr char kCreateArticles[] = R"sql(
  -- An article as it is now: what lists filter and sort by. What it says is in revisions.
  CREATE TABLE articles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of creation
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,               -- counts every change, of state too
    revision INTEGER NOT NULL,              -- the newest
    state INTEGER NOT NULL,                 -- ArticleState
    publish_day INTEGER NOT NULL,
    section TEXT NOT NULL,
    publication TEXT NOT NULL,
    place TEXT NOT NULL,
    page_id TEXT REFERENCES pages(id),
    create_time INTEGER NOT NULL,
    first_publish_time INTEGER
  ) STRICT;
  CREATE INDEX articles_by_day ON articles(state, publish_day);
  CREATE INDEX articles_by_section ON articles(state, section, publish_day);
  CREATE INDEX articles_by_publication ON articles(state, publication, publish_day);
  CREATE INDEX articles_by_place ON articles(state, place, publish_day);
  CREATE INDEX articles_by_page ON articles(page_id, seq) WHERE page_id IS NOT NULL;

  -- What an article said, once for each change of its content. Never updated but for was_public.
  CREATE TABLE revisions (
    article_seq INTEGER NOT NULL REFERENCES articles(seq),
    revision INTEGER NOT NULL,
    title TEXT NOT NULL,
    subtitle TEXT NOT NULL,
    byline TEXT NOT NULL,
    section TEXT NOT NULL,
    tags TEXT NOT NULL,                     -- one to a line
    publication TEXT NOT NULL,
    publish_day INTEGER NOT NULL,
    page TEXT NOT NULL,
    place TEXT NOT NULL,
    printed_day INTEGER,
    continued_from TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    author TEXT NOT NULL,
    summary TEXT NOT NULL,
    was_public INTEGER NOT NULL,
    create_time INTEGER NOT NULL,
    text TEXT NOT NULL,                     -- the blocks' texts, one to a line
    layout TEXT NOT NULL,                   -- JSON: what else there is to say about the blocks
    UNIQUE (article_seq, revision)
  ) STRICT;

  -- The tags of the newest revisions.
  CREATE TABLE article_tags (
    tag TEXT NOT NULL,
    publish_day INTEGER NOT NULL,
    article_seq INTEGER NOT NULL REFERENCES articles(seq),
    PRIMARY KEY (tag, publish_day, article_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX article_tags_by_article ON article_tags(article_seq);

  CREATE TABLE pages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE,
    publication TEXT NOT NULL,
    publish_day INTEGER NOT NULL,
    label TEXT NOT NULL,
    place TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    text TEXT NOT NULL                      -- verbatim
  ) STRICT;

  -- The change feed. What the article said is in its revision; what can change without a new one
  -- is copied here, as it was after the change.
  CREATE TABLE changes (
    position INTEGER PRIMARY KEY,
    article_seq INTEGER NOT NULL REFERENCES articles(seq),
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,
    first_publish_time INTEGER,
    commit_time INTEGER NOT NULL
  ) STRICT;

  -- Which request made which change, for a while.
  CREATE TABLE request_ids (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    position INTEGER NOT NULL,
    create_time INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX request_ids_by_time ON request_ids(create_time);
)sql";

// A purged article takes its rows with it and leaves an entry in the feed, so `changes` may not
// refer to articles any more; SQLite can only make it anew.
constexpr char kAddSchedules[] = R"sql(
  ALTER TABLE articles ADD COLUMN page TEXT NOT NULL DEFAULT '';  -- the label, as in the revision
  ALTER TABLE articles ADD COLUMN publish_time INTEGER;           -- of scheduled ones
  ALTER TABLE articles ADD COLUMN unpublish_time INTEGER;
  ALTER TABLE articles ADD COLUMN next_time INTEGER;   -- when it changes by itself: NextMoment
  ALTER TABLE articles ADD COLUMN delete_time INTEGER;            -- of deleted ones
  ALTER TABLE articles ADD COLUMN import_fingerprint TEXT;        -- what a bulk import brought

  CREATE TABLE changes_2 (
    position INTEGER PRIMARY KEY,
    article_seq INTEGER NOT NULL,
    revision INTEGER NOT NULL,              -- 0 when purged
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,
    first_publish_time INTEGER,
    publish_time INTEGER,
    unpublish_time INTEGER,
    delete_time INTEGER,
    was_public INTEGER,                     -- of the revision; not known of old changes
    purged_id TEXT,                         -- id of an article that was removed for good
    commit_time INTEGER NOT NULL
  ) STRICT;
  INSERT INTO changes_2 (position, article_seq, revision, version, state, first_publish_time,
                         delete_time, commit_time)
    SELECT position, article_seq, revision, version, state, first_publish_time,
           CASE WHEN state = 5 THEN commit_time END, commit_time
    FROM changes;
  DROP TABLE changes;
  ALTER TABLE changes_2 RENAME TO changes;
  CREATE INDEX changes_by_article ON changes(article_seq);

  -- One row: how far old changes have been looked at, and the newest that was let go.
  CREATE TABLE feed_trim (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    looked_to INTEGER NOT NULL,
    floor INTEGER NOT NULL
  ) STRICT;
  INSERT INTO feed_trim (id, looked_to, floor) VALUES (1, 0, 0);

  UPDATE articles SET page = (SELECT r.page FROM revisions r WHERE r.article_seq = articles.seq
                                AND r.revision = articles.revision);
  UPDATE articles SET delete_time = (SELECT max(c.commit_time) FROM changes c
                                     WHERE c.article_seq = articles.seq)
    WHERE state = 5;

  CREATE INDEX articles_by_label ON articles(state, page, publish_day);
  CREATE INDEX articles_by_next_time ON articles(next_time) WHERE next_time IS NOT NULL;
  CREATE INDEX articles_by_delete_time ON articles(delete_time) WHERE delete_time IS NOT NULL;
  CREATE UNIQUE INDEX articles_by_import ON articles(import_fingerprint)
    WHERE import_fingerprint IS NOT NULL;
)sql";

}  // namespace

std::vector<sql::Migration> SqliteMigrations() {
  return {{.name = "create articles", .sql = kCreateArticles},
          {.name = "add schedules, purges and imports", .sql = kAddSchedules}};
}

}  // namespace cityinfo::articles
