// What keeps the city up: probes, budgets, replicas, spreading, rollouts, resources.

const KIBI = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

function quantity(text) {
  const [, amount, unit] = /^([\d.]+)([A-Za-z]*)$/.exec(String(text));
  return Number(amount) * (unit === "m" ? 0.001 : (KIBI[unit] ?? 1));
}

const longRunning = (cluster) => cluster.workloads.filter((workload) => workload.longRunning);
const usesClaim = ({ pod }) => (pod.volumes ?? []).some((volume) => volume.persistentVolumeClaim);
const autoscalerOf = (cluster, { kind, name }) =>
  cluster.of("HorizontalPodAutoscaler").find(({ spec: { scaleTargetRef: to } }) => to.kind === kind && to.name === name);

/** Requests and limits of CPU and memory everywhere, and a bound on every scratch folder. */
export function resourcesAreBounded(cluster) {
  return cluster.workloads.flatMap((workload) => [
    ...workload.containers.flatMap(({ name, resources: { requests = {}, limits = {} } = {} }) =>
      ["cpu", "memory", "ephemeral-storage"].flatMap((what) => {
        if (!requests[what]) return [`${workload}, container ${name}, requests no ${what}`];
        if (!limits[what]) return [`${workload}, container ${name}, has no limit of ${what}`];
        const within = quantity(requests[what]) <= quantity(limits[what]);
        return within ? [] : [`${workload}, container ${name}, requests more ${what} than its limit`];
      }),
    ),
    ...(workload.pod.volumes ?? [])
      .filter(({ emptyDir }) => emptyDir && !emptyDir.sizeLimit)
      .map(({ name }) => `${workload}: the scratch volume ${name} has no bound`),
  ]);
}

function handler(probe) {
  return ["grpc", "httpGet", "tcpSocket", "exec"].find((kind) => kind in probe);
}

function probeFindings(workload, container, kind) {
  const probe = container[kind];
  if (!probe) return ["is missing"];
  const how = handler(probe);
  if (how === "exec") return probe.exec.command.length > 0 ? [] : ["runs nothing"];
  const { port } = probe[how];
  const opened = container.ports ?? [];
  const found = opened.find((p) => p.name === port || p.containerPort === port);
  const serves = { grpc: "health", httpGet: "admin" }[how];
  return [
    ...(found ? [] : [`asks port ${port}, which the container does not open`]),
    ...(found && serves && found.name !== serves ? [`asks port ${found.name}, not ${serves}`] : []),
    ...(opened.some(({ name }) => name === "grpc") && how !== "grpc" ? ["is not gRPC's own, where gRPC is served"] : []),
    ...(how === "grpc" && kind === "livenessProbe" && probe.grpc.service !== "liveness" ? ["asks for more than liveness"] : []),
    ...(how === "grpc" && kind !== "livenessProbe" && probe.grpc.service ? ["does not ask for readiness"] : []),
    ...(how === "httpGet" && probe.httpGet.path !== (kind === "readinessProbe" ? "/readyz" : "/healthz")
      ? [`asks ${probe.httpGet.path}`]
      : []),
  ];
}

/** Startup, readiness and liveness of whatever goes on running, on ports that are there. */
export function probesExist(cluster) {
  const kinds = ["startupProbe", "readinessProbe", "livenessProbe"];
  return longRunning(cluster).flatMap((workload) =>
    workload.pod.containers.flatMap((container) => [
      ...kinds.flatMap((kind) =>
        probeFindings(workload, container, kind).map((finding) => `${workload}: ${kind} ${finding}`),
      ),
      ...kinds
        .filter((kind) => container[kind] && container[kind].timeoutSeconds > container[kind].periodSeconds)
        .map((kind) => `${workload}: ${kind} waits longer than its period`),
    ]),
  );
}

