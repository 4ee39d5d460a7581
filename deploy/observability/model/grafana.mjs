// The little of Grafana's dashboard format that ours need: rows of panels over Prometheus, laid out by themselves.

const WIDTH = 24;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

// One line of a panel: a query and how its series are called.
export const query = (expr, legend = '') => ({ expr, legend });

const panel = (type, title, unit, queries, extra = {}) => ({ type, title, unit, queries, width: 8, height: 8, ...extra });

// Lines over time.
export const graph = (title, unit, queries, extra) => panel('timeseries', title, unit, queries, extra);
// The present value, coloured by steps [[from, colour]…].
export const stat = (title, unit, expr, steps, extra) =>
  panel('stat', title, unit, [query(expr)], { width: 4, height: 4, steps, ...extra });
// The present series as rows.
export const table = (title, expr, extra) => panel('table', title, 'none', [query(expr)], extra);
// The spread of a histogram over time.
export const heatmap = (title, unit, expr, extra) => panel('heatmap', title, unit, [query(expr, '{{le}}')], extra);

export const row = (title, panels) => ({ title, panels });

// `help` shows behind the (i) of each panel where it is given.
export function dashboard({ uid, title, description, rows }) {
  return {
    uid,
    title,
    description,
    tags: ['cityinfo'],
    schemaVersion: 38,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    links: [{ type: 'dashboards', title: 'cityinfo', tags: ['cityinfo'], asDropdown: true, includeVars: true, keepTime: true }],
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
        {
          name: 'job',
          label: 'Job',
          type: 'query',
          datasource: DATASOURCE,
          query: { query: 'label_values(cityinfo_build_info, job)', refId: 'job' },
          refresh: 2,
          includeAll: true,
          multi: true,
          allValue: '.*',
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    annotations: {
      list: [
        {
          name: 'starts',
          datasource: DATASOURCE,
          enable: true,
          iconColor: 'blue',
          expr: 'changes(process_start_time_seconds{job=~"$job"}[1m]) > 0',
          titleFormat: 'start of {{job}}',
        },
      ],
    },
    panels: layOut(rows),
  };
}

function layOut(rows) {
  const laid = [];
  let y = 0;
  let id = 1;
  for (const { title, panels } of rows) {
    laid.push({ id: id++, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: WIDTH, h: 1 }, panels: [] });
    y += 1;
    let x = 0;
    let lowest = 0;
    for (const each of panels) {
      if (x + each.width > WIDTH) {
        x = 0;
        y += lowest;
        lowest = 0;
      }
      laid.push(toGrafana(each, id++, { x, y, w: each.width, h: each.height }));
      x += each.width;
      lowest = Math.max(lowest, each.height);
    }
    y += lowest;
  }
  return laid;
}

function toGrafana({ type, title, unit, queries, steps, help, max }, id, gridPos) {
  const instant = type === 'stat' || type === 'table';
  return {
    id,
    type,
    title,
    ...(help && { description: help }),
    datasource: DATASOURCE,
    gridPos,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      ...(legend && { legendFormat: legend }),
      ...(instant && { instant: true }),
      ...(type === 'table' && { format: 'table' }),
      ...(type === 'heatmap' && { format: 'heatmap' }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(type === 'timeseries' && { min: 0, ...(max !== undefined && { max }) }),
        ...(steps && { color: { mode: 'thresholds' }, thresholds: thresholds(steps) }),
      },
      overrides: [],
    },
    options: OPTIONS[type],
  };
}

const thresholds = (steps) => ({ mode: 'absolute', steps: steps.map(([value, color]) => ({ value, color })) });

const OPTIONS = {
  timeseries: { legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] }, tooltip: { mode: 'multi', sort: 'desc' } },
  stat: { colorMode: 'background', graphMode: 'none', reduceOptions: { calcs: ['lastNotNull'] } },
  table: { showHeader: true },
  heatmap: { calculate: false, yAxis: { unit: 's' } },
};
