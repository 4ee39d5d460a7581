// The arrows of the architecture, found in the rendered configuration: whose address stands in whose environment, what an
// Ingress or a route leads to, what is scraped. Each arrow is "FROM -> TO PROTOCOL/PORT".
import { EXTERNAL_HOSTS, GATEWAY_CLASSES, INGRESS_CLASSES, NEIGHBOURS } from "./neighbours.mjs";

export const arrow = (from, to, port, protocol = "TCP") => `${from} -> ${to} ${protocol}/${port}`;

// "host:port" in any wrapping: dns:///host:port, http://host:port, postgresql://user@host:port/name?…
const ADDRESS = /(?<![\w.-])([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):(\d{2,5})(?![\w.])/g;
const POSTGRES = /^postgresql:\/\/(?:[^@/]*@)?([^/?]+)/;

/** The addresses in a setting: [{host, port}]. Addresses to listen on are no addresses of others. */
export function addressesIn(value) {
  const postgres = POSTGRES.exec(value);
  if (postgres) {
    return postgres[1].split(",").map((address) => {
      const [host, port = "5432"] = address.split(":");
      return { host, port: Number(port) };
    });
  }
  return [...value.matchAll(ADDRESS)]
    .map(([, host, port]) => ({ host, port: Number(port) }))
    .filter(({ host }) => host !== "0.0.0.0");
}

/** Every address in the environment and the command lines of a workload. */
function addressesOf(cluster, workload) {
  return workload.containers.flatMap((container) =>
    [...cluster.environment(container).values(), ...cluster.commandLine(container)]
      .filter((value) => value !== undefined)
      .flatMap(addressesIn),
  );
}

// The pods behind "service" or "pod.service" of this namespace, and their port.
function behindService(cluster, { host, port }) {
  const names = host.split(".");
  const service = names.length <= 2 && cluster.find("Service", names.at(-1));
  if (!service) return null;
  const { targetPort } = service.spec.ports.find((p) => p.port === port) ?? {};
  return cluster
    .selectedBy({ matchLabels: service.spec.selector })
    .map((workload) => ({ to: workload.name, port: workload.portNumber(targetPort ?? port) }));
}

// Whom an address reaches: [{to, port}]; empty when nobody has that name.
function reached(cluster, address) {
  const behind = behindService(cluster, address);
  if (behind) return behind;
  if (EXTERNAL_HOSTS[address.host]) return [{ to: EXTERNAL_HOSTS[address.host], port: address.port }];
  const [name, namespace] = address.host.split(".");
  const known = NEIGHBOURS[name]?.namespace === namespace;
  return known ? [{ to: name, port: address.port }] : [];
}

// Who is told the address of a Sentinel is told by it where Redis is.
function toldBySentinels(cluster, workload) {
  const asks = workload.containers.some((container) =>
    [...cluster.environment(container).values()].some((value) => value?.startsWith("sentinel://")),
  );
  if (!asks) return [];
  return cluster.workloads
    .filter(({ name }) => name !== workload.name)
    .flatMap((other) => other.containers)
    .map((container) => cluster.environment(container).get("FIRST_PRIMARY"))
    .filter(Boolean)
    .flatMap(addressesIn);
}

function arrowsOut(cluster, findings) {
  const arrows = [];
  for (const workload of cluster.workloads) {
    const addresses = [...addressesOf(cluster, workload), ...toldBySentinels(cluster, workload)];
    for (const address of addresses) {
      const ends = reached(cluster, address);
      if (ends.length === 0) findings.push(`${workload}: nobody is called ${address.host}:${address.port}`);
      ends.forEach(({ to, port }) => arrows.push(arrow(workload.name, to, port)));
    }
    if (addresses.length > 0) {
      arrows.push(arrow(workload.name, "kube-dns", 53, "UDP"), arrow(workload.name, "kube-dns", 53, "TCP"));
    }
  }
  return arrows;
}

function publicArrows(cluster) {
  const to = (who, service, port) =>
    (behindService(cluster, { host: service, port }) ?? []).map((end) => arrow(who, end.to, end.port));
  const portOf = (service, port) =>
    port.number ?? cluster.find("Service", service)?.spec.ports.find(({ name }) => name === port.name)?.port;

  const byIngress = cluster.of("Ingress").flatMap(({ spec }) =>
    spec.rules
      .flatMap(({ http }) => http.paths)
      .flatMap(({ backend: { service } }) =>
        to(INGRESS_CLASSES[spec.ingressClassName], service.name, portOf(service.name, service.port)),
      ),
  );
  const byRoute = cluster.of("HTTPRoute").flatMap(({ spec }) => {
    const gateways = spec.parentRefs.map(({ name }) => cluster.find("Gateway", name));
    const backends = spec.rules.flatMap(({ backendRefs = [] }) => backendRefs);
    return gateways.flatMap((gateway) =>
      backends.flatMap(({ name, port }) => to(GATEWAY_CLASSES[gateway.spec.gatewayClassName], name, port)),
    );
  });
  return [...byIngress, ...byRoute];
}

function scrapes(cluster) {
  return cluster.of("PodMonitor").flatMap(({ spec }) =>
    cluster
      .selectedBy(spec.selector)
      .flatMap((workload) =>
        spec.podMetricsEndpoints.map(({ port }) => arrow("prometheus", workload.name, workload.portNumber(port))),
      ),
  );
}

/** {arrows, findings}: every arrow the configuration asks for, and the addresses in it that lead nowhere. */
export function wantedArrows(cluster) {
  const findings = [];
  const all = [...arrowsOut(cluster, findings), ...publicArrows(cluster), ...scrapes(cluster)];
  return { arrows: [...new Set(all)].sort(), findings };
}
