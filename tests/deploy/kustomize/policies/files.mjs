// Settings that name files and folders, against what is mounted there.

const names = (suffix) => (name) => name.startsWith("CITYINFO_") && name.endsWith(suffix);
const TLS = { CITYINFO_TLS_CERT: "tls.crt", CITYINFO_TLS_KEY: "tls.key", CITYINFO_TLS_CA: "ca.crt" };
const SERVICES = ["articles", "metrics", "gateway"];

function* settings(cluster) {
  for (const workload of cluster.workloads) {
    for (const container of workload.containers) {
      for (const [name, value] of cluster.environment(container)) yield { workload, container, name, value };
    }
  }
}

/** Passwords, keys and certificates are files of a Secret, mounted whole so that a change reaches the pod. */
export function secretFilesAreMounted(cluster) {
  const findings = [];
  for (const { workload, container, name, value } of settings(cluster)) {
    const isFile = names("_PASSWORD_FILE")(name) || name === "PASSWORD_FILE" || name === "CITYINFO_GATEWAY_KEYS" || name in TLS;
    const inUri = /[?&]sslrootcert=([^&]+)/.exec(value ?? "");
    const path = isFile ? value : inUri?.[1];
    if (path === undefined) continue;
    const found = cluster.mounted(workload, container, path);
    if (!found?.volume?.secret) findings.push(`${workload}: ${name}=${path} lies in no Secret`);
    else if (!cluster.filesOf(found.volume).includes(found.file)) findings.push(`${workload}: ${name}=${path} is not in the Secret`);
    else if (found.mount.subPath) findings.push(`${workload}: ${name}=${path} would never change`);
    else if (found.volume.secret.defaultMode & 0o007) findings.push(`${workload}: ${name}=${path} can be read by all`);
  }
  return findings;
}

/** Stores and backups lie on volumes that last, everything else that is written in bounded scratch space. */
export function storesAreOnVolumes(cluster) {
  const findings = [];
  const lasts = (workload, container, path, what) => {
    const found = cluster.mounted(workload, container, path);
    if (!found?.volume?.persistentVolumeClaim || found.mount.readOnly) findings.push(`${workload}: ${what} ${path} does not last`);
  };
  for (const { workload, container, name, value } of settings(cluster)) {
    const sqlite = /^sqlite:(.+)$/.exec(value ?? "");
    if (names("_STORE")(name) && sqlite) lasts(workload, container, sqlite[1], "the store");
    if (name === "BACKUPS") lasts(workload, container, value, "the backup");
    // It is built again when it is lost, so it need not last; but the root folder is read-only.
    if (names("_SEARCH_INDEX")(name)) {
      const { volume, mount } = cluster.mounted(workload, container, value) ?? {};
      const writable = (volume?.emptyDir || volume?.persistentVolumeClaim) && !mount.readOnly;
      if (!writable) findings.push(`${workload}: the search index ${value} cannot be written`);
    }
  }
  for (const workload of cluster.workloads) {
    for (const container of workload.containers) {
      for (const word of cluster.commandLine(container)) {
        const backup = /^--backup-to=(.+)$/.exec(word);
        if (backup) lasts(workload, container, backup[1], "the backup");
      }
    }
  }
  return findings;
}

/** Either all three services speak TLS or none; a server's certificate has the name its clients call it by. */
export function tlsIsMutual(cluster) {
  const findings = [];
  const speaking = new Set();
  const called = [];
  for (const { workload, container, name, value } of settings(cluster)) {
    const target = /^dns:\/\/\/([^:]+):/.exec(value ?? "");
    if (target) called.push(target[1]);
    if (!(name in TLS)) continue;
    speaking.add(workload.name);
    const found = cluster.mounted(workload, container, value);
    if (found?.file !== TLS[name]) findings.push(`${workload}: ${name} is ${found?.file}, not ${TLS[name]}`);
    const certificate = cluster.of("Certificate").find(({ spec }) => spec.secretName === found?.volume?.secret?.secretName);
    if (certificate?.metadata.name !== workload.name) findings.push(`${workload} has no certificate of its own`);
  }
  if (speaking.size > 0) {
    SERVICES.filter((name) => !speaking.has(name)).forEach((name) => findings.push(`${name} alone speaks plain text`));
    for (const host of called) {
      const { dnsNames = [], usages = [] } = cluster.find("Certificate", host)?.spec ?? {};
      if (!dnsNames.includes(host)) findings.push(`${host} is called by a name its certificate does not have`);
      if (!usages.includes("server auth")) findings.push(`the certificate of ${host} is not for servers`);
    }
    for (const name of speaking) {
      const { usages = [] } = cluster.find("Certificate", name)?.spec ?? {};
      if (!usages.includes("client auth")) findings.push(`the certificate of ${name} is not for clients`);
    }
  }
  return findings;
}
