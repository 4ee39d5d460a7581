// Shows that the policies can fail: each small mistake of this table, made in the rendered objects, is found by the policy
// whose business it is.
import assert from "node:assert/strict";
import test from "node:test";
import { Cluster } from "./cluster.mjs";
import { POLICIES } from "./policies/all.mjs";
import { renderAll } from "./variants.mjs";

const rendered = Object.fromEntries(renderAll().map(({ name, objects }) => [name, objects]));
const GATEWAY_API = "embedded, watched, locked and behind a Gateway";

// Ways to the part that is changed.
const object = (kind, name) => (objects) => {
  const found = objects.find((o) => o.kind === kind && o.metadata.name === name);
  assert.ok(found, `there is no ${kind} ${name}`);
  return found;
};
const pod = (kind, name) => (objects) => {
  const { spec } = object(kind, name)(objects);
  return (spec.jobTemplate?.spec ?? spec).template.spec;
};
const container = (kind, name) => (objects) => pod(kind, name)(objects).containers[0];
const config = (name) => (objects) => objects.find((o) => o.kind === "ConfigMap" && o.metadata.name.startsWith(`${name}-`)).data;
const volume = (kind, name, which) => (objects) => pod(kind, name)(objects).volumes.find((v) => v.name === which);
const mount = (kind, name, which) => (objects) => container(kind, name)(objects).volumeMounts.find((m) => m.name === which);
const peerLabels = (policy) => (objects) => object("NetworkPolicy", policy)(objects).spec.ingress[0].from[0].podSelector.matchLabels;
const remove = (kind, name) => [
  (objects) => objects,
  (objects) => objects.splice(objects.indexOf(object(kind, name)(objects)), 1),
];
const add = (one) => [(objects) => objects, (objects) => objects.push(one)];

