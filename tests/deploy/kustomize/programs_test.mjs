// The built programs accept every flag and variable of the manifests, open the ports the pods say, end within the pods'
// grace period, and show the numbers the autoscalers look at.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { Cluster } from "./cluster.mjs";
import { Child, waitUntil } from "./processes.mjs";
import { check, environmentOf, programFindings, programOf } from "./programs.mjs";
import { render, renderAll } from "./variants.mjs";

for (const { name, objects } of renderAll()) {
  test(`the programs agree with their pods: ${name}`, () => {
    assert.deepEqual(programFindings(new Cluster(objects)), []);
  });
}

test("the pods' seconds are the programs' own", (context) => {
  const cluster = new Cluster(render("production"));
  for (const name of ["articles", "metrics", "gateway"]) {
    const { pod, containers } = cluster.workload(name);
    const { settings } = check(cluster, containers[0]);
    context.diagnostic(`${name}: at most ${settings.shutdown_limit_seconds} s of ${pod.terminationGracePeriodSeconds} s`);
    assert.ok(settings.shutdown_limit_seconds > 0);
    // Nobody sends to a pod any more once its readiness has been missed and DNS or the balancer has heard of it.
    assert.match(settings["drain-delay"], /^([5-9]|\d\d+)s$/);
  }
});

const object = (objects, kind, name) => objects.find((o) => o.kind === kind && o.metadata.name.replace(/-\w{10}$/, "") === name);
const MISTAKES = [
  ["a grace shorter than the drain", (o) => (object(o, "Deployment", "articles").spec.template.spec.terminationGracePeriodSeconds = 5), /killed after 5 s/],
  ["a drain longer than the grace", (o) => (object(o, "ConfigMap", "gateway").data.CITYINFO_SHUTDOWN_TIMEOUT = "60s"), /may take \d+ s/],
  ["a misspelled variable", (o) => (object(o, "ConfigMap", "metrics").data.CITYINFO_METRICS_REDDIS = "redis:6379"), /knows no CITYINFO_METRICS_REDDIS/],
  ["a misspelled flag", (o) => (object(o, "Job", "migrate-articles").spec.template.spec.containers[0].args = ["--migrat=only"]), /migrat/],
  ["a value the program refuses", (o) => (object(o, "ConfigMap", "metrics").data.CITYINFO_METRICS_REDIS = "sentinel://redis-sentinel"), /redis/],
  ["a port the pod does not open", (o) => (object(o, "ConfigMap", "articles").data.CITYINFO_ARTICLES_HEALTH_LISTEN = "0.0.0.0:50079"), /50079/],
  ["a loopback that nobody reaches", (o) => (object(o, "ConfigMap", "gateway").data.CITYINFO_GATEWAY_LISTEN = "127.0.0.1:8080"), /127\.0\.0\.1/],
  ["two certificates of three files", (o) => delete object(o, "ConfigMap", "gateway").data.CITYINFO_TLS_CA, /tls-ca/],
];

for (const [what, change, expected] of MISTAKES) {
  test(`finds ${what}`, () => {
    const objects = render("production");
    change(objects);
    assert.match(programFindings(new Cluster(objects)).join("\n"), expected);
  });
}

// A program as in the embedded overlay, with its store in a folder of the test and ports of its own.
async function metricsOf(context, name, folder) {
  const cluster = new Cluster(render("embedded"));
  const [container] = cluster.workload(name).containers;
  const portFile = path.join(folder, `${name}.ports`);
  const environment = { ...environmentOf(cluster, container), CITYINFO_DATA_DIR: path.join(folder, name) };
  const prefix = `CITYINFO_${name.toUpperCase()}_`;
  for (const setting of ["LISTEN", "ADMIN_LISTEN", "HEALTH_LISTEN"]) {
    if (environment[prefix + setting]) environment[prefix + setting] = "127.0.0.1:0";
  }
  // Neighbours that are not there are no reason not to start.
  for (const setting of ["STORE", "KEYS", "REDIS", "REDIS_PASSWORD_FILE", "ARTICLES", "METRICS"]) delete environment[prefix + setting];
  environment[`${prefix}PORT_FILE`] = portFile;
  const child = new Child(context, programOf(container.image), [], { env: environment });
  const ports = await waitUntil(`${name} listens`, () => {
    try {
      return JSON.parse(readFileSync(portFile, "utf8"));
    } catch {
      if (child.process.exitCode !== null) throw new Error(`${name} has ended: ${child.output}`);
      return null;
    }
  });
  return (await fetch(`http://127.0.0.1:${ports.admin}/metrics`)).text();
}

for (const { spec } of new Cluster(render("production")).of("HorizontalPodAutoscaler")) {
  const { name } = spec.scaleTargetRef;
  test(`${name} shows what its autoscaler looks at`, async (context) => {
    const folder = mkdtempSync(path.join(tmpdir(), "cityinfo-programs-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const text = await metricsOf(context, name, folder);
    for (const { pods } of spec.metrics.filter(({ type }) => type === "Pods")) {
      assert.match(text, new RegExp(`^# TYPE ${pods.metric.name} gauge$`, "m"));
    }
  });
}
