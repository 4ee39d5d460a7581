// The scripts of components/redis-sentinel with real Redis and Sentinels, as the ConfigMap holds them: three and three find
// each other, agree on a new primary when one is killed, and take it back as a replica.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { Cluster } from "./cluster.mjs";
import { Child, freePort, waitUntil } from "./processes.mjs";
import { render } from "./variants.mjs";

const NAME = "cityinfo";
const PASSWORD = `of "this" \\ test alone`;
const run = promisify(execFile);

const cluster = new Cluster(render("production"));

class City {
  constructor(context) {
    this.context = context;
    this.folder = mkdtempSync(path.join(tmpdir(), "cityinfo-redis-"));
    this.children = [];
    // What still writes there ends first.
    context.after(async () => {
      await Promise.all(this.children.map((child) => child.kill()));
      rmSync(this.folder, { recursive: true });
    });
    const volume = cluster.workload("redis").volume("config");
    Object.entries(cluster.configMap(volume.configMap.name)).forEach(([name, text]) =>
      writeFileSync(path.join(this.folder, name), text),
    );
    this.passwordFile = path.join(this.folder, "password");
    writeFileSync(this.passwordFile, `${PASSWORD}\n`);
  }

  async choosePorts() {
    this.redisPorts = [await freePort(), await freePort(), await freePort()];
    this.sentinelPorts = [await freePort(), await freePort(), await freePort()];
  }

  // As the StatefulSet does, with ports for names.
  start(script, port) {
    const home = path.join(this.folder, String(port));
    mkdirSync(home, { recursive: true });
    const environment = {
      PATH: process.env.PATH,
      SELF: `127.0.0.1:${port}`,
      SENTINELS: `127.0.0.1:${this.sentinelPorts[0]}`,
      FIRST_PRIMARY: `127.0.0.1:${this.redisPorts[0]}`,
      PRIMARY_NAME: NAME,
      PASSWORD_FILE: this.passwordFile,
      DOWN_AFTER_MS: "2000",
    };
    const child = new Child(this.context, "/bin/sh", [path.join(this.folder, script)], { cwd: home, env: environment });
    this.children.push(child);
    return child;
  }

  startRedis = (port) => this.start("start-redis.sh", port);
  startSentinel = (port) => this.start("start-sentinel.sh", port);

  // What redis-cli prints; what it complains of, if it fails.
  async cli(port, command, password = PASSWORD) {
    const environment = { PATH: process.env.PATH, ...(password && { REDISCLI_AUTH: password }) };
    const result = await run("redis-cli", ["-e", "-p", port, "--raw", ...command], { env: environment, timeout: 5000 }).catch(
      (error) => error,
    );
    return result.stdout + result.stderr;
  }

  async role(port) {
    return (await this.cli(port, ["role"])).split("\n");
  }

  async primaryBySentinel(port) {
    const answer = await this.cli(port, ["sentinel", "get-master-addr-by-name", NAME], null);
    return Number(answer.split("\n")[1]);
  }

  // [number of other Sentinels, number of replicas] that a Sentinel knows of.
  async known(port) {
    const lines = (await this.cli(port, ["sentinel", "master", NAME], null)).split("\n");
    const field = (name) => Number(lines[lines.indexOf(name) + 1]);
    return [field("num-other-sentinels"), field("num-slaves")];
  }

  followersOf(primary, ports) {
    return Promise.all(ports.map((port) => this.role(port))).then((roles) =>
      roles.every(([role, , of, state]) => role === "slave" && Number(of) === primary && state === "connected"),
    );
  }

  everySentinelKnows(others, replicas) {
    return Promise.all(this.sentinelPorts.map((port) => this.known(port))).then((all) =>
      all.every(([a, b]) => a === others && b === replicas),
    );
  }
}

