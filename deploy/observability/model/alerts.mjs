// The causes that somebody should hear of, each with its section in docs/runbook.md. "page" wakes somebody, "ticket"
// waits for the morning. What users feel is watched by the objectives (objectives.mjs).

import { burnAlerts } from './objectives.mjs';

// Where the runbook is published; the anchor of each section is the alert's name in lower case.
const RUNBOOK = process.env.CITYINFO_RUNBOOK_URL ?? 'https://runbooks.example.org/cityinfo/runbook.md';

// However the scrape names its jobs ("cityinfo-articles", "cityinfo/articles").
const OURS = 'job=~".*cityinfo.*"';
const SERVICES = ['articles', 'metrics', 'gateway'];

const PROCESS = [
  {
    alert: 'CityinfoInstanceDown',
    expr: `up{${OURS}} == 0`,
    for: '2m',
    severity: 'page',
    summary: '{{ $labels.job }} on {{ $labels.instance }} does not answer',
    description: 'Its admin port has not answered a scrape for two minutes.',
  },
  ...SERVICES.map((service) => ({
    alert: 'CityinfoServiceMissing',
    labels: { service },
    expr: `absent(cityinfo_build_info{service="${service}"})`,
    for: '5m',
    severity: 'page',
    summary: `No instance of ${service} is known`,
    description: 'Nothing of this service has been scraped for five minutes: it is gone, or nobody looks for it.',
  })),
  {
    alert: 'CityinfoNotReady',
    expr: 'cityinfo_ready == 0',
    for: '5m',
    severity: 'page',
    summary: '{{ $labels.job }} on {{ $labels.instance }} is not ready',
    description: 'It runs, but something it cannot do without is down; /readyz of its admin port names it.',
  },
  {
    alert: 'CityinfoComponentDegraded',
    expr: 'cityinfo_component_state{state!="ok",component!~"redis|harvest"} == 1',
    for: '10m',
    severity: 'ticket',
    summary: '{{ $labels.component }} of {{ $labels.instance }} is {{ $labels.state }}',
    description: '/readyz of the admin port says why.',
  },
  {
    alert: 'CityinfoRestarting',
    expr: `changes(process_start_time_seconds{${OURS}}[15m]) > 2`,
    severity: 'ticket',
    summary: '{{ $labels.job }} on {{ $labels.instance }} ends again and again',
    description: 'It was started {{ $value }} times within a quarter of an hour.',
  },
  {
    alert: 'CityinfoFewDescriptors',
    expr: `process_open_fds{${OURS}} / process_max_fds{${OURS}} > 0.8`,
    for: '5m',
    severity: 'ticket',
    summary: '{{ $labels.job }} on {{ $labels.instance }} is running out of file descriptors',
    description: '{{ $value | humanizePercentage }} of those it may open are open.',
  },
  {
    alert: 'CityinfoVersionSkew',
    expr: 'count(count by (commit) (cityinfo_build_info)) > 1',
    for: '2h',
    severity: 'ticket',
    summary: '{{ $value }} versions of the platform run side by side',
    description: 'An upgrade was begun and not ended. Old and new work together, but only for the time of an upgrade.',
  },
];

const CERTIFICATES = [
  {
    alert: 'CityinfoCertificateExpiring',
    expr: 'cityinfo_tls_certificate_expiry_seconds - time() < 7 * 86400',
    for: '1h',
    severity: 'ticket',
    summary: 'The certificate of {{ $labels.instance }} expires in {{ $value | humanizeDuration }}',
    description: 'Once it has expired, its peers refuse to talk to it.',
  },
  {
    alert: 'CityinfoCertificateRefused',
    expr: 'increase(cityinfo_tls_reloads_total{result="refused"}[15m]) > 0',
    severity: 'ticket',
    summary: '{{ $labels.instance }} was given certificates it cannot use',
    description: 'It keeps those it had; the log says what is wrong with the new ones.',
  },
];

