// What is rendered and checked: the overlays as they are, and components in other company than there.
import path from "node:path";
import { ROOT, parse, renderPinned, withKustomization } from "./kustomize.mjs";

const VARIANTS = [
  { name: "embedded", overlay: "overlays/embedded" },
  { name: "production", overlay: "overlays/production" },
  {
    name: "embedded, watched, locked and behind a Gateway",
    resources: ["base"],
    components: ["sqlite", "redis", "backup-sqlite", "cert-manager", "gateway-api", "monitoring", "otlp"],
  },
  {
    name: "production of the smallest kind",
    resources: ["base"],
    components: ["postgresql", "migration", "redis", "autoscaling", "gateway-api"],
  },
  {
    name: "production without a standby or a certificate authority",
    resources: ["base"],
    components: ["postgresql", "migration", "backup-postgresql", "redis-sentinel", "autoscaling", "ingress", "otlp"],
  },
  { name: "nothing but the stores", resources: ["base"], components: ["sqlite"] },
];

export const OVERLAYS = VARIANTS.filter((variant) => variant.overlay);
export const COMPOSED = VARIANTS.filter((variant) => !variant.overlay);

/** Calls `use` with the folder that renders the variant. */
export function withFolder(variant, use) {
  if (variant.overlay) return use(path.join(ROOT, variant.overlay));
  const components = variant.components.map((name) => `components/${name}`);
  return withKustomization({ resources: variant.resources, components }, use);
}

/** The objects of one variant. */
export function render(name) {
  return parse(withFolder(VARIANTS.find((variant) => variant.name === name), renderPinned));
}

/** [{name, objects}] of every variant. */
export function renderAll() {
  return VARIANTS.map(({ name }) => ({ name, objects: render(name) }));
}
