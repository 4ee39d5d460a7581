// What the NetworkPolicies let through, tried out for everyone against everyone: the pods of the city, its neighbours, and
// strangers that look as much like them as they can.
import { arrow, wantedArrows } from "./arrows.mjs";
import { selects } from "./cluster.mjs";
import { EXTERNAL_HOSTS, NAMESPACE, NEIGHBOURS } from "./neighbours.mjs";

const PROTOCOLS = ["TCP", "UDP", "SCTP"];
const PORTS_OF_OTHERS = [22, 53, 80, 443, 2379, 4317, 4318, 5432, 6443, 9090, 10250];

function pod(name, namespace, labels, workload = null) {
  return { name, namespace, labels, workload };
}

// Everyone there is or might be. An end with `address` is outside the cluster.
function everyone(cluster) {
  const own = cluster.workloads.map((workload) => pod(workload.name, NAMESPACE, workload.labels, workload));
  const neighbours = Object.entries(NEIGHBOURS).map(([name, { namespace, labels }]) => pod(name, namespace, labels));
  const strangers = [
    pod("a stranger in the city's namespace", NAMESPACE, { "app.kubernetes.io/part-of": "cityinfo" }),
    pod("a pod without labels in the city's namespace", NAMESPACE, {}),
    ...own.map(({ name, labels, workload }) => pod(`${name} of another namespace`, "default", labels, workload)),
    ...neighbours.map(({ name, namespace }) => pod(`a stranger beside ${name}`, namespace, {})),
    ...neighbours.map(({ name, labels }) => pod(`one that looks like ${name}`, "default", labels)),
  ];
  const addresses = [...Object.values(EXTERNAL_HOSTS), "192.0.2.12", "198.51.100.7", "10.0.0.1", "169.254.169.254"];
  return [...own, ...neighbours, ...strangers, ...addresses.map((address) => ({ name: address, address }))];
}

const number = (address) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

function inBlock(address, { cidr, except = [] }) {
  const [base, bits] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const within = Math.floor(number(address) / size) === Math.floor(number(base) / size);
  return within && !except.some((block) => inBlock(address, { cidr: block }));
}

// A peer of a rule: which ends it means.
function means(peer, end) {
  if (peer.ipBlock) return end.address !== undefined && inBlock(end.address, peer.ipBlock);
  if (end.address !== undefined) return false;
  const namespaceFits = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { "kubernetes.io/metadata.name": end.namespace })
    : end.namespace === NAMESPACE;
  return namespaceFits && selects(peer.podSelector ?? {}, end.labels);
}

function portFits({ port, endPort, protocol = "TCP" }, to, wanted) {
  if (protocol !== wanted.protocol) return false;
  if (port === undefined) return true;
  const first = typeof port === "string" ? to.workload?.portNumber(port, protocol) : port;
  return first !== undefined && wanted.port >= first && wanted.port <= (endPort ?? first);
}

function ruleAllows(peers, ports, other, to, wanted) {
  return (
    (!peers || peers.length === 0 || peers.some((peer) => means(peer, other))) &&
    (!ports || ports.length === 0 || ports.some((port) => portFits(port, to, wanted)))
  );
}

// Whether the policies of one end, which is in the city, let it speak (Egress) or be spoken to (Ingress).
function sideAllows(policies, type, end, other, to, wanted) {
  const applying = policies.filter(
    ({ spec }) => selects(spec.podSelector, end.labels) && (spec.policyTypes ?? ["Ingress"]).includes(type),
  );
  if (applying.length === 0) return true;
  return applying.some(({ spec }) =>
    type === "Egress"
      ? (spec.egress ?? []).some((rule) => ruleAllows(rule.to, rule.ports, other, to, wanted))
      : (spec.ingress ?? []).some((rule) => ruleAllows(rule.from, rule.ports, other, to, wanted)),
  );
}

function portsToTry(cluster) {
  const inPolicies = cluster.of("NetworkPolicy").flatMap(({ spec }) =>
    [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(({ ports = [] }) =>
      ports.flatMap(({ port, endPort }) => [port, endPort]).filter((port) => typeof port === "number"),
    ),
  );
  const opened = cluster.workloads.flatMap((workload) => workload.ports().map(({ containerPort }) => containerPort));
  return [...new Set([...PORTS_OF_OTHERS, ...inPolicies, ...opened])];
}

// Every arrow that begins or ends in the city: {name, sides}, where `sides` tells for each end that is in the city whether
// its policies let the arrow through.
function* triedArrows(cluster) {
  const policies = cluster.of("NetworkPolicy");
  const ends = everyone(cluster);
  const ports = portsToTry(cluster);
  for (const from of ends) {
    for (const to of ends) {
      const ours = [from, to].map(({ namespace }) => namespace === NAMESPACE);
      if (!ours.includes(true)) continue;
      for (const protocol of PROTOCOLS) {
        for (const port of ports) {
          const wanted = { port, protocol };
          const sides = [];
          if (ours[0]) sides.push(sideAllows(policies, "Egress", from, to, to, wanted));
          if (ours[1]) sides.push(sideAllows(policies, "Ingress", to, from, to, wanted));
          yield { name: arrow(from.name, to.name, port, protocol), sides };
        }
      }
    }
  }
}

/**
 * Addresses that lead nowhere, arrows that the policies stop, and arrows that nobody asked for: even one that only one of
 * its ends lets through, because the other may change.
 */
export function networkFindings(cluster) {
  const { arrows, findings } = wantedArrows(cluster);
  const unseen = new Set(arrows);
  const surplus = new Set();
  for (const { name, sides } of triedArrows(cluster)) {
    if (!arrows.includes(name)) {
      if (sides.includes(true)) surplus.add(name);
    } else if (!sides.includes(false)) {
      unseen.delete(name);
    }
  }
  return [
    ...findings,
    ...[...unseen].map((one) => `stopped, though the configuration needs it: ${one}`),
    ...[...surplus].map((one) => `let through, though nothing needs it: ${one}`),
  ];
}