/** One budget for each workload, that lets a node be emptied. */
export function budgetsExist(cluster) {
  const budgets = cluster.of("PodDisruptionBudget");
  return [
    ...longRunning(cluster).flatMap((workload) => {
      const own = budgets.filter(({ spec }) => cluster.selectedBy(spec.selector).includes(workload));
      return own.length === 1 ? [] : [`${workload} has ${own.length} budgets`];
    }),
    ...budgets
      .filter(({ spec }) => !(spec.maxUnavailable >= 1) || spec.minAvailable !== undefined)
      .map(({ metadata }) => `PodDisruptionBudget ${metadata.name} could keep a node from being emptied`),
  ];
}

/** An autoscaler for what can have replicas, on CPU and on requests in flight; a fixed number for what cannot. */
export function replicasAreDecided(cluster) {
  const findings = [];
  for (const workload of longRunning(cluster)) {
    const { replicas } = workload.object.spec;
    const autoscaled = autoscalerOf(cluster, workload) !== undefined;
    const claimed = usesClaim(workload);
    if (autoscaled && replicas !== undefined) findings.push(`${workload}: its replicas and its autoscaler contradict each other`);
    if (claimed && (autoscaled || replicas !== 1)) findings.push(`${workload} has one volume and must have one replica`);
    if (claimed && workload.object.spec.strategy?.type !== "Recreate") findings.push(`${workload}: two would have its volume during a rollout`);
  }
  for (const { metadata, spec } of cluster.of("HorizontalPodAutoscaler")) {
    const name = `HorizontalPodAutoscaler ${metadata.name}`;
    const target = cluster.find(spec.scaleTargetRef.kind, spec.scaleTargetRef.name);
    if (!target) findings.push(`${name} scales nothing`);
    if (!(spec.minReplicas >= 2 && spec.maxReplicas > spec.minReplicas)) findings.push(`${name}: less than two replicas, or no room`);
    if (!spec.metrics.some(({ resource }) => resource?.name === "cpu")) findings.push(`${name} does not look at CPU`);
    if (!spec.metrics.some(({ pods }) => /in_flight/.test(pods?.metric.name))) findings.push(`${name} does not look at requests in flight`);
  }
  return findings;
}

/** Replicas of one workload do not share one node while there are others. */
export function replicasAreSpread(cluster) {
  return longRunning(cluster).flatMap((workload) => {
    const constraints = workload.pod.topologySpreadConstraints ?? [];
    const foreign = constraints.filter(({ labelSelector }) => !cluster.selectedBy(labelSelector).includes(workload));
    return [
      ...(constraints.some(({ topologyKey }) => topologyKey === "kubernetes.io/hostname") ? [] : [`${workload} is not spread over nodes`]),
      // Otherwise a cordoned node counts as an empty one, and what it loses can be put nowhere else.
      ...constraints
        .filter(({ whenUnsatisfiable, nodeTaintsPolicy }) => whenUnsatisfiable === "DoNotSchedule" && nodeTaintsPolicy !== "Honor")
        .map(() => `${workload} is kept off nodes for the sake of some that take no pods`),
      ...foreign.map(() => `${workload} spreads pods that are not its own`),
    ];
  });
}

/** A rollout takes no pod away before its successor is ready, and pods are given time to end. */
export function rolloutsLoseNothing(cluster) {
  return longRunning(cluster).flatMap((workload) => {
    const { strategy } = workload.object.spec;
    const findings = [];
    if (workload.kind === "Deployment" && strategy?.type === "RollingUpdate") {
      const { maxUnavailable, maxSurge } = strategy.rollingUpdate ?? {};
      if (maxUnavailable !== 0 || !(maxSurge >= 1)) findings.push(`${workload}: a rollout takes away what it has not replaced`);
      if (!(workload.object.spec.minReadySeconds > 0)) findings.push(`${workload}: a rollout goes on at the first sign of readiness`);
    } else if (workload.kind === "Deployment" && strategy?.type !== "Recreate") {
      findings.push(`${workload} does not say how it is rolled out`);
    }
    if (!workload.pod.terminationGracePeriodSeconds) findings.push(`${workload} does not say how long it takes to end`);
    return findings;
  });
}

