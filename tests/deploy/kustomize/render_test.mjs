// Every overlay and every composition of components renders, and renders the same with every kustomize there is.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { parse as parseYaml } from "yaml";
import { ROOT, knowsComponents, kubectlKustomizeVersion, parse, renderKubectl, renderPinned } from "./kustomize.mjs";
import { COMPOSED, OVERLAYS, withFolder } from "./variants.mjs";

const kubectl = kubectlKustomizeVersion();

for (const variant of [...OVERLAYS, ...COMPOSED]) {
  test(`renders: ${variant.name}`, () => {
    withFolder(variant, (folder) => {
      const text = renderPinned(folder);
      assert.ok(parse(text).length > 10);
      if (knowsComponents(kubectl)) assert.equal(renderKubectl(folder), text);
    });
  });
}

test("which kustomize rendered is known", (context) => {
  context.diagnostic(
    knowsComponents(kubectl)
      ? `the pinned one, and kubectl's ${kubectl.major}.${kubectl.minor} gave the same`
      : "the pinned one alone: there is no kubectl that knows components",
  );
  assert.ok(knowsComponents({ major: 5, minor: 0 }) && !knowsComponents({ major: 2, minor: 0 }) && !knowsComponents(null));
});

test("every overlay is rendered, and every component in an overlay or a composition", () => {
  const components = new Set();
  for (const { overlay } of OVERLAYS) {
    const { components: used } = parseYaml(readFileSync(path.join(ROOT, overlay, "kustomization.yaml"), "utf8"));
    used.forEach((folder) => components.add(path.basename(folder)));
  }
  COMPOSED.forEach((variant) => variant.components.forEach((name) => components.add(name)));
  assert.deepEqual([...components].sort(), readdirSync(path.join(ROOT, "components")).sort());
  assert.deepEqual(OVERLAYS.map(({ overlay }) => path.basename(overlay)).sort(), readdirSync(path.join(ROOT, "overlays")).sort());
});

test("every file under deploy/kustomize is used by the kustomization beside it", () => {
  for (const name of readdirSync(ROOT, { recursive: true })) {
    if (statSync(path.join(ROOT, name)).isDirectory() || path.basename(name) === "kustomization.yaml") continue;
    const kustomization = readFileSync(path.join(ROOT, path.dirname(name), "kustomization.yaml"), "utf8");
    assert.match(kustomization, new RegExp(`- (path: )?${path.basename(name).replaceAll(".", "\\.")}$`, "m"), name);
  }
});

test("no kustomization uses a field that kustomize 5 has given up", () => {
  const fields = ["bases", "commonLabels", "patchesStrategicMerge", "patchesJson6902", "vars", "imageTags"];
  for (const name of readdirSync(ROOT, { recursive: true })) {
    if (path.basename(name) !== "kustomization.yaml") continue;
    const used = Object.keys(parseYaml(readFileSync(path.join(ROOT, name), "utf8")));
    assert.deepEqual(used.filter((field) => fields.includes(field)), [], name);
  }
});
