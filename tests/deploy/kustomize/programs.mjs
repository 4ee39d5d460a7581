// The built programs, asked about what the manifests tell them.
import { spawnSync } from "node:child_process";
import path from "node:path";

const BIN_DIR = process.env.CITYINFO_BIN_DIR;
if (!BIN_DIR) throw new Error("CITYINFO_BIN_DIR must name the folder of the built programs, as ctest does");

/** The program of an image, "cityinfo-articles"; null for images that are not the city's. */
export function programOf(image) {
  const found = /^cityinfo\/(articles|metrics|gateway):/.exec(image);
  return found && path.join(BIN_DIR, `cityinfo-${found[1]}`);
}

/** The container's environment and nothing else, as Kubernetes would give it. */
export function environmentOf(cluster, container) {
  return Object.fromEntries([...cluster.environment(container)].filter(([, value]) => value !== undefined));
}

function run(program, args, environment) {
  const result = spawnSync(program, args, { env: environment, encoding: "utf8", timeout: 30_000 });
  if (result.error) throw result.error;
  return result;
}

const HELP = new Map();

/** Names of the environment variables the program reads. */
function knownVariables(program) {
  if (!HELP.has(program)) HELP.set(program, run(program, ["--help"], {}).stdout);
  return HELP.get(program).match(/CITYINFO_[A-Z_]+/g) ?? [];
}

/** {settings, findings}: the effective settings the program prints for this container, and what it does not accept. */
export function check(cluster, container) {
  const program = programOf(container.image);
  const environment = environmentOf(cluster, container);
  const result = run(program, [...cluster.commandLine(container), "--check-config"], environment);
  const known = knownVariables(program);
  const unknown = Object.keys(environment).filter((name) => name.startsWith("CITYINFO_") && !known.includes(name));
  if (result.status !== 0) return { settings: null, findings: [result.stderr.trim() || `ended with ${result.status}`] };
  return {
    settings: JSON.parse(result.stdout),
    findings: unknown.map((name) => `${path.basename(program)} knows no ${name}`),
  };
}

const LISTENING = { listen: ["grpc", "http"], "admin-listen": ["admin"], "health-listen": ["health"] };

// Ports the pod says it opens, against those the program listens on.
function portFindings(container, settings) {
  const findings = [];
  for (const [flag, names] of Object.entries(LISTENING)) {
    const port = (container.ports ?? []).find(({ name }) => names.includes(name));
    const wanted = port && `0.0.0.0:${port.containerPort}`;
    if (settings[flag] !== wanted) findings.push(`listens on ${settings[flag]} for --${flag}, and the pod says ${wanted}`);
  }
  return findings;
}

/** What the programs say against their pods: settings they refuse, ports they do not open, time they need to end. */
export function programFindings(cluster) {
  const findings = [];
  for (const workload of cluster.workloads) {
    for (const container of workload.containers.filter(({ image }) => programOf(image))) {
      const { settings, findings: refused } = check(cluster, container);
      const own = [...refused];
      if (settings && workload.longRunning) {
        const grace = workload.pod.terminationGracePeriodSeconds ?? 30;
        const limit = settings.shutdown_limit_seconds;
        if (!(limit <= grace)) own.push(`may take ${limit} s to end, and is killed after ${grace} s`);
        own.push(...portFindings(container, settings));
      }
      findings.push(...own.map((finding) => `${workload}, container ${container.name}: ${finding}`));
    }
  }
  return findings;
}