const STORE = [
  {
    alert: 'CityinfoStoreUnreachable',
    expr: 'sum by (job, instance, pool) (rate(cityinfo_store_connects_total{result="failed"}[5m])) > 0',
    for: '2m',
    severity: 'page',
    summary: '{{ $labels.instance }} cannot connect to its store ({{ $labels.pool }})',
    description: 'Requests that need the store fail with UNAVAILABLE until it can.',
  },
  {
    alert: 'CityinfoStoreBusy',
    expr: 'sum by (job, instance, pool) (rate(cityinfo_store_wait_timeouts_total[5m])) > 0',
    for: '5m',
    severity: 'page',
    summary: 'Calls of {{ $labels.instance }} wait in vain for a connection to the store ({{ $labels.pool }})',
    description: 'All connections are in use for longer than anyone waits.',
  },
];

const REQUESTS = [
  {
    alert: 'CityinfoInternalErrors',
    expr: 'sum by (job, method, code) (rate(cityinfo_rpc_requests_total{code=~"INTERNAL|UNKNOWN|DATA_LOSS"}[10m])) > 0',
    for: '10m',
    severity: 'ticket',
    summary: '{{ $labels.method }} fails with {{ $labels.code }}',
    description: 'A mistake of ours, or damaged data; the log has a line at level error for each, with its trace id.',
  },
  {
    alert: 'CityinfoErrorLogs',
    expr: 'sum by (job) (rate(cityinfo_log_lines_total{level="error"}[10m])) > 0.1',
    for: '15m',
    severity: 'ticket',
    summary: '{{ $labels.job }} logs errors',
    description: '{{ $value | printf "%.1f" }} lines a second at level error.',
  },
  {
    alert: 'CityinfoWorkersSaturated',
    expr: [
      'cityinfo_worker_pool_queued / cityinfo_worker_pool_queue_limit > 0.5',
      'or rate(cityinfo_worker_pool_tasks_total{outcome="rejected"}[5m]) > 0',
    ].join('\n'),
    for: '5m',
    severity: 'page',
    summary: '{{ $labels.job }} on {{ $labels.instance }} cannot keep up',
    description: 'Calls wait for a worker or are turned away with RESOURCE_EXHAUSTED (429).',
  },
  {
    alert: 'CityinfoUpstreamFailing',
    expr: [
      'sum by (upstream) (rate(cityinfo_gateway_upstream_requests_total{code=~"UNAVAILABLE|DEADLINE_EXCEEDED"}[5m]))',
      '/ sum by (upstream) (rate(cityinfo_gateway_upstream_requests_total[5m])) > 0.05',
    ].join('\n'),
    for: '5m',
    severity: 'page',
    summary: 'The gateway does not get answers of {{ $labels.upstream }}',
    description: '{{ $value | humanizePercentage }} of its calls fail or come too late, retries included.',
  },
  {
    alert: 'CityinfoSpansDropped',
    expr: 'sum by (job, reason) (rate(cityinfo_trace_spans_dropped_total[10m])) > 0',
    for: '15m',
    severity: 'ticket',
    summary: '{{ $labels.job }} loses spans: {{ $labels.reason }}',
    description: 'Requests are not affected, but traces have holes.',
  },
];

