// Whatever is named is there.
import { NAMESPACE } from "../neighbours.mjs";
import { selects } from "../cluster.mjs";

const CLUSTER_WIDE = ["Namespace"];

/** Everything is in the one namespace, and says that it is the city's. */
export function oneNamespace(cluster) {
  return cluster.objects.flatMap(({ kind, metadata }) => [
    ...(CLUSTER_WIDE.includes(kind) || metadata.namespace === NAMESPACE
      ? []
      : [`${kind} ${metadata.name} is in the namespace ${metadata.namespace}`]),
    ...(kind === "ConfigMap" || metadata.labels?.["app.kubernetes.io/part-of"] === "cityinfo"
      ? []
      : [`${kind} ${metadata.name} has no label part-of`]),
  ]);
}

function missingKeys(held, items, what) {
  if (held === null) return [`${what}, which is not there`];
  return items.filter((key) => !(key in held)).map((key) => `${what}, which has no ${key}`);
}

function volumeFindings(cluster, { name, secret, configMap, persistentVolumeClaim }) {
  const keys = ({ items = [] }) => items.map(({ key }) => key);
  if (secret) return missingKeys(cluster.secret(secret.secretName), keys(secret), `volume ${name} is Secret ${secret.secretName}`);
  if (configMap) return missingKeys(cluster.configMap(configMap.name), keys(configMap), `volume ${name} is ConfigMap ${configMap.name}`);
  if (!persistentVolumeClaim) return [];
  const { claimName } = persistentVolumeClaim;
  return cluster.find("PersistentVolumeClaim", claimName) ? [] : [`volume ${name} is claim ${claimName}, which is not there`];
}

function environmentFindings(cluster, { name, env = [], envFrom = [] }) {
  const where = `container ${name}`;
  return [
    ...envFrom.flatMap(({ configMapRef, secretRef }) =>
      configMapRef
        ? missingKeys(cluster.configMap(configMapRef.name), [], `${where} takes ConfigMap ${configMapRef.name}`)
        : missingKeys(cluster.secret(secretRef.name), [], `${where} takes Secret ${secretRef.name}`),
    ),
    ...env.flatMap(({ valueFrom: { secretKeyRef: s, configMapKeyRef: c } = {} }) => [
      ...(s ? missingKeys(cluster.secret(s.name), [s.key], `${where} takes Secret ${s.name}`) : []),
      ...(c ? missingKeys(cluster.configMap(c.name), [c.key], `${where} takes ConfigMap ${c.name}`) : []),
    ]),
  ];
}

/** Every ConfigMap, Secret, claim and volume a pod asks for is there, with the keys it asks for. */
export function podReferencesResolve(cluster) {
  return cluster.workloads.flatMap((workload) => {
    const mounts = workload.containers.flatMap(({ name, volumeMounts = [] }) =>
      volumeMounts
        .filter((mount) => !workload.volume(mount.name))
        .map((mount) => `container ${name} mounts ${mount.name}, which is no volume`),
    );
    const used = workload.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    const idle = (workload.pod.volumes ?? [])
      .filter(({ name }) => !used.includes(name))
      .map(({ name }) => `volume ${name} is mounted nowhere`);
    return [
      ...(workload.pod.volumes ?? []).flatMap((volume) => volumeFindings(cluster, volume)),
      ...workload.containers.flatMap((container) => environmentFindings(cluster, container)),
      ...mounts,
      ...idle,
    ].map((finding) => `${workload}: ${finding}`);
  });
}

/** Claims and ConfigMaps are somebody's. */
export function nothingIsLeftOver(cluster) {
  const text = JSON.stringify(cluster.workloads.map(({ pod }) => pod));
  return [...cluster.of("ConfigMap"), ...cluster.of("PersistentVolumeClaim")]
    .filter(({ metadata }) => !text.includes(`"${metadata.name}"`))
    .map(({ kind, metadata }) => `${kind} ${metadata.name} is used by nobody`);
}

