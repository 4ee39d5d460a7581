// Every object of every variant is valid by the API's schemas, and an invalid one would be found.
import assert from "node:assert/strict";
import test from "node:test";
import { findings } from "./schemas.mjs";
import { renderAll } from "./variants.mjs";

const variants = renderAll();

test("every rendered object is valid", async () => {
  // The same object in two variants is looked at once.
  const different = new Map(variants.flatMap(({ objects }) => objects).map((object) => [JSON.stringify(object), object]));
  assert.deepEqual(await findings([...different.values()]), []);
});

const production = variants.find(({ name }) => name === "production").objects;
const gatewayApi = variants.find(({ objects }) => objects.some(({ kind }) => kind === "HTTPRoute")).objects;
const pick = (objects, kind, name) => structuredClone(objects.find((o) => o.kind === kind && (!name || o.metadata.name === name)));

const BROKEN = [
  ["a misspelled field", pick(production, "Deployment"), (o) => (o.spec.template.spec.containers[0].livenesProbe = {}), /livenesProbe/],
  ["a probe's port that is no number", pick(production, "Deployment", "articles"), (o) => (o.spec.template.spec.containers[0].livenessProbe.grpc.port = "health"), /grpc\/port/],
  ["a quantity that is none", pick(production, "Deployment"), (o) => (o.spec.template.spec.containers[0].resources.limits.memory = "512 MB"), /limits\/memory/],
  ["a Service without ports of numbers", pick(production, "Service"), (o) => (o.spec.ports[0].port = "http"), /port/],
  ["a policy type in lower case", pick(production, "NetworkPolicy"), (o) => (o.spec.policyTypes = ["ingress"]), /policyTypes/],
  ["an autoscaler without a target", pick(production, "HorizontalPodAutoscaler"), (o) => delete o.spec.scaleTargetRef, /scaleTargetRef/],
  ["a CronJob without a schedule", pick(production, "CronJob"), (o) => delete o.spec.schedule, /schedule/],
  ["a Certificate without an issuer", pick(production, "Certificate"), (o) => delete o.spec.issuerRef, /issuerRef/],
  ["a Certificate's misspelled field", pick(production, "Certificate"), (o) => (o.spec.dnsName = ["x"]), /dnsName/],
  ["a PodMonitor that selects by nothing", pick(production, "PodMonitor"), (o) => delete o.spec.selector, /selector/],
  ["a route's path of an unknown type", pick(gatewayApi, "HTTPRoute", "gateway"), (o) => (o.spec.rules[0].matches[0].path.type = "Suffix"), /type/],
  ["an unknown kind", pick(production, "Service"), (o) => (o.kind = "Servise"), /Servise/],
];

for (const [what, object, breakIt, expected] of BROKEN) {
  test(`finds ${what}`, async () => {
    breakIt(object);
    assert.match((await findings([object])).join("\n"), expected);
  });
}
