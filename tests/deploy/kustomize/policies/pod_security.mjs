// What the `restricted` level of the Pod Security Standards asks of a pod, and what this city asks on top.

const ALLOWED_VOLUMES = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];
const MODES = ["enforce", "audit", "warn"];

/** The namespace makes Kubernetes refuse what is not restricted. */
export function namespaceIsRestricted(cluster) {
  const namespaces = cluster.of("Namespace");
  if (namespaces.length !== 1) return [`there are ${namespaces.length} namespaces`];
  const labels = namespaces[0].metadata.labels ?? {};
  return MODES.filter((mode) => labels[`pod-security.kubernetes.io/${mode}`] !== "restricted").map(
    (mode) => `the namespace does not ${mode} restricted`,
  );
}

function podFindings({ pod }) {
  const context = pod.securityContext ?? {};
  const shared = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"].filter((field) => pod[field]);
  const volumes = (pod.volumes ?? []).filter((volume) => !ALLOWED_VOLUMES.some((kind) => kind in volume));
  return [
    ...shared.map((field) => `has ${field}`),
    ...volumes.map(({ name }) => `volume ${name} is of a kind that restricted forbids`),
    ...(context.runAsNonRoot === true ? [] : ["does not say runAsNonRoot"]),
    ...(Number.isInteger(context.runAsUser) && context.runAsUser > 0 ? [] : ["has no numeric user but root"]),
    ...(Number.isInteger(context.runAsGroup) && context.runAsGroup > 0 ? [] : ["has no numeric group but root's"]),
    ...(context.seccompProfile?.type === "RuntimeDefault" ? [] : ["has no seccomp profile RuntimeDefault"]),
    ...(context.sysctls ? ["sets sysctls"] : []),
    ...(context.supplementalGroups?.includes(0) || context.fsGroup === 0 ? ["is in root's group"] : []),
  ];
}

function containerFindings(container) {
  const context = container.securityContext ?? {};
  const { add = [], drop = [] } = context.capabilities ?? {};
  return [
    ...(context.privileged ? ["is privileged"] : []),
    ...(context.allowPrivilegeEscalation === false ? [] : ["may gain privileges"]),
    ...(context.readOnlyRootFilesystem === true ? [] : ["can write to its root file system"]),
    ...(drop.includes("ALL") ? [] : ["does not drop all capabilities"]),
    ...(add.length > 0 ? [`adds capabilities ${add}`] : []),
    ...(context.runAsUser === 0 || context.runAsNonRoot === false ? ["runs as root"] : []),
    ...(context.seccompProfile && context.seccompProfile.type !== "RuntimeDefault" ? ["has a seccomp profile of its own"] : []),
    ...(context.procMount && context.procMount !== "Default" ? ["unmasks /proc"] : []),
    ...((container.ports ?? []).some(({ hostPort }) => hostPort) ? ["takes a port of the node"] : []),
  ];
}

/** Every pod, init containers too, is restricted and has a read-only root. */
export function podsAreRestricted(cluster) {
  return cluster.workloads.flatMap((workload) => [
    ...podFindings(workload).map((finding) => `${workload} ${finding}`),
    ...workload.containers.flatMap((container) =>
      containerFindings(container).map((finding) => `${workload}, container ${container.name}, ${finding}`),
    ),
  ]);
}

/** No pod holds a token for the API server, and each has an account of its own. */
export function noServiceAccountTokens(cluster) {
  const accounts = cluster.of("ServiceAccount");
  const holders = accounts.filter((account) => account.automountServiceAccountToken !== false);
  const used = cluster.workloads.map(({ pod }) => pod.serviceAccountName);
  return [
    ...holders.map(({ metadata }) => `ServiceAccount ${metadata.name} gives its token away`),
    ...cluster.workloads
      .filter(({ pod }) => pod.automountServiceAccountToken !== false)
      .map((workload) => `${workload} mounts a token`),
    ...cluster.workloads
      .filter(({ pod }) => !cluster.find("ServiceAccount", pod.serviceAccountName))
      .map((workload) => `${workload} has no account of its own`),
    ...used.filter((name, i) => used.indexOf(name) !== i).map((name) => `ServiceAccount ${name} is shared`),
    ...accounts
      .filter(({ metadata }) => !used.includes(metadata.name))
      .map(({ metadata }) => `ServiceAccount ${metadata.name} is nobody's`),
  ];
}

/** The environment holds what was written into it, not the addresses of every Service around. */
export function noServiceLinks(cluster) {
  return cluster.workloads
    .filter(({ pod }) => pod.enableServiceLinks !== false)
    .map((workload) => `${workload} gets an environment of service links`);
}

/** An image says which one it is. */
export function imagesArePinned(cluster) {
  return cluster.workloads.flatMap((workload) =>
    workload.containers
      .filter(({ image }) => {
        const [, tag] = /^[^@]*?(?::([^/@:]+))?(?:@sha256:[0-9a-f]{64})?$/.exec(image) ?? [];
        return !image.includes("@sha256:") && (!tag || tag === "latest");
      })
      .map(({ name, image }) => `${workload}, container ${name}: image ${image} is not pinned`),
  );
}

/** Secrets are made by operators and by cert-manager; none is in the manifests, nor a password in a setting. */
export function noSecretsInManifests(cluster) {
  const telling = /(password|secret|token|api_?key)$/i;
  return [
    ...cluster.of("Secret").map(({ metadata }) => `Secret ${metadata.name} is in the manifests`),
    ...cluster.of("ConfigMap").flatMap(({ metadata, data }) =>
      Object.entries(data ?? {})
        .filter(([key, value]) => telling.test(key) || /^\w+:\/\/[^@/]*:[^@/]*@/.test(value))
        .map(([key]) => `ConfigMap ${metadata.name} holds ${key}`),
    ),
    ...cluster.workloads.flatMap((workload) =>
      workload.containers.flatMap(({ env = [] }) =>
        env
          .filter(({ name, value }) => value !== undefined && telling.test(name))
          .map(({ name }) => `${workload} has ${name} as a plain value`),
      ),
    ),
  ];
}