/** What selects, selects what it should: Services and budgets one workload, policies and monitors at least one. */
export function selectorsMatch(cluster) {
  const findings = [];
  const expect = (object, selector, count) => {
    const selected = cluster.selectedBy(selector);
    if (count === "one" ? selected.length !== 1 : selected.length === 0) {
      findings.push(`${object.kind} ${object.metadata.name} selects ${selected.join(", ") || "nothing"}`);
    }
  };
  cluster.of("Service").forEach((o) => expect(o, { matchLabels: o.spec.selector }, "one"));
  cluster.of("PodDisruptionBudget").forEach((o) => expect(o, o.spec.selector, "one"));
  cluster.of("NetworkPolicy").forEach((o) => expect(o, o.spec.podSelector, "some"));
  cluster.of("PodMonitor").forEach((o) => expect(o, o.spec.selector, "some"));
  for (const workload of cluster.workloads.filter(({ longRunning }) => longRunning)) {
    if (!selects(workload.object.spec.selector, workload.labels)) findings.push(`${workload} does not select its own pods`);
    const others = cluster.selectedBy(workload.object.spec.selector).filter((other) => other !== workload);
    others.forEach((other) => findings.push(`${workload} selects the pods of ${other}`));
  }
  return findings;
}

/** The ports of Services, Ingresses, routes and monitors are opened by the pods behind them. */
export function portsExist(cluster) {
  const findings = [];
  for (const { metadata, spec } of cluster.of("Service")) {
    for (const workload of cluster.selectedBy({ matchLabels: spec.selector })) {
      for (const { port, targetPort = port, protocol } of spec.ports) {
        const opened = workload.portNumber(targetPort, protocol);
        if (opened === undefined) findings.push(`Service ${metadata.name}: ${workload} opens no port ${targetPort}`);
        // DNS tells clients of a headless Service the pods' addresses and nothing of ports.
        else if (spec.clusterIP === "None" && opened !== port) {
          findings.push(`headless Service ${metadata.name} says port ${port} and the pods say ${opened}`);
        }
      }
    }
  }
  const service = (where, name, fits) => {
    const found = cluster.find("Service", name);
    if (!found?.spec.ports.some(fits)) findings.push(`${where} leads to no port of a Service ${name}`);
  };
  for (const { metadata, spec } of cluster.of("Ingress")) {
    for (const { backend } of spec.rules.flatMap(({ http }) => http.paths)) {
      const { name, port } = backend.service;
      service(`Ingress ${metadata.name}`, name, (p) => p.name === port.name || p.port === port.number);
    }
  }
  for (const { metadata, spec } of cluster.of("HTTPRoute")) {
    for (const { name, port } of spec.rules.flatMap(({ backendRefs = [] }) => backendRefs)) {
      service(`HTTPRoute ${metadata.name}`, name, (p) => p.port === port);
    }
    for (const { name, sectionName } of spec.parentRefs) {
      const listeners = cluster.find("Gateway", name)?.spec.listeners ?? [];
      if (!listeners.some((listener) => listener.name === sectionName)) {
        findings.push(`HTTPRoute ${metadata.name} hangs on no listener ${sectionName} of a Gateway ${name}`);
      }
    }
  }
  for (const { metadata, spec } of cluster.of("PodMonitor")) {
    for (const workload of cluster.selectedBy(spec.selector)) {
      spec.podMetricsEndpoints
        .filter(({ port }) => workload.portNumber(port) === undefined)
        .forEach(({ port }) => findings.push(`PodMonitor ${metadata.name}: ${workload} opens no port ${port}`));
    }
  }
  return findings;
}

/** Certificates have an issuer, issuers their Secret, the public port its certificate. */
export function certificatesResolve(cluster) {
  const findings = [];
  for (const { metadata, spec } of cluster.of("Certificate")) {
    if (!cluster.find(spec.issuerRef.kind, spec.issuerRef.name)) findings.push(`Certificate ${metadata.name} has no issuer`);
  }
  for (const { metadata, spec } of cluster.of("Issuer")) {
    const made = cluster.of("Certificate").find((o) => o.spec.secretName === spec.ca?.secretName);
    if (spec.ca && !made?.spec.isCA) findings.push(`Issuer ${metadata.name} signs with no CA`);
  }
  const publicSecrets = [
    ...cluster.of("Ingress").flatMap(({ spec }) => (spec.tls ?? []).map(({ secretName }) => secretName)),
    ...cluster.of("Gateway").flatMap(({ spec }) =>
      spec.listeners.flatMap(({ tls }) => (tls?.certificateRefs ?? []).map(({ name }) => name)),
    ),
  ];
  for (const { metadata, spec } of cluster.of("Ingress")) {
    const covered = (spec.tls ?? []).flatMap(({ hosts }) => hosts);
    spec.rules
      .filter(({ host }) => !covered.includes(host))
      .forEach(({ host }) => findings.push(`Ingress ${metadata.name} serves ${host} without TLS`));
  }
  return [...findings, ...publicSecrets.filter((name) => !cluster.secret(name)).map((name) => `there is no Secret ${name}`)];
}
