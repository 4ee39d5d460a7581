// Every variant keeps every policy; the overlays are what they are meant to be.
import assert from "node:assert/strict";
import test from "node:test";
import { Cluster } from "./cluster.mjs";
import { POLICIES } from "./policies/all.mjs";
import { renderAll } from "./variants.mjs";

const variants = renderAll().map(({ name, objects }) => ({ name, cluster: new Cluster(objects) }));
const variant = (wanted) => variants.find(({ name }) => name === wanted).cluster;

for (const { name, cluster } of variants) {
  test(name, async (context) => {
    for (const [policyName, policy] of Object.entries(POLICIES)) {
      await context.test(policyName, () => assert.deepEqual(policy(cluster), []));
    }
  });
}

const replicas = (cluster) =>
  Object.fromEntries(cluster.workloads.filter((w) => w.longRunning).map((w) => [w.name, w.object.spec.replicas]));

test("embedded is one of each, on volumes", () => {
  const cluster = variant("embedded");
  assert.deepEqual(replicas(cluster), { articles: 1, gateway: 1, metrics: 1, redis: 1 });
  const claims = cluster.of("PersistentVolumeClaim").map(({ metadata }) => metadata.name);
  assert.deepEqual(claims.sort(), ["articles-backups", "articles-data", "metrics-backups", "metrics-data"]);
  assert.deepEqual(cluster.of("CronJob").map(({ metadata }) => metadata.name).sort(), ["backup-articles", "backup-metrics"]);
});

test("production is replicas over PostgreSQL and Redis with Sentinel", () => {
  const cluster = variant("production");
  const autoscaled = cluster.of("HorizontalPodAutoscaler").map(({ spec }) => spec.scaleTargetRef.name);
  assert.deepEqual(autoscaled.sort(), ["articles", "gateway", "metrics"]);
  assert.deepEqual(replicas(cluster), {
    articles: undefined, gateway: undefined, metrics: undefined, redis: 3, "redis-sentinel": 3,
  });
  for (const name of ["articles", "metrics"]) {
    const [container] = cluster.workload(name).containers;
    const environment = cluster.environment(container);
    const setting = (key) => environment.get(`CITYINFO_${name.toUpperCase()}_${key}`);
    assert.match(setting("STORE"), /^postgresql:/);
    assert.match(setting("STORE_STANDBY"), /^postgresql:/);
    // A pod waits for the migration: it does not start over a schema that lacks steps.
    assert.equal(setting("MIGRATE"), "check");
    const job = cluster.workload(`migrate-${name}`);
    assert.deepEqual(cluster.commandLine(job.containers[0]), ["--migrate=only"]);
    assert.equal(job.containers[0].image, container.image);
  }
  assert.match(cluster.environment(cluster.workload("metrics").containers[0]).get("CITYINFO_METRICS_REDIS"), /^sentinel:/);
});