/** Clients that go round the replicas themselves find all of them, and the new ones too. */
export function channelsReachAllReplicas(cluster) {
  const findings = [];
  for (const workload of cluster.workloads) {
    for (const container of workload.containers) {
      for (const [name, value] of cluster.environment(container)) {
        const target = /^dns:\/\/\/([^:]+):\d+$/.exec(value ?? "");
        if (!/_(ARTICLES|METRICS)$/.test(name)) continue;
        if (!target) {
          findings.push(`${workload}: ${name}=${value} is no dns:/// target`);
          continue;
        }
        const service = cluster.find("Service", target[1]);
        if (service?.spec.clusterIP !== "None") findings.push(`${workload}: ${name} leads to a Service that is not headless`);
        for (const server of cluster.selectedBy({ matchLabels: service?.spec.selector ?? { no: "one" } })) {
          const ages = server.containers.map((c) => cluster.environment(c).get("CITYINFO_MAX_CONNECTION_AGE"));
          if (!ages.some(Boolean)) findings.push(`${server} never closes a connection`);
        }
      }
    }
  }
  return findings;
}

// PostgreSQL's default max_connections less superuser_reserved_connections, and less what the nightly dumps and the
// migrations take.
const CONNECTIONS = 100 - 3 - 4;
// On top of a pool: who listens for notifications.
const CONNECTIONS_BESIDE_THE_POOL = 1;
// During a rollout: one that starts, and one that ends.
const REPLICAS_OF_A_ROLLOUT = 2;
// What a program takes when nobody says (--help).
const DEFAULT_CONNECTIONS = 8;

/** All replicas at their most connect no more often than a PostgreSQL takes by default. */
export function connectionsFit(cluster) {
  let sum = 0;
  for (const workload of longRunning(cluster)) {
    for (const container of workload.containers) {
      const environment = cluster.environment(container);
      for (const [name, value] of environment) {
        if (!name.endsWith("_STORE") || !/^postgres(ql)?:/.test(value ?? "")) continue;
        const most = autoscalerOf(cluster, workload)?.spec.maxReplicas ?? workload.object.spec.replicas ?? 1;
        const pool = Number(environment.get(`${name}_CONNECTIONS`) ?? DEFAULT_CONNECTIONS);
        sum += (most + REPLICAS_OF_A_ROLLOUT) * (pool + CONNECTIONS_BESIDE_THE_POOL);
      }
    }
  }
  return sum <= CONNECTIONS ? [] : [`up to ${sum} connections to PostgreSQL, which takes ${CONNECTIONS}`];
}

/** Jobs end, are not run twice at a time, and leave no more behind than is of use. */
export function jobsAreBounded(cluster) {
  const findings = [];
  for (const workload of cluster.workloads.filter((w) => !w.longRunning)) {
    const { spec } = workload.object;
    const job = workload.kind === "CronJob" ? spec.jobTemplate.spec : spec;
    if (!(job.activeDeadlineSeconds > 0)) findings.push(`${workload} may run for ever`);
    if (!(job.backoffLimit <= 6)) findings.push(`${workload} is tried too often`);
    if (!["Never", "OnFailure"].includes(workload.pod.restartPolicy)) findings.push(`${workload} starts again when it is done`);
    if (workload.kind === "Job" && !(spec.ttlSecondsAfterFinished >= 0)) findings.push(`${workload} stays for ever`);
    if (workload.kind !== "CronJob") continue;
    if (spec.concurrencyPolicy !== "Forbid") findings.push(`${workload} may run beside itself`);
    if (!(spec.startingDeadlineSeconds > 0)) findings.push(`${workload} may start at any later time`);
    if (!(spec.failedJobsHistoryLimit <= 3 && spec.successfulJobsHistoryLimit <= 3)) findings.push(`${workload} keeps too many old Jobs`);
  }
  return findings;
}
