#!/usr/bin/env node
// Every metric and label that a rule or dashboard names is there when the real programs run; and what they show is
// named as Prometheus' conventions have it.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { DASHBOARDS } from '../../../deploy/observability/model/dashboards.mjs';
import { alertingGroups } from '../../../deploy/observability/model/alerts.mjs';
import { recordingGroups } from '../../../deploy/observability/model/objectives.mjs';
import { RunningCity, until } from './running_city.mjs';

const SERVICES = ['articles', 'metrics', 'gateway'];
// What Prometheus itself adds to every series, and what templates put in.
const OF_THE_SCRAPE = new Set(['job', 'instance']);
const SHOWN_BY_PROMETHEUS = { up: [] };
const WORDS = new Set([
  'sum', 'max', 'min', 'avg', 'count', 'rate', 'increase', 'changes', 'absent', 'histogram_quantile', 'vector',
  'time', 'by', 'on', 'or', 'and', 'unless', 'group_left', 'without', 'ignoring',
]);

// --- what the rules and dashboards ask for

// The metrics of a PromQL expression, each with the labels it selects by, and the labels it groups by.
export function namesIn(expr) {
  const metrics = [];
  const grouped = [...expr.matchAll(/\b(?:by|without|on|ignoring|group_left)\s*\(([^)]*)\)/g)]
    .flatMap((match) => match[1].split(',').map((label) => label.trim()).filter(Boolean));
  const bare = expr
    .replace(/\b(by|without|on|ignoring|group_left)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ');
  for (const [, name, selector] of bare.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{[^}]*\})?/g)) {
    if (WORDS.has(name) && !selector) continue;
    const labels = [...(selector ?? '').matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label, how, value]) => ({ label, how, value }));
    metrics.push({ name, labels });
  }
  return { metrics, grouped };
}

function questions() {
  const asked = [];
  for (const rule of [...recordingGroups(), ...alertingGroups()].flatMap((group) => group.rules)) {
    asked.push({ where: rule.alert ?? `${rule.record}${JSON.stringify(rule.labels)}`, expr: rule.expr });
  }
  for (const [name, board] of Object.entries(DASHBOARDS)) {
    for (const panel of board.panels) {
      for (const target of panel.targets ?? []) {
        asked.push({ where: `dashboard ${name}, "${panel.title}"`, expr: target.expr, legend: target.legendFormat });
      }
    }
    asked.push({ where: `dashboard ${name}, annotation`, expr: board.annotations.list[0].expr });
  }
  return asked;
}

// --- what there is

