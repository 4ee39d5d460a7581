#!/usr/bin/env node
// Runs every case of alert_cases.mjs through `promtool test rules` over the committed rules, and fails when an alert
// has no case.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALERT_GROUPS, alertingGroups } from '../../../deploy/observability/model/alerts.mjs';
import { recordingGroups } from '../../../deploy/observability/model/objectives.mjs';
import { CASES } from './alert_cases.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const RULES = resolve(HERE, '../../../deploy/observability/rules');

const seriesOf = (series) => Object.entries(series).map(([name, values]) => ({ series: name, values }));
const runbookOf = (name) =>
  alertingGroups().flatMap((group) => group.rules).find((rule) => rule.alert === name).annotations.runbook_url;

// The alert is looked at through ALERTS when only some of its series matter, for others may fire rightly.
function firing(each) {
  const { alert, at, labels, only } = each;
  const test = { name: `${alert} fires`, interval: each.interval ?? '1m', input_series: seriesOf(each.series) };
  if (only) {
    const chosen = Object.entries(only).map(([key, value]) => `${key}="${value}"`).join(',');
    const shown = Object.entries({ __name__: 'ALERTS', alertname: alert, alertstate: 'firing', ...labels });
    test.promql_expr_test = [{
      expr: `ALERTS{alertname="${alert}",alertstate="firing",${chosen}}`,
      eval_time: at,
      exp_samples: [{ labels: `{${shown.map(([key, value]) => `${key}="${value}"`).join(',')}}`, value: 1 }],
    }];
  } else {
    test.alert_rule_test = [{
      alertname: alert,
      eval_time: at,
      exp_alerts: [{
        exp_labels: labels,
        exp_annotations: { summary: each.summary, description: each.description, runbook_url: runbookOf(alert) },
      }],
    }];
  }
  return test;
}

function silent({ alert, at, only, interval, silent: series }) {
  const chosen = Object.entries(only ?? {}).map(([key, value]) => `,${key}="${value}"`).join('');
  return {
    name: `${alert} stays silent`,
    interval: interval ?? '1m',
    input_series: seriesOf(series),
    promql_expr_test: [{ expr: `ALERTS{alertname="${alert}",alertstate="firing"${chosen}}`, eval_time: at, exp_samples: [] }],
  };
}

const tested = new Set(CASES.map((each) => each.alert));
const untested = ALERT_GROUPS.flatMap((group) => group.alerts).filter((each) => !tested.has(each.alert));
for (const { alert } of untested) console.error(`${alert} has no case in alert_cases.mjs`);

const folder = mkdtempSync(join(tmpdir(), 'cityinfo-alerts-'));
try {
  const intervals = [...new Set(CASES.map((each) => each.interval ?? '1m'))];
  const files = intervals.map((interval) => {
    const file = join(folder, `every-${interval}.json`); // JSON is YAML
    writeFileSync(file, JSON.stringify({
      rule_files: [join(RULES, 'objectives.yml'), join(RULES, 'alerts.yml')],
      evaluation_interval: interval,
      // Alerts look at what was recorded in the same step.
      group_eval_order: [...recordingGroups(), ...ALERT_GROUPS].map((group) => group.name),
      tests: CASES.filter((each) => (each.interval ?? '1m') === interval).flatMap((each) => [firing(each), silent(each)]),
    }));
    return file;
  });
  const run = spawnSync('promtool', ['test', 'rules', ...files], { encoding: 'utf8' });
  if (run.error) console.error(`promtool cannot be run (Debian package prometheus): ${run.error.message}`);
  process.stdout.write(run.stdout ?? '');
  process.stderr.write(run.stderr ?? '');
  process.exitCode = run.status === 0 && untested.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