// policy: [[what is wrong, part, change, variant (production)], …]
const MISTAKES = {
  namespaceIsRestricted: [
    ["the namespace enforces baseline only", object("Namespace", "cityinfo"), (o) => (o.metadata.labels["pod-security.kubernetes.io/enforce"] = "baseline")],
  ],
  podsAreRestricted: [
    ["a pod may run as root", pod("Deployment", "articles"), (p) => delete p.securityContext.runAsNonRoot],
    ["a user by name instead of number", pod("Deployment", "gateway"), (p) => (p.securityContext.runAsUser = "cityinfo")],
    ["a container runs as root", container("StatefulSet", "redis"), (c) => (c.securityContext.runAsUser = 0)],
    ["no seccomp profile", pod("CronJob", "backup-articles"), (p) => delete p.securityContext.seccompProfile],
    ["an unconfined seccomp profile", pod("Deployment", "metrics"), (p) => (p.securityContext.seccompProfile.type = "Unconfined")],
    ["privilege escalation", container("Job", "migrate-metrics"), (c) => (c.securityContext.allowPrivilegeEscalation = true)],
    ["a root that can be written to", container("Deployment", "articles"), (c) => delete c.securityContext.readOnlyRootFilesystem],
    ["a capability kept", container("Deployment", "gateway"), (c) => (c.securityContext.capabilities.drop = ["NET_RAW"])],
    ["a capability added", container("Deployment", "gateway"), (c) => (c.securityContext.capabilities.add = ["NET_BIND_SERVICE"])],
    ["an init container without a context", (o) => pod("CronJob", "backup-articles")(o).initContainers[0], (c) => delete c.securityContext, "embedded"],
    ["a folder of the node", volume("Deployment", "articles", "articles-tmp"), (v) => { delete v.emptyDir; v.hostPath = { path: "/tmp" }; }],
    ["the node's network", pod("StatefulSet", "redis-sentinel"), (p) => (p.hostNetwork = true)],
    ["a port of the node", container("Deployment", "gateway"), (c) => (c.ports[0].hostPort = 8080)],
  ],
  noServiceAccountTokens: [
    ["a pod mounts its token", pod("Deployment", "articles"), (p) => delete p.automountServiceAccountToken],
    ["an account gives its token away", object("ServiceAccount", "metrics"), (o) => (o.automountServiceAccountToken = true)],
    ["the default account", pod("Deployment", "gateway"), (p) => delete p.serviceAccountName],
    ["a shared account", pod("Deployment", "gateway"), (p) => (p.serviceAccountName = "articles")],
  ],
  noServiceLinks: [["an environment of service links", pod("Job", "migrate-articles"), (p) => delete p.enableServiceLinks]],
  imagesArePinned: [
    ["an image without a tag", container("Deployment", "articles"), (c) => (c.image = "cityinfo/articles")],
    ["the tag latest", container("StatefulSet", "redis"), (c) => (c.image = "redis:latest")],
    ["a port of a registry is no tag", container("CronJob", "backup-metrics"), (c) => (c.image = "registry.example:5000/postgres")],
  ],
  noSecretsInManifests: [
    ["a Secret among the manifests", ...add({ apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "cityinfo", labels: { "app.kubernetes.io/part-of": "cityinfo" } } })],
    ["a password in a ConfigMap", config("metrics"), (d) => (d.CITYINFO_METRICS_REDIS_PASSWORD = "x")],
    ["a password in a URI", config("articles"), (d) => (d.CITYINFO_ARTICLES_STORE = "postgresql://u:p@primary.db.example/city")],
    ["a password in the environment", container("CronJob", "backup-articles"), (c) => c.env.push({ name: "PGPASSWORD", value: "x" })],
  ],
  oneNamespace: [
    ["an object elsewhere", object("Service", "redis"), (o) => (o.metadata.namespace = "default")],
    ["an object without the city's label", object("PodDisruptionBudget", "redis"), (o) => delete o.metadata.labels],
  ],
  podReferencesResolve: [
    ["a Secret that nobody makes", volume("Deployment", "gateway", "api-keys"), (v) => (v.secret.secretName = "keys")],
    ["a key the Secret does not have", container("Deployment", "articles"), (c) => (c.env[0].valueFrom.secretKeyRef.key = "uri")],
    ["a ConfigMap that is not there", container("Deployment", "articles"), (c) => (c.envFrom[0].configMapRef.name = "articles")],
    ["a mount without a volume", mount("Deployment", "metrics", "tls"), (m) => (m.name = "certificates")],
    ["a volume mounted nowhere", pod("Deployment", "metrics"), (p) => p.volumes.push({ name: "more", emptyDir: { sizeLimit: "1Mi" } })],
    ["a claim that is not there", ...remove("PersistentVolumeClaim", "articles-data"), "embedded"],
  ],
  nothingIsLeftOver: [
    ["a claim of nobody", object("PersistentVolumeClaim", "articles-backups"), (o) => (o.metadata.name = "copies")],
  ],
  selectorsMatch: [
    ["a Service of nobody", object("Service", "gateway"), (o) => (o.spec.selector["app.kubernetes.io/name"] = "door")],
    ["a Service of everybody", object("Service", "articles"), (o) => delete o.spec.selector["app.kubernetes.io/name"]],
    ["a Job's pods behind a Service", (o) => object("Job", "migrate-articles")(o).spec.template.metadata.labels, (l) => (l["app.kubernetes.io/name"] = "articles")],
    ["a Deployment that selects others", object("Deployment", "articles"), (o) => (o.spec.selector.matchLabels["app.kubernetes.io/name"] = "metrics")],
    ["a budget of nobody", object("PodDisruptionBudget", "metrics"), (o) => (o.spec.selector.matchLabels["app.kubernetes.io/name"] = "metric")],
    ["a NetworkPolicy of nobody", object("NetworkPolicy", "otlp"), (o) => (o.spec.podSelector.matchLabels = { otlp: "true" })],
    ["a monitor of nobody", object("PodMonitor", "cityinfo"), (o) => (o.spec.selector.matchExpressions[0].values = ["city"])],
  ],
  portsExist: [
    ["a Service's port that nobody opens", object("Service", "gateway"), (o) => (o.spec.ports[0].targetPort = "web")],
    ["a headless Service that translates ports", object("Service", "metrics"), (o) => (o.spec.ports[0].port = 443)],
    ["an Ingress to a port that is not there", object("Ingress", "gateway"), (o) => (o.spec.rules[0].http.paths[0].backend.service.port.name = "web")],
    ["a route to a port that is not there", object("HTTPRoute", "gateway"), (o) => (o.spec.rules[0].backendRefs[0].port = 8080), GATEWAY_API],
    ["a route on a listener that is not there", object("HTTPRoute", "gateway"), (o) => (o.spec.parentRefs[0].sectionName = "web"), GATEWAY_API],
    ["a monitor of a port that is not there", object("PodMonitor", "cityinfo"), (o) => (o.spec.podMetricsEndpoints[0].port = "metrics")],
  ],
  certificatesResolve: [
    ["a Certificate without its issuer", ...remove("Issuer", "cityinfo-ca")],
    ["an issuer that signs with no CA", object("Certificate", "cityinfo-ca"), (o) => delete o.spec.isCA],
    ["a host served without TLS", object("Ingress", "gateway"), (o) => (o.spec.tls[0].hosts = ["other.example"])],
    ["a listener without its certificate", object("Gateway", "public"), (o) => (o.spec.listeners[0].tls.certificateRefs[0].name = "none"), GATEWAY_API],
  ],
  secretFilesAreMounted: [
    ["a password's file that is not mounted", config("articles"), (d) => (d.CITYINFO_ARTICLES_STORE_PASSWORD_FILE = "/run/password")],
    ["a password's file of another name", volume("Deployment", "metrics", "redis-password"), (v) => (v.secret.items[0].path = "redis")],
    ["a certificate that would never change", mount("Deployment", "gateway", "tls"), (m) => (m.subPath = "tls.crt")],
    ["keys that everyone in the pod can read", volume("Deployment", "gateway", "api-keys"), (v) => (v.secret.defaultMode = 0o444)],
    ["an authority of PostgreSQL that is not mounted", (o) => volume("Deployment", "articles", "postgresql")(o).secret, (s) => s.items.pop()],
  ],
  storesAreOnVolumes: [
    ["a store in scratch space", volume("Deployment", "articles", "data"), (v) => { delete v.persistentVolumeClaim; v.emptyDir = { sizeLimit: "1Gi" }; }, "embedded"],
    ["a store beside its volume", config("metrics"), (d) => (d.CITYINFO_METRICS_STORE = "sqlite:/tmp/metrics.db"), "embedded"],
    ["a copy beside its volume", (o) => pod("CronJob", "backup-articles")(o).initContainers[1], (c) => (c.args = ["--backup-to=/tmp/copy.db"]), "embedded"],
    ["a search index in the read-only root", config("articles"), (d) => (d.CITYINFO_ARTICLES_SEARCH_INDEX = "/search/articles.db")],
    ["a dump beside its volume", mount("CronJob", "backup-metrics", "backups"), (m) => (m.mountPath = "/dumps")],
  ],
  tlsIsMutual: [
    ["one that speaks plain text", config("gateway"), (d) => ["CERT", "KEY", "CA"].forEach((part) => delete d[`CITYINFO_TLS_${part}`])],
    ["a certificate for another name", object("Certificate", "articles"), (o) => (o.spec.dnsNames = ["articles.cityinfo.svc"])],
    ["a server's certificate for clients only", object("Certificate", "metrics"), (o) => (o.spec.usages = ["client auth"])],
    ["a client's certificate for servers only", object("Certificate", "gateway"), (o) => (o.spec.usages = ["server auth"])],
    ["the key for the certificate", config("articles"), (d) => (d.CITYINFO_TLS_CERT = d.CITYINFO_TLS_KEY)],
    ["another's certificate", volume("Deployment", "gateway", "tls"), (v) => (v.secret.secretName = "articles-tls")],
  ],
  resourcesAreBounded: [
    ["no limit of memory", container("Deployment", "articles"), (c) => delete c.resources.limits.memory],
    ["no request of CPU", container("Job", "migrate-articles"), (c) => delete c.resources.requests.cpu],
    ["a request over the limit", container("StatefulSet", "redis"), (c) => (c.resources.requests.memory = "1Gi")],
    ["scratch space without a bound", volume("Deployment", "metrics", "metrics-tmp"), (v) => (v.emptyDir = {})],
  ],
  probesExist: [
    ["no startup probe", container("Deployment", "articles"), (c) => delete c.startupProbe],
    ["no readiness probe", container("StatefulSet", "redis-sentinel"), (c) => delete c.readinessProbe],
    ["no liveness probe", container("Deployment", "gateway"), (c) => delete c.livenessProbe],
    ["a probe of a port that is not open", container("Deployment", "metrics"), (c) => (c.readinessProbe.grpc.port = 50071)],
    ["a probe of the port that speaks TLS", container("Deployment", "metrics"), (c) => (c.readinessProbe.grpc.port = 50052)],
    ["a probe by name of a port that is not open", container("StatefulSet", "redis"), (c) => (c.livenessProbe.tcpSocket.port = "db")],
    ["liveness that asks for the store", container("Deployment", "articles"), (c) => delete c.livenessProbe.grpc.service],
    ["liveness that asks for readiness", container("Deployment", "gateway"), (c) => (c.livenessProbe.httpGet.path = "/readyz")],
    ["HTTP where gRPC is served", container("Deployment", "articles"), (c) => (c.readinessProbe = { httpGet: { path: "/readyz", port: "admin" } })],
  ],
  budgetsExist: [
    ["no budget", ...remove("PodDisruptionBudget", "articles")],
    ["two budgets", object("PodDisruptionBudget", "articles"), (o) => (o.spec.selector = object("PodDisruptionBudget", "metrics")(rendered.production).spec.selector)],
    ["a budget that keeps a node from being emptied", object("PodDisruptionBudget", "gateway"), (o) => (o.spec.maxUnavailable = 0)],
  ],
  replicasAreDecided: [
    ["an autoscaler of nothing", object("HorizontalPodAutoscaler", "articles"), (o) => (o.spec.scaleTargetRef.name = "article")],
    ["an autoscaler and a number", object("Deployment", "metrics"), (o) => (o.spec.replicas = 4)],
    ["an autoscaler that does not look at CPU", object("HorizontalPodAutoscaler", "gateway"), (o) => o.spec.metrics.shift()],
    ["an autoscaler that does not look at requests in flight", object("HorizontalPodAutoscaler", "gateway"), (o) => o.spec.metrics.pop()],
    ["an autoscaler that goes down to one", object("HorizontalPodAutoscaler", "metrics"), (o) => (o.spec.minReplicas = 1)],
    ["two replicas over one volume", object("Deployment", "articles"), (o) => (o.spec.replicas = 2), "embedded"],
    ["a rollout of two over one volume", object("Deployment", "metrics"), (o) => (o.spec.strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }), "embedded"],
  ],
  replicasAreSpread: [
    ["replicas on one node", pod("Deployment", "articles"), (p) => p.topologySpreadConstraints.pop()],
    ["replicas that wait for a cordoned node", pod("StatefulSet", "redis"), (p) => delete p.topologySpreadConstraints[1].nodeTaintsPolicy],
    ["others' replicas spread", pod("Deployment", "articles"), (p) => (p.topologySpreadConstraints[1].labelSelector.matchLabels["app.kubernetes.io/name"] = "metrics")],
  ],
  rolloutsLoseNothing: [
    ["a rollout that takes away first", object("Deployment", "articles"), (o) => (o.spec.strategy.rollingUpdate.maxUnavailable = 1)],
    ["a rollout that does not wait", object("Deployment", "gateway"), (o) => delete o.spec.minReadySeconds],
    ["no time to end", pod("StatefulSet", "redis"), (p) => delete p.terminationGracePeriodSeconds],
  ],
  channelsReachAllReplicas: [
    ["a Service that hides its pods", object("Service", "articles"), (o) => delete o.spec.clusterIP],
    ["an address that is looked up once", config("gateway"), (d) => (d.CITYINFO_GATEWAY_METRICS = "metrics:50052")],
    ["connections that stay", config("metrics"), (d) => delete d.CITYINFO_MAX_CONNECTION_AGE],
  ],
  connectionsFit: [
    ["pools that are too large", config("articles"), (d) => (d.CITYINFO_ARTICLES_STORE_CONNECTIONS = "16")],
    ["a pool of nobody's choice", config("metrics"), (d) => delete d.CITYINFO_METRICS_STORE_CONNECTIONS],
    ["too many replicas", object("HorizontalPodAutoscaler", "articles"), (o) => (o.spec.maxReplicas = 12)],
  ],
  jobsAreBounded: [
    ["a Job that may run for ever", object("Job", "migrate-articles"), (o) => delete o.spec.activeDeadlineSeconds],
    ["a Job that stays", object("Job", "migrate-articles"), (o) => delete o.spec.ttlSecondsAfterFinished],
    ["a backup beside another", object("CronJob", "backup-articles"), (o) => delete o.spec.concurrencyPolicy],
    ["a Job that starts again", pod("CronJob", "backup-articles"), (p) => (p.restartPolicy = "Always")],
  ],
  arrowsAreExact: [
    ["nothing is denied", ...remove("NetworkPolicy", "default-deny")],
    ["going out is not denied", object("NetworkPolicy", "default-deny"), (o) => (o.spec.policyTypes = ["Ingress"])],
    ["an arrow is missing", ...remove("NetworkPolicy", "metrics-to-redis")],
    ["an arrow is missing at its other end", peerLabels("metrics"), (l) => (l["app.kubernetes.io/name"] = "door")],
    ["names cannot be looked up", (o) => object("Deployment", "gateway")(o).spec.template.metadata.labels, (l) => delete l["network.cityinfo/dns"]],
    ["names are looked up by one that knows none", (o) => object("Deployment", "articles")(o).spec.template.metadata.labels, (l) => (l["network.cityinfo/dns"] = "true"), "embedded"],
    ["the health port is open to others", object("NetworkPolicy", "articles"), (o) => o.spec.ingress[0].ports.push({ protocol: "TCP", port: 50071 })],
    ["all ports are open to a friend", object("NetworkPolicy", "metrics"), (o) => delete o.spec.ingress[0].ports],
    ["a port is open to everyone", object("NetworkPolicy", "articles"), (o) => delete o.spec.ingress[0].from],
    ["every namespace is let in", object("NetworkPolicy", "ingress-to-gateway"), (o) => (o.spec.ingress[0].from[0].namespaceSelector = {})],
    ["every pod of a namespace is let in", object("NetworkPolicy", "prometheus"), (o) => delete o.spec.ingress[0].from[0].podSelector],
    ["either instead of both", object("NetworkPolicy", "ingress-to-gateway"), (o) => (o.spec.ingress[0].from = Object.entries(o.spec.ingress[0].from[0]).map(([key, value]) => ({ [key]: value })))],
    ["all of the world is PostgreSQL", object("NetworkPolicy", "postgresql"), (o) => (o.spec.egress[0].to[0].ipBlock.cidr = "0.0.0.0/0")],
    ["PostgreSQL is elsewhere", object("NetworkPolicy", "postgresql"), (o) => (o.spec.egress[0].to[0].ipBlock.cidr = "192.0.2.99/32")],
    ["an address of nobody", config("metrics"), (d) => (d.CITYINFO_METRICS_ARTICLES = "dns:///article:50051")],
    ["a new address without an arrow", config("articles"), (d) => (d.CITYINFO_OTLP_ENDPOINT = "http://prometheus.monitoring:9090")],
    ["a second cache without an arrow", config("articles"), (d) => (d.CITYINFO_ARTICLES_REDIS = "redis-0.redis:6379")],
    ["an arrow of a range of ports", object("NetworkPolicy", "redis"), (o) => (o.spec.ingress[0].ports[0].endPort = 26379)],
  ],
};

test("every policy is shown to fail", () => {
  assert.deepEqual(Object.keys(MISTAKES).sort(), Object.keys(POLICIES).sort());
});

for (const [policy, mistakes] of Object.entries(MISTAKES)) {
  for (const [what, part, change, variant = "production"] of mistakes) {
    test(`${policy} finds: ${what}`, (context) => {
      const objects = structuredClone(rendered[variant]);
      change(part(objects));
      assert.notDeepEqual(objects, rendered[variant], "nothing was changed");
      const [first] = POLICIES[policy](new Cluster(objects));
      assert.ok(first, "nothing was found");
      context.diagnostic(first);
    });
  }
}
