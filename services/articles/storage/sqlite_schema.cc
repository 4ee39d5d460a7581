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

}  // namespace

std::vector<sql::Migration> SqliteMigrations() {
  return {{.name = "create articles", .sql = kCreateArticles}};
}

}  // namespace cityinfo::articles