// metric name -> { type, help, series: [labels] }, a histogram's parts under their own names.
function parse(page) {
  const metrics = new Map();
  const families = new Map();
  for (const line of page.split('\n')) {
    const about = line.match(/^# (HELP|TYPE) (\S+) (.*)$/);
    if (about) {
      families.set(about[2], { ...families.get(about[2]), [about[1].toLowerCase()]: about[3] });
      continue;
    }
    const sample = line.match(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/);
    if (!sample) continue;
    const labels = Object.fromEntries([...(sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((match) => [match[1], match[2]]));
    if (!metrics.has(sample[1])) metrics.set(sample[1], []);
    metrics.get(sample[1]).push(labels);
  }
  return { metrics, families };
}

// --- the checks

function checkAsked({ where, expr, legend }, shown, problems) {
  const { metrics, grouped } = namesIn(expr);
  if (metrics.length === 0 && !/^vector\(/.test(expr)) problems.push(`${where}: no metric was found in ${expr}`);
  const known = new Set(OF_THE_SCRAPE);
  for (const { name, labels } of metrics) {
    const series = shown.get(name) ?? SHOWN_BY_PROMETHEUS[name];
    if (series === undefined) {
      problems.push(`${where}: no program shows ${name}`);
      continue;
    }
    for (const each of series) Object.keys(each).forEach((label) => known.add(label));
    for (const { label, how, value } of labels) {
      if (OF_THE_SCRAPE.has(label)) continue;
      if (!series.some((each) => label in each)) problems.push(`${where}: ${name} has no label ${label}`);
      // A value asked for by name must be one that there is.
      else if (how === '=' && !series.some((each) => each[label] === value)) {
        problems.push(`${where}: no series of ${name} has ${label}="${value}"`);
      }
    }
  }
  const inLegend = [...(legend ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]);
  for (const label of [...grouped, ...inLegend]) {
    if (!known.has(label)) problems.push(`${where}: nothing in ${expr} has a label ${label}`);
  }
}

const UNITS = ['seconds', 'bytes'];

function checkNames(service, { metrics, families }, problems) {
  for (const [name, { help, type }] of families) {
    const says = (what) => problems.push(`${service}: ${name} ${what}`);
    if (!/^(cityinfo|process)_[a-z0-9_]+$/.test(name)) says('has no prefix of ours');
    if (!help) says('has no HELP');
    if (type === 'counter' && !name.endsWith('_total')) says('is a counter and does not end in _total');
    if (type !== 'counter' && name.endsWith('_total')) says('ends in _total and is no counter');
    if (type === 'histogram' && !UNITS.some((unit) => name.endsWith(`_${unit}`))) says('is a histogram without a base unit');
    if (/_(ms|millis|milliseconds|minutes|kb|mb|percent)(_|$)/.test(name)) says('is not in a base unit');
  }
  for (const [name, series] of metrics) {
    if (series.length > 1000) problems.push(`${service}: ${name} has ${series.length} series`);
  }
}

// One request of each kind that makes series appear: those of codes come at first use.
async function useTheCity(city) {
  const page = {
    publication: '测试报', publish_date: { year: 2021, month: 12, day: 20 }, place: '522601', page: 'a1', publish: true,
    text: '凯里市2021年经济运行情况\n\n本报讯 2021年，凯里市实现地区生产总值281.76亿元，比上年增长8.2%。\n',
  };
  const imported = await city.post('/v1/pages:import', page);
  if (imported.status !== 200) throw new Error(`the page is not imported: ${imported.body}`);
  const question = '/v1/observations?indicators=gdp&places=522601';
  await until('the figure to be readable', async () => (await city.get(question)).body.includes('281.76'));
  for (const path of [question, '/v1/home', '/v1/articles', '/v1/articles/none', '/']) await city.get(path);
  await until('the spans to be sent', async () => /cityinfo_trace_spans_exported_total [1-9]/.test(await city.scrape('gateway')));
}

// The check itself must see what is wrong.
function checkTheCheck(shown) {
  const wrong = [
    'rate(cityinfo_rpc_requests[5m])', 'cityinfo_ready{node="x"}', 'sum by (node) (cityinfo_ready)',
    'cityinfo_component_state{state="fine"}', 'sun(cityinfo_ready)', '1',
  ];
  for (const expr of wrong) {
    const found = [];
    checkAsked({ where: 'the check', expr }, shown, found);
    if (found.length === 0) throw new Error(`the check finds nothing wrong with ${expr}`);
  }
}

// That a series is there does not yet say that anybody moves it.
async function checkThatTheyMove(city, problems) {
  const moved = {
    articles: ['cityinfo_articles_change_position', 'cityinfo_articles_watchers', 'cityinfo_worker_pool_tasks_total{outcome="finished"}'],
    metrics: [
      'cityinfo_metrics_freshness_seconds_count', 'cityinfo_metrics_harvest_figures_read_total', 'cityinfo_metrics_harvest_position',
      'cityinfo_metrics_harvest_lease_held', 'cityinfo_metrics_cache_memory_bytes', 'cityinfo_metrics_redis_connected',
      'cityinfo_store_connects_total{pool="writer",result="opened"}', 'cityinfo_tls_certificate_expiry_seconds',
    ],
    gateway: ['cityinfo_ready', 'cityinfo_http_requests_total{code="200",route="/v1/home"}', 'cityinfo_http_connections'],
  };
  for (const [service, names] of Object.entries(moved)) {
    const page = await city.scrape(service);
    for (const name of names) {
      const value = page.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1];
      if (!(Number(value) > 0)) problems.push(`${service}: ${name} is ${value} in a city that is used`);
    }
  }
}

const problems = [];
const city = new RunningCity(process.env.CITYINFO_BIN_DIR ?? 'build/dev/bin');
try {
  await city.start();
  await useTheCity(city);
  await checkThatTheyMove(city, problems);
  const shown = new Map();
  for (const service of SERVICES) {
    const page = await city.scrape(service);
    // promtool knows the conventions too.
    execFileSync('promtool', ['check', 'metrics'], { input: page, stdio: ['pipe', 'inherit', 'inherit'] });
    const parsed = parse(page);
    checkNames(service, parsed, problems);
    for (const [name, series] of parsed.metrics) shown.set(name, [...(shown.get(name) ?? []), ...series]);
  }
  for (const rule of recordingGroups().flatMap((group) => group.rules)) {
    shown.set(rule.record, [...(shown.get(rule.record) ?? []), rule.labels]);
  }
  checkTheCheck(shown);
  const asked = questions();
  for (const question of asked) checkAsked(question, shown, problems);
  console.log(`${asked.length} expressions over ${shown.size} metrics`);
} finally {
  await city.close();
}
for (const problem of [...new Set(problems)]) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