test("three Redis and three Sentinels survive their primary", { timeout: 120_000 }, async (context) => {
  const city = new City(context);
  await city.choosePorts();
  const [first, ...rest] = city.redisPorts;
  const redis = Object.fromEntries(city.redisPorts.map((port) => [port, city.startRedis(port)]));
  const sentinels = Object.fromEntries(city.sentinelPorts.map((port) => [port, city.startSentinel(port)]));
  const everything = () => [...Object.values(redis), ...Object.values(sentinels)].map(({ output }) => output).join("\n");

  try {
    await waitUntil("the first is the primary of the others", () => city.followersOf(first, rest));
    await waitUntil("the Sentinels know everyone", () => city.everySentinelKnows(2, 2));
    assert.match(await city.cli(first, ["ping"], null), /NOAUTH/);
    assert.match(await city.cli(first, ["set", "key", "value"]), /OK/);
    await waitUntil("a replica has the key", async () => /value/.test(await city.cli(rest[0], ["get", "key"])));

    // A Sentinel that comes back is the one it was: the others do not count one more.
    await sentinels[city.sentinelPorts[2]].kill();
    sentinels[city.sentinelPorts[2]] = city.startSentinel(city.sentinelPorts[2]);
    await waitUntil("it knows everyone again", () => city.everySentinelKnows(2, 2));

    // A busy machine may make the Sentinels change their minds once more: asked is for a city that has settled.
    const settled = async (follower) => {
      const named = await Promise.all(city.sentinelPorts.map((port) => city.primaryBySentinel(port)));
      const primary = named[0];
      if (!named.every((port) => port === primary) || !city.redisPorts.includes(primary)) return false;
      return (await city.followersOf(primary, follower(primary))) && primary;
    };
    await redis[first].kill();
    const heir = await waitUntil("one of the others is primary, and the last one follows it", async () => {
      const primary = await settled((at) => rest.filter((port) => port !== at));
      return primary !== first && primary;
    });
    assert.match(await city.cli(heir, ["get", "key"]), /value/);

    redis[first] = city.startRedis(first);
    const second = await waitUntil("the old primary follows the new one", async () => {
      const primary = await settled((at) => city.redisPorts.filter((port) => port !== at));
      return primary !== first && primary;
    });
    assert.match(await city.cli(first, ["get", "key"]), /value/);

    // A Sentinel that starts now hears from another who the primary is, though it began elsewhere.
    await sentinels[city.sentinelPorts[1]].kill();
    sentinels[city.sentinelPorts[1]] = city.startSentinel(city.sentinelPorts[1]);
    await waitUntil("it names the new primary", async () => (await city.primaryBySentinel(city.sentinelPorts[1])) === second);
  } catch (error) {
    context.diagnostic(everything());
    throw error;
  }
});

test("the probes of Redis and Sentinel say yes to a healthy one and no to one that is away", async (context) => {
  const city = new City(context);
  await city.choosePorts();
  const [redis] = city.redisPorts;
  const [sentinel] = city.sentinelPorts;
  // The command of the probe, with the files and ports of this test.
  const probe = (name, port, passwordFile = city.passwordFile) => {
    const { command } = cluster.workload(name).pod.containers[0].readinessProbe.exec;
    const [program, ...args] = command.map((word) =>
      word.replace(/^\/etc\/cityinfo/, city.folder).replace(/^26379$/, String(port)),
    );
    const environment = { PATH: process.env.PATH, SELF: `127.0.0.1:${port}`, PASSWORD_FILE: passwordFile };
    return run(program, args, { env: environment, timeout: 5000 }).then(() => true, () => false);
  };
  assert.equal(await probe("redis", redis), false);
  city.startRedis(redis);
  await waitUntil("Redis is ready", () => probe("redis", redis));
  const wrong = path.join(city.folder, "wrong");
  writeFileSync(wrong, "another");
  assert.equal(await probe("redis", redis, wrong), false);

  assert.equal(await probe("redis-sentinel", sentinel), false);
  city.startSentinel(sentinel);
  await waitUntil("the Sentinel is ready", () => probe("redis-sentinel", sentinel));
});
