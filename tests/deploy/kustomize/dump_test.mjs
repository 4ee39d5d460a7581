// The script of the nightly dumps, as the ConfigMap of components/backup-postgresql holds it, against a PostgreSQL of the
// test's own: what it writes can be restored, a dump that fails leaves nothing behind, old ones go.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { Cluster } from "./cluster.mjs";
import { Child, waitUntil } from "./processes.mjs";
import { render } from "./variants.mjs";

const run = promisify(execFile);
const PROGRAMS = ["/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin"].find((folder) => existsSync(path.join(folder, "initdb")));
const PATH = [PROGRAMS, process.env.PATH].filter(Boolean).join(":");
// PostgreSQL refuses root.
const USER = userInfo().uid === 0 ? { uid: 65534, gid: 65534 } : {};

const cluster = new Cluster(render("production"));
const workload = cluster.workload("backup-articles");
const [container] = workload.containers;

class Database {
  static async start(context) {
    const folder = mkdtempSync(path.join(tmpdir(), "cityinfo-dump-"));
    context.after(() => rmSync(folder, { recursive: true }));
    chmodSync(folder, 0o755);
    const data = path.join(folder, "data");
    mkdirSync(data);
    if (USER.uid) chownSync(data, USER.uid, USER.gid);
    const environment = { PATH, LC_ALL: "C.UTF-8" };
    const passwordFile = path.join(folder, "password");
    writeFileSync(passwordFile, "of this test\n");
    await run("initdb", ["--pgdata", data, "--username", "city", "--pwfile", passwordFile, "--auth", "scram-sha-256", "--no-sync"], { env: environment, ...USER });
    const server = new Child(
      context,
      "postgres",
      ["-D", data, "-c", "listen_addresses=", "-c", `unix_socket_directories=${data}`, "-c", "fsync=off"],
      { env: environment, ...USER },
    );
    const database = new Database(folder, data, passwordFile);
    await waitUntil("PostgreSQL answers", async () => {
      if (server.process.exitCode !== null) throw new Error(server.output);
      return database.query("postgres", "select 1").then(() => true, () => false);
    });
    return database;
  }

  constructor(folder, socket, passwordFile) {
    this.folder = folder;
    this.socket = socket;
    this.passwordFile = passwordFile;
    this.backups = path.join(folder, "backups");
    mkdirSync(this.backups);
  }

  uri(name) {
    return `postgresql://city@/${name}?host=${encodeURIComponent(this.socket)}`;
  }

  get environment() {
    return { PATH, PGPASSWORD: "of this test" };
  }

  async query(name, sql) {
    const { stdout } = await run("psql", ["-XAtc", sql, this.uri(name)], { env: this.environment });
    return stdout.trim();
  }

  // The container's command with the container's environment, but for what is of this test.
  dump(settings = {}) {
    const scripts = cluster.configMap(workload.volume("script").configMap.name);
    const [shell, script] = cluster.commandLine(container);
    const file = path.join(this.folder, path.basename(script));
    writeFileSync(file, scripts[path.basename(script)]);
    const environment = {
      ...Object.fromEntries(cluster.environment(container)),
      PATH,
      STORE: this.uri("postgres"),
      PASSWORD_FILE: this.passwordFile,
      BACKUPS: this.backups,
      ...settings,
    };
    return run(shell, [file], { env: environment });
  }

  dumps() {
    return readdirSync(this.backups).sort();
  }
}

test("a dump can be restored, and old ones go once there is a new one", async (context) => {
  const database = await Database.start(context);
  await database.query("postgres", "create schema articles; create table articles.a as select 'page ' || n as t from generate_series(1, 100) n");
  await database.query("postgres", "create schema metrics; create table metrics.m (x int)");
  const old = path.join(database.backups, "articles-20200101T000000Z.dump");
  const others = path.join(database.backups, "metrics-20200101T000000Z.dump");
  for (const file of [old, others]) {
    writeFileSync(file, "");
    utimesSync(file, 0, 0);
  }
  // Of a dump that was killed long ago, and of one that another Job is writing.
  const killed = path.join(database.backups, "articles-20200102T000000Z.dump.part");
  const underWay = path.join(database.backups, "articles-20200103T000000Z.dump.part");
  for (const file of [killed, underWay]) writeFileSync(file, "");
  utimesSync(killed, 0, 0);

  await assert.rejects(database.dump({ PASSWORD_FILE: "/nowhere" }), /nowhere/);
  const wrong = path.join(database.folder, "wrong");
  writeFileSync(wrong, "another");
  await assert.rejects(database.dump({ PASSWORD_FILE: wrong }), /password authentication failed/);
  await assert.rejects(database.dump({ SCHEMA: "nothing" }), /no matching schemas/);
  const names = (...files) => files.map((file) => path.basename(file)).sort();
  assert.deepEqual(database.dumps(), names(old, underWay, others), "a failed dump takes no old one away");

  const { stdout } = await database.dump();
  const written = database.dumps().find((name) => name.startsWith("articles-") && name.endsWith(".dump"));
  assert.match(stdout, new RegExp(`wrote .*${written}`));
  assert.match(written, /^articles-\d{8}T\d{6}Z\.dump$/);
  assert.deepEqual(database.dumps(), names(written, underWay, others));

  await database.query("postgres", "create database restored");
  // As docs/runbook.md says it, over what a newer release has added to.
  const restore = async () => {
    await database.query("restored", "drop schema if exists articles cascade");
    const how = ["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", database.uri("restored")];
    await run("pg_restore", [...how, path.join(database.backups, written)], { env: database.environment });
  };
  await restore();
  await database.query("restored", "delete from articles.a; create table articles.newer (x int)");
  await restore();
  assert.equal(await database.query("restored", "select count(*), min(t), max(t) from articles.a"), "100|page 1|page 99");
  assert.equal(await database.query("restored", "select count(*) from pg_namespace where nspname = 'metrics'"), "0");
});
