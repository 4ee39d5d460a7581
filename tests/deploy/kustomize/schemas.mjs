// Whether an object is what the API it names would take: its own JSON schema (types, required fields, enumerations,
// formats), and, because the schemas of Kubernetes let unknown fields pass, no field that its type does not have.
import ts from "typescript";
import path from "node:path";
import { fileURLToPath } from "node:url";

// Packages by API group. A group without a dot is Kubernetes' own, and so is *.k8s.io except where it stands here.
const PACKAGE_BY_GROUP = {
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};
const HERE = path.dirname(fileURLToPath(import.meta.url));

function moduleOf({ apiVersion, kind }) {
  const [version, group] = apiVersion.split("/").reverse();
  return [PACKAGE_BY_GROUP[group] ?? "kubernetes-models", group, version, kind].filter(Boolean).join("/");
}

const nameOf = (object) => `${object.kind} ${object.metadata?.name}`;

async function schemaFindings(object) {
  try {
    const { [object.kind]: Model } = await import(moduleOf(object));
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${nameOf(object)}: ${error.message}`];
  }
}

// A TypeScript literal is checked for fields its type does not have, as deep as it goes.
function typeFindings(objects) {
  const file = path.join(HERE, "rendered.ts");
  const lines = objects.map(
    (object, i) => `import type { I${object.kind} as T${i} } from ${JSON.stringify(moduleOf(object))};` +
      ` export const o${i}: T${i} = ${JSON.stringify(object)};`,
  );
  const options = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? lines.join("\n") : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, lines.join("\n"), options.target) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    if (diagnostic.file?.fileName !== file) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    return `${nameOf(objects[line])}: ${text}`;
  });
}

/** What is wrong with these objects; empty when nothing is. */
export async function findings(objects) {
  const bySchema = await Promise.all(objects.map(schemaFindings));
  return [...bySchema.flat(), ...typeFindings(objects)];
}
