// What the city is promised, as shares of events that go well within thirty days, and the rules that watch over it:
// error ratios over several windows, and alerts on the rate at which the error budget is burnt (multi-window,
// multi-burn-rate, as the SRE Workbook's chapter 5 has it).

// Probes and files of the web app are no use of the city.
const API = 'route!~"/healthz|/readyz|web"';
// Reads and small writes; importing and reading a whole page may take longer.
const QUICK = 'route!~"/healthz|/readyz|web|/v1/pages:.*|/v1/figures:extract"';

export const OBJECTIVES = [
  {
    slo: 'availability',
    alert: 'CityinfoAvailabilityBudgetBurn',
    objective: 0.999,
    promise: '99.9 % of the API requests that reach the gateway are not answered 5xx',
    bad: (call, window) => `sum(${call}(cityinfo_http_requests_total{${API},code=~"5.."}[${window}]))`,
    all: (call, window) => `sum(${call}(cityinfo_http_requests_total{${API}}[${window}]))`,
    // Fewer bad events than this wake nobody, whatever share they are.
    floor: 10,
  },
  {
    slo: 'latency',
    alert: 'CityinfoLatencyBudgetBurn',
    objective: 0.99,
    promise: '99 % of the API requests are answered within 250 ms (imports and extraction apart)',
    bad: (call, window) =>
      `(sum(${call}(cityinfo_http_duration_seconds_count{${QUICK}}[${window}]))` +
      ` - sum(${call}(cityinfo_http_duration_seconds_bucket{${QUICK},le="0.25"}[${window}])))`,
    all: (call, window) => `sum(${call}(cityinfo_http_duration_seconds_count{${QUICK}}[${window}]))`,
    floor: 10,
  },
  {
    slo: 'freshness',
    alert: 'CityinfoFreshnessBudgetBurn',
    objective: 0.99,
    promise: '99 % of the articles published or corrected have their figures readable within 10 s',
    bad: (call, window) =>
      `(sum(${call}(cityinfo_metrics_freshness_seconds_count[${window}]))` +
      ` - sum(${call}(cityinfo_metrics_freshness_seconds_bucket{le="10"}[${window}])))`,
    all: (call, window) => `sum(${call}(cityinfo_metrics_freshness_seconds_count[${window}]))`,
    // A page has a dozen articles, so two of them are a pattern.
    floor: 2,
  },
];

// How fast the budget of thirty days may be burnt before somebody hears of it. The short window ends the alert soon
// after the trouble has ended.
export const BURNS = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'page', lasts: '2m' },
  { long: '6h', short: '30m', factor: 6, severity: 'page', lasts: '5m' },
  { long: '1d', short: '2h', factor: 3, severity: 'ticket', lasts: '15m' },
  { long: '3d', short: '6h', factor: 1, severity: 'ticket', lasts: '30m' },
];

const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '30d'];

export const errorRatio = (window) => `cityinfo:slo_error_ratio:rate${window}`;

export function recordingGroups() {
  const ratio = (objective, window) => ({
    record: errorRatio(window),
    labels: { slo: objective.slo },
    // Without a bad event there may be no series of any; without traffic there is no ratio.
    expr: `(${objective.bad('rate', window)} or vector(0))\n/\n(${objective.all('rate', window)} > 0)`,
  });
  return OBJECTIVES.map((objective) => ({
    name: `cityinfo-slo-${objective.slo}`,
    interval: '30s',
    rules: [
      { record: 'cityinfo:slo_objective:ratio', labels: { slo: objective.slo }, expr: `vector(${objective.objective})` },
      ...WINDOWS.map((window) => ratio(objective, window)),
      {
        record: 'cityinfo:slo_error_budget_remaining:ratio30d',
        labels: { slo: objective.slo },
        expr: `1 - ${errorRatio('30d')}{slo="${objective.slo}"} / ${share(1 - objective.objective)}`,
      },
    ],
  }));
}

export function burnAlerts() {
  return OBJECTIVES.flatMap((objective) =>
    BURNS.map((burn) => ({
      alert: objective.alert,
      for: burn.lasts,
      severity: burn.severity,
      labels: { slo: objective.slo, window: burn.long },
      expr: [
        `${errorRatio(burn.long)}{slo="${objective.slo}"} > ${share(burn.factor * (1 - objective.objective))}`,
        `and ${errorRatio(burn.short)}{slo="${objective.slo}"} > ${share(burn.factor * (1 - objective.objective))}`,
        `and on() (${objective.bad('increase', burn.long)} >= ${objective.floor})`,
      ].join('\n'),
      summary: `The error budget of ${objective.slo} is burnt ${burn.factor} times as fast as it may be`,
      description: `Promised: ${objective.promise}. Over the last ${burn.long} {{ $value | humanizePercentage }} went wrong.`,
    })),
  );
}

// A share without the dust of binary fractions.
function share(value) {
  return String(Number(value.toPrecision(6)));
}
