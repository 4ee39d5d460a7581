// The rendered objects as a cluster sees them: which pods there will be, who selects whom, what a container finds in its
// environment and in its folders.
import { SECRETS } from "./neighbours.mjs";

const LONG_RUNNING = ["Deployment", "StatefulSet", "DaemonSet"];

function podTemplate(object) {
  if (object.kind === "CronJob") return object.spec.jobTemplate.spec.template;
  return [...LONG_RUNNING, "Job"].includes(object.kind) ? object.spec.template : null;
}

const OPERATORS = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

/** Whether a label selector picks these labels. An empty selector picks all, a missing one none. */
export function selects(selector, labels) {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => OPERATORS[operator](labels[key], values))
  );
}

/** What makes pods: a Deployment, a StatefulSet, a Job or a CronJob. */
class Workload {
  constructor(object) {
    const template = podTemplate(object);
    this.object = object;
    this.kind = object.kind;
    this.name = object.metadata.name;
    this.labels = template.metadata?.labels ?? {};
    this.pod = template.spec;
    this.longRunning = LONG_RUNNING.includes(object.kind);
    this.containers = [...(this.pod.initContainers ?? []), ...this.pod.containers];
  }

  toString() {
    return `${this.kind} ${this.name}`;
  }

  volume(name) {
    return (this.pod.volumes ?? []).find((volume) => volume.name === name);
  }

  /** Ports of all containers: {name, containerPort, protocol}. */
  ports() {
    return this.containers.flatMap((container) => container.ports ?? []);
  }

  /** The number of a port that is given by number or by name; undefined if no container opens it. */
  portNumber(port, protocol = "TCP") {
    const found = this.ports().find(
      (p) => (p.protocol ?? "TCP") === protocol && (p.name === port || p.containerPort === port),
    );
    return found?.containerPort;
  }
}

export class Cluster {
  constructor(objects) {
    this.objects = objects;
    this.workloads = objects.filter(podTemplate).map((object) => new Workload(object));
  }

  of(kind) {
    return this.objects.filter((object) => object.kind === kind);
  }

  find(kind, name) {
    return this.objects.find((object) => object.kind === kind && object.metadata.name === name);
  }

  workload(name) {
    return this.workloads.find((workload) => workload.name === name);
  }

  selectedBy(selector) {
    return this.workloads.filter((workload) => selects(selector, workload.labels));
  }

  /** The keys and values of a Secret; null if there is none. What cert-manager makes of a Certificate is one too. */
  secret(name) {
    if (this.of("Certificate").some(({ spec }) => spec.secretName === name)) {
      return { "tls.crt": "", "tls.key": "", "ca.crt": "" };
    }
    return SECRETS[name] ?? null;
  }

  configMap(name) {
    return this.find("ConfigMap", name)?.data ?? null;
  }

  /** [name, value] of everything the container's environment holds; a value that cannot be known is undefined. */
  environment(container) {
    const values = new Map();
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      const source = configMapRef ? this.configMap(configMapRef.name) : this.secret(secretRef.name);
      Object.entries(source ?? {}).forEach(([name, value]) => values.set(name, value));
    }
    for (const { name, value, valueFrom } of container.env ?? []) {
      values.set(name, valueFrom ? this.#valueFrom(valueFrom) : expand(value ?? "", values));
    }
    return values;
  }

  /** The container's command line, with $(NAME) filled in. */
  commandLine(container) {
    const values = this.environment(container);
    return [...(container.command ?? []), ...(container.args ?? [])].map((word) => expand(word, values));
  }

  #valueFrom({ secretKeyRef, configMapKeyRef, fieldRef }) {
    if (secretKeyRef) return this.secret(secretKeyRef.name)?.[secretKeyRef.key];
    if (configMapKeyRef) return this.configMap(configMapKeyRef.name)?.[configMapKeyRef.key];
    return fieldRef?.fieldPath === "metadata.name" ? "a-pod" : undefined;
  }

  /**
   * What lies under a path in a container: {volume, mount, file}, where `file` is the path within the volume; null where
   * only the image's own files are.
   */
  mounted(workload, container, path) {
    const mount = (container.volumeMounts ?? []).find(
      ({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`),
    );
    if (!mount) return null;
    return { mount, volume: workload.volume(mount.name), file: path.slice(mount.mountPath.length + 1) };
  }

  /** Names of the files a Secret's or ConfigMap's volume holds; null for volumes of other kinds. */
  filesOf(volume) {
    const source = volume?.secret ?? volume?.configMap;
    if (!source) return null;
    const held = volume.secret ? this.secret(source.secretName) : this.configMap(source.name);
    return source.items ? source.items.map(({ path }) => path) : Object.keys(held ?? {});
  }
}

function expand(text, values) {
  return text.replaceAll(/\$\(([A-Za-z_]\w*)\)/g, (all, name) => values.get(name) ?? all);
}
