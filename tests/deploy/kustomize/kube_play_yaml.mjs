// Prints the embedded overlay as `podman kube play` of Debian 12's podman (4.3) can take it:
//   node kube_play_yaml.mjs [--again] [IMAGE=REFERENCE...]
// Given images stand in for those of the overlay (by name without tag). `--again` leaves the claims out: podman refuses to
// make a volume that is there. What podman does not know (Services, policies, budgets, Jobs on a schedule) it passes over.
import { render } from "./variants.mjs";

const again = process.argv.includes("--again");
const images = new Map(process.argv.slice(2).filter((word) => word.includes("=")).map((word) => word.split("=")));

// podman gives a Deployment's pod this name, and knows it in DNS; it knows no Services.
const podOf = (name) => `${name}-pod-0`;

function withPodNames(value) {
  return value.replaceAll(/(^|\/)(articles|metrics|redis):(\d+)/g, (all, before, name, port) => `${before}${podOf(name)}:${port}`);
}

function adapt(object) {
  if (object.kind === "ConfigMap") {
    for (const [key, value] of Object.entries(object.data)) {
      if (key.startsWith("CITYINFO_")) object.data[key] = withPodNames(value);
    }
  }
  if (object.kind === "Deployment") {
    for (const container of object.spec.template.spec.containers) {
      container.image = images.get(container.image.replace(/:[^:/]*$/, "")) ?? container.image;
      // podman would run those of HTTP and TCP inside the container, with the curl and nc that no image has.
      ["startupProbe", "readinessProbe", "livenessProbe"].forEach((probe) => delete container[probe]);
    }
  }
  return object;
}

const objects = render("embedded").filter(({ kind }) => !(again && kind === "PersistentVolumeClaim"));
process.stdout.write(objects.map((object) => JSON.stringify(adapt(object))).join("\n---\n") + "\n");