const DATA = [
  {
    alert: 'CityinfoNoHarvester',
    expr: 'sum(cityinfo_metrics_harvest_lease_held) == 0',
    for: '1m',
    severity: 'page',
    summary: 'No instance of metrics harvests',
    description: 'Nobody holds the lease, so what is published now does not become figures.',
  },
  {
    alert: 'CityinfoHarvestLagging',
    expr: 'max(cityinfo_metrics_harvest_lag_seconds) > 60',
    for: '5m',
    severity: 'page',
    summary: 'Figures are {{ $value | humanizeDuration }} behind the articles',
    description: 'The harvest works, but more changes than it can take, or the store is slow.',
  },
  {
    alert: 'CityinfoHarvestStalled',
    expr: [
      'max(cityinfo_articles_change_position) > max(cityinfo_metrics_harvest_position)',
      'and changes((max(cityinfo_metrics_harvest_position))[10m:1m]) == 0',
    ].join('\n'),
    for: '5m',
    severity: 'page',
    summary: 'The harvest stands still',
    description: 'Articles have changed, and for ten minutes none of it has been read. Figures are served as they were.',
  },
  {
    alert: 'CityinfoHarvestSkips',
    expr: 'increase(cityinfo_metrics_harvest_skipped_total[1h]) > 0',
    severity: 'ticket',
    summary: 'The figures of an article were skipped',
    description: 'They could not be read or stored; the log names the article and the reason.',
  },
  {
    alert: 'CityinfoHarvestRefused',
    expr: 'sum(rate(cityinfo_metrics_harvest_store_refusals_total[5m])) > 0',
    for: '10m',
    severity: 'page',
    summary: 'The store of metrics does not take figures',
    description: 'Writes are tried again until it does, and the feed waits: a full volume, a lock, a database that is away.',
  },
  {
    alert: 'CityinfoHarvestDoubtful',
    expr: [
      'sum by (doubt) (increase(cityinfo_metrics_harvest_doubts_total[1d]))',
      '/ on() group_left() (sum(increase(cityinfo_metrics_harvest_figures_read_total[1d])) > 50) > 0.5',
    ].join('\n'),
    for: '1h',
    severity: 'ticket',
    summary: 'Half of the figures found are doubtful: {{ $labels.doubt }}',
    description: '{{ $value | humanizePercentage }} of the figures of the last day. Pages are scanned badly, or write in a new way.',
  },
  {
    alert: 'CityinfoFeedWatcherBehind',
    expr: 'cityinfo_articles_watcher_lag_changes > 1000',
    for: '10m',
    severity: 'ticket',
    summary: 'A reader of the change feed is {{ $value }} changes behind',
    description: 'It reads, but more slowly than articles change.',
  },
  {
    alert: 'CityinfoSearchStalled',
    expr: 'cityinfo_articles_search_lag_changes > 0 and changes(cityinfo_articles_search_position[10m]) == 0',
    for: '5m',
    severity: 'ticket',
    summary: 'The search of {{ $labels.instance }} stands still, {{ $value }} changes behind',
    description: 'Articles have changed, and for ten minutes its index has taken up none of it. Searches find what was there before.',
  },
  {
    alert: 'CityinfoUpkeepFailing',
    expr: 'sum by (instance) (increase(cityinfo_articles_upkeep_failures_total[15m])) > 5',
    for: '15m',
    severity: 'ticket',
    summary: 'The upkeep of the archive fails on {{ $labels.instance }}',
    description: 'What is scheduled shows on time all the same, but followers of the feed do not hear of it, and what was deleted is not purged.',
  },
  {
    alert: 'CityinfoRedisAway',
    expr: 'cityinfo_metrics_redis_connected == 0',
    for: '5m',
    severity: 'ticket',
    summary: '{{ $labels.instance }} is without Redis',
    description: 'Answers are right all the same; they come from the store and cost it more.',
  },
  {
    alert: 'CityinfoCacheUseless',
    expr: [
      'sum(rate(cityinfo_metrics_cache_hits_total[1h]))',
      '/ (sum(rate(cityinfo_metrics_cache_hits_total[1h])) + sum(rate(cityinfo_metrics_cache_misses_total[1h]))) < 0.2',
      'and sum(rate(cityinfo_metrics_cache_misses_total[1h])) > 1',
    ].join('\n'),
    for: '30m',
    severity: 'ticket',
    summary: 'Only {{ $value | humanizePercentage }} of the questions are answered from a cache',
    description: 'The caches are too small for what is asked, or writes change the data all the time.',
  },
];

export const ALERT_GROUPS = [
  { name: 'cityinfo-objectives', alerts: burnAlerts() },
  { name: 'cityinfo-processes', alerts: PROCESS },
  { name: 'cityinfo-certificates', alerts: CERTIFICATES },
  { name: 'cityinfo-requests', alerts: REQUESTS },
  { name: 'cityinfo-stores', alerts: STORE },
  { name: 'cityinfo-data', alerts: DATA },
];

export const anchor = (alert) => alert.toLowerCase();

export function alertingGroups() {
  return ALERT_GROUPS.map((group) => ({
    name: group.name,
    rules: group.alerts.map((alert) => ({
      alert: alert.alert,
      expr: alert.expr,
      ...(alert.for && { for: alert.for }),
      labels: { severity: alert.severity, ...alert.labels },
      annotations: {
        summary: alert.summary,
        description: alert.description,
        runbook_url: `${RUNBOOK}#${anchor(alert.alert)}`,
      },
    })),
  }));
}
