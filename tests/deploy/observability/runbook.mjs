#!/usr/bin/env node
// Every alert has a section in docs/runbook.md that its link leads to, with what it means, how to see it and what to
// do; and every section of an alert belongs to one.

import { readFileSync } from 'node:fs';
import { ALERT_GROUPS, alertingGroups, anchor } from '../../../deploy/observability/model/alerts.mjs';

const RUNBOOK = new URL('../../../docs/runbook.md', import.meta.url);
const PARTS = ['**Means.**', '**See.**', '**Do.**'];

const sections = new Map();
let heading;
for (const line of readFileSync(RUNBOOK, 'utf8').split('\n')) {
  const found = line.match(/^#+ (.*)$/);
  if (found) sections.set((heading = found[1]), '');
  else if (heading) sections.set(heading, `${sections.get(heading)}${line}\n`);
}

const problems = [];
const alerts = new Set(ALERT_GROUPS.flatMap((group) => group.alerts).map((each) => each.alert));
for (const alert of alerts) {
  const text = sections.get(alert);
  if (text === undefined) problems.push(`docs/runbook.md has no section ${alert}`);
  else for (const part of PARTS) if (!text.includes(part)) problems.push(`${alert} in docs/runbook.md lacks ${part}`);
}
for (const name of sections.keys()) {
  if (name.startsWith('Cityinfo') && !alerts.has(name)) problems.push(`${name} in docs/runbook.md is no alert`);
}
for (const rule of alertingGroups().flatMap((group) => group.rules)) {
  if (!rule.annotations.runbook_url.endsWith(`/runbook.md#${anchor(rule.alert)}`)) {
    problems.push(`${rule.alert}: ${rule.annotations.runbook_url} does not lead to its section`);
  }
}
// Links inside the runbook.
const anchors = new Set([...sections.keys()].map((name) => name.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-')));
for (const [, target] of readFileSync(RUNBOOK, 'utf8').matchAll(/\]\(#([^)]*)\)/g)) {
  if (!anchors.has(target)) problems.push(`docs/runbook.md links to #${target}, which is not there`);
}

for (const problem of problems) console.error(problem);
if (alerts.size === 0) console.error('no alerts were found');
process.exitCode = problems.length === 0 && alerts.size > 0 ? 0 : 1;
