#include "services/articles/storage/schema.h"

namespace cityinfo::articles {
namespace {

// The tables of SQLite's schema, with what PostgreSQL needs said: texts compare byte by byte, and
// an index that gives a list its order names the sequence, which SQLite's indexes end with by
// themselves. Long texts lie outside their row (TOAST), so lists do not read them.
constexpr char kCreateArticles[] = R"sql(
  CREATE TABLE pages (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    fingerprint TEXT COLLATE "C" NOT NULL UNIQUE,
    publication TEXT COLLATE "C" NOT NULL,
    publish_day BIGINT NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    create_time BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL             -- verbatim
  );

  -- An article as it is now: what lists filter and sort by. What it says is in revisions.
  CREATE TABLE articles (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- order of creation
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    version BIGINT NOT NULL,                   -- counts every change, of state too
    revision BIGINT NOT NULL,                  -- the newest
    state BIGINT NOT NULL,                     -- ArticleState
    publish_day BIGINT NOT NULL,
    section TEXT COLLATE "C" NOT NULL,
    publication TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    page_id TEXT COLLATE "C" REFERENCES pages(id),
    create_time BIGINT NOT NULL,
    first_publish_time BIGINT
  );
  CREATE INDEX articles_by_day ON articles(state, publish_day, seq);
  CREATE INDEX articles_by_section ON articles(state, section, publish_day, seq);
  CREATE INDEX articles_by_publication ON articles(state, publication, publish_day, seq);
  CREATE INDEX articles_by_place ON articles(state, place, publish_day, seq);
  CREATE INDEX articles_by_page ON articles(page_id, seq) WHERE page_id IS NOT NULL;

  -- What an article said, once for each change of its content. Never updated but for was_public.
  CREATE TABLE revisions (
    article_seq BIGINT NOT NULL REFERENCES articles(seq),
    revision BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    subtitle TEXT COLLATE "C" NOT NULL,
    byline TEXT COLLATE "C" NOT NULL,
    section TEXT COLLATE "C" NOT NULL,
    tags TEXT COLLATE "C" NOT NULL,            -- one to a line
    publication TEXT COLLATE "C" NOT NULL,
    publish_day BIGINT NOT NULL,
    page TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    printed_day BIGINT,
    continued_from TEXT COLLATE "C" NOT NULL,
    excerpt TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    summary TEXT COLLATE "C" NOT NULL,
    was_public BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,            -- the blocks' texts, one to a line
    layout TEXT COLLATE "C" NOT NULL,          -- JSON: what else there is to say about the blocks
    PRIMARY KEY (article_seq, revision)
  );

  -- The tags of the newest revisions.
  CREATE TABLE article_tags (
    tag TEXT COLLATE "C" NOT NULL,
    publish_day BIGINT NOT NULL,
    article_seq BIGINT NOT NULL REFERENCES articles(seq),
    PRIMARY KEY (tag, publish_day, article_seq)
  );
  CREATE INDEX article_tags_by_article ON article_tags(article_seq);

  -- The change feed. What the article said is in its revision; what can change without a new one
  -- is copied here, as it was after the change. Positions are given under the write lock, not by a
  -- sequence: no gaps, and their order is the order of the commits.
  CREATE TABLE changes (
    position BIGINT PRIMARY KEY,
    article_seq BIGINT NOT NULL REFERENCES articles(seq),
    revision BIGINT NOT NULL,
    version BIGINT NOT NULL,
    state BIGINT NOT NULL,
    first_publish_time BIGINT,
    commit_time BIGINT NOT NULL
  );

  -- Which request made which change, for a while.
  CREATE TABLE request_ids (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id TEXT COLLATE "C" NOT NULL UNIQUE,
    fingerprint TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    create_time BIGINT NOT NULL
  );
  CREATE INDEX request_ids_by_time ON request_ids(create_time);
)sql";

// A purged article takes its rows with it and leaves an entry in the feed, so `changes` does not
// refer to articles any more.
constexpr char kAddSchedules[] = R"sql(
  ALTER TABLE articles
    ADD COLUMN page TEXT COLLATE "C" NOT NULL DEFAULT '',  -- the label, as in the revision
    ADD COLUMN publish_time BIGINT,                        -- of scheduled ones
    ADD COLUMN unpublish_time BIGINT,
    ADD COLUMN next_time BIGINT,               -- when it changes by itself: NextMoment
    ADD COLUMN delete_time BIGINT,                         -- of deleted ones
    ADD COLUMN import_fingerprint TEXT COLLATE "C";        -- what a bulk import brought

  ALTER TABLE changes
    DROP CONSTRAINT changes_article_seq_fkey,
    ADD COLUMN publish_time BIGINT,
    ADD COLUMN unpublish_time BIGINT,
    ADD COLUMN delete_time BIGINT,
    ADD COLUMN was_public BIGINT,              -- of the revision; not known of old changes
    ADD COLUMN purged_id TEXT COLLATE "C";     -- id of an article that was removed for good
  UPDATE changes SET delete_time = commit_time WHERE state = 5;
  CREATE INDEX changes_by_article ON changes(article_seq, position);

  -- One row: how far old changes have been looked at, and the newest that was let go.
  CREATE TABLE feed_trim (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    looked_to BIGINT NOT NULL,
    floor BIGINT NOT NULL
  );
  INSERT INTO feed_trim (id, looked_to, floor) VALUES (1, 0, 0);

  UPDATE articles a SET page = r.page FROM revisions r
    WHERE r.article_seq = a.seq AND r.revision = a.revision AND r.page <> '';
  UPDATE articles a SET delete_time = (SELECT max(c.commit_time) FROM changes c
                                       WHERE c.article_seq = a.seq)
    WHERE a.state = 5;

  CREATE INDEX articles_by_label ON articles(state, page, publish_day, seq);
  CREATE INDEX articles_by_next_time ON articles(next_time) WHERE next_time IS NOT NULL;
  CREATE INDEX articles_by_delete_time ON articles(delete_time) WHERE delete_time IS NOT NULL;
  CREATE UNIQUE INDEX articles_by_import ON articles(import_fingerprint)
    WHERE import_fingerprint IS NOT NULL;
)sql";

}  // namespace

std::vector<sql::Migration> PostgresMigrations() {
  return {{.name = "create articles", .sql = kCreateArticles},
          {.name = "add schedules, purges and imports", .sql = kAddSchedules}};
}

}  // namespace cityinfo::articles
