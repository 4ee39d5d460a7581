// The NetworkPolicies let through every arrow the rendered configuration asks for, and nothing else.
import assert from "node:assert/strict";
import test from "node:test";
import { addressesIn, wantedArrows } from "./arrows.mjs";
import { Cluster } from "./cluster.mjs";
import { networkFindings } from "./network_policies.mjs";
import { render, renderAll } from "./variants.mjs";

for (const { name, objects } of renderAll()) {
  test(`policies cover every arrow and no more: ${name}`, (context) => {
    const cluster = new Cluster(objects);
    assert.deepEqual(networkFindings(cluster), []);
    context.diagnostic(`${wantedArrows(cluster).arrows.length} arrows`);
  });
}

// The derivation itself, against the architecture as a person would draw it. Were it to find nothing, the comparison
// above would be content with policies that let nothing through.
test("the arrows found in production are those of the architecture", () => {
  const found = wantedArrows(new Cluster(render("production"))).arrows.filter((arrow) => !arrow.includes("kube-dns"));
  assert.deepEqual(
    found,
    [
      "articles -> 192.0.2.10 TCP/5432",
      "articles -> 192.0.2.11 TCP/5432",
      "articles -> opentelemetry-collector TCP/4318",
      "backup-articles -> 192.0.2.10 TCP/5432",
      "backup-metrics -> 192.0.2.10 TCP/5432",
      "gateway -> articles TCP/50051",
      "gateway -> metrics TCP/50052",
      "gateway -> opentelemetry-collector TCP/4318",
      "ingress-nginx -> gateway TCP/8080",
      "metrics -> 192.0.2.10 TCP/5432",
      "metrics -> 192.0.2.11 TCP/5432",
      "metrics -> articles TCP/50051",
      "metrics -> opentelemetry-collector TCP/4318",
      "metrics -> redis TCP/6379",
      "metrics -> redis-sentinel TCP/26379",
      "migrate-articles -> 192.0.2.10 TCP/5432",
      "migrate-metrics -> 192.0.2.10 TCP/5432",
      "prometheus -> articles TCP/50061",
      "prometheus -> gateway TCP/8090",
      "prometheus -> metrics TCP/50062",
      "redis -> redis TCP/6379",
      "redis -> redis-sentinel TCP/26379",
      "redis-sentinel -> redis TCP/6379",
      "redis-sentinel -> redis-sentinel TCP/26379",
    ].sort(),
  );
});

test("addresses are found in every form a setting has", () => {
  const found = (value) => addressesIn(value).map(({ host, port }) => `${host}:${port}`);
  assert.deepEqual(found("dns:///articles:50051"), ["articles:50051"]);
  assert.deepEqual(found("redis-0.redis:6379"), ["redis-0.redis:6379"]);
  assert.deepEqual(found("sentinel://a.s:26379,b.s:26379/city"), ["a.s:26379", "b.s:26379"]);
  assert.deepEqual(found("http://collector.ns:4318"), ["collector.ns:4318"]);
  assert.deepEqual(found("postgresql://u@db.example/city?sslmode=verify-full"), ["db.example:5432"]);
  assert.deepEqual(found("postgresql://u@one.example:6432,two.example/city"), ["one.example:6432", "two.example:5432"]);
  assert.deepEqual(found("--articles=articles:50051"), ["articles:50051"]);
  for (const none of ["0.0.0.0:8080", "sqlite:/var/lib/cityinfo/articles.db", "5m", "/run/secrets/tls/tls.crt"]) {
    assert.deepEqual(found(none), [], none);
  }
});
