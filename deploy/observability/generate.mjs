#!/usr/bin/env node
// Writes rules/ and dashboards/ from what model/ describes.
//   generate.mjs            write the files
//   generate.mjs --check    say which differ from the description, and fail

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertingGroups } from './model/alerts.mjs';
import { DASHBOARDS } from './model/dashboards.mjs';
import { recordingGroups } from './model/objectives.mjs';
import { toYaml } from './model/yaml.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const NOTE = '# Written by generate.mjs from model/; change it there.\n';

const files = {
  'rules/objectives.yml': NOTE + toYaml({ groups: recordingGroups() }),
  'rules/alerts.yml': NOTE + toYaml({ groups: alertingGroups() }),
};
// The same rules for clusters, as prometheus-operator takes them.
files['../kustomize/components/monitoring/rules.yaml'] =
  '# Written by deploy/observability/generate.mjs from its model/; change it there.\n' +
  toYaml({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'cityinfo', labels: { 'app.kubernetes.io/part-of': 'cityinfo' } },
    spec: { groups: [...recordingGroups(), ...alertingGroups()] },
  });
for (const [name, content] of Object.entries(DASHBOARDS)) {
  files[`dashboards/${name}.json`] = `${JSON.stringify(content, null, 2)}\n`;
}

function check() {
  const wrong = Object.keys(files).filter((file) => read(file) !== files[file]);
  const strangers = ['rules', 'dashboards']
    .flatMap((folder) => readdirSync(join(HERE, folder)).map((file) => `${folder}/${file}`))
    .filter((file) => !(file in files));
  for (const file of wrong) console.error(`deploy/observability/${file} is out of date: run deploy/observability/generate.mjs`);
  for (const file of strangers) console.error(`deploy/observability/${file} is written by nobody: remove it`);
  return wrong.length + strangers.length === 0;
}

function read(file) {
  try {
    return readFileSync(join(HERE, file), 'utf8');
  } catch {
    return null;
  }
}

const args = process.argv.slice(2);
if (args.length === 1 && args[0] === '--check') {
  process.exitCode = check() ? 0 : 1;
} else if (args.length === 0) {
  for (const [file, content] of Object.entries(files)) writeFileSync(join(HERE, file), content);
} else {
  console.error('usage: generate.mjs [--check]');
  process.exitCode = 2;
}
