// One case per alert: series under which it fires, with the labels and words it then has, and series close to them
// under which it stays silent. promtool's notation: 'a+bxn' is a, a+b, … (n+1 values), one each `interval` (1m).

const GATEWAY = 'job="cityinfo-gateway",instance="g:8090"';
const METRICS = 'job="cityinfo-metrics",instance="m:50062"';
const ARTICLES = 'job="cityinfo-articles",instance="a:50061"';
const on = (labels) => Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1], match[2]]));
const minutes = (count) => `${count}m`;

// 600 requests at each step, of which `bad` go wrong.
const availability = (bad) => ({
  [`cityinfo_http_requests_total{${GATEWAY},route="/v1/home",code="200"}`]: `0+${600 - bad}x75`,
  [`cityinfo_http_requests_total{${GATEWAY},route="/v1/home",code="503"}`]: `0+${bad}x75`,
  // Probes that fail are no broken promise.
  [`cityinfo_http_requests_total{${GATEWAY},route="/readyz",code="503"}`]: '0+600x75',
});
const latency = (slow) => ({
  [`cityinfo_http_duration_seconds_count{${GATEWAY},route="/v1/home"}`]: '0+600x75',
  [`cityinfo_http_duration_seconds_bucket{${GATEWAY},route="/v1/home",le="0.25"}`]: `0+${600 - slow}x75`,
  // Imports may take their time.
  [`cityinfo_http_duration_seconds_count{${GATEWAY},route="/v1/pages:import"}`]: '0+600x75',
  [`cityinfo_http_duration_seconds_bucket{${GATEWAY},route="/v1/pages:import",le="0.25"}`]: '0+0x75',
});
const freshness = (late) => ({
  [`cityinfo_metrics_freshness_seconds_count{${METRICS}}`]: '0+10x75',
  [`cityinfo_metrics_freshness_seconds_bucket{${METRICS},le="10"}`]: `0+${10 - late}x75`,
});

// The four speeds at which a budget can burn, each with steps as long as its short window can bear, for promtool
// evaluates every rule at every step. `series(n)`: n events a step go wrong; `all`: events a step.
function burns({ alert, slo, objective, series, all }) {
  const speeds = [
    { window: '1h', factor: 14.4, severity: 'page', interval: '1m', at: 65 },
    { window: '6h', factor: 6, severity: 'page', interval: '10m', at: 380 },
    { window: '1d', factor: 3, severity: 'ticket', interval: '30m', at: 1500 },
    { window: '3d', factor: 1, severity: 'ticket', interval: '1h', at: 4440 },
  ];
  return speeds.map(({ window, factor, severity, interval, at }) => {
    const allowed = factor * (1 - objective) * all;
    const bad = Math.min(all, Number((allowed * 1.25).toPrecision(3)));
    return {
      alert,
      // Slower windows also see what the faster do, so only this window's alert is looked at.
      only: { window },
      interval,
      series: series(bad),
      at: minutes(at),
      labels: { severity, slo, window },
      silent: series(Number((allowed * 0.75).toPrecision(3))),
    };
  });
}

export const CASES = [
  ...burns({
    alert: 'CityinfoAvailabilityBudgetBurn', slo: 'availability', objective: 0.999, series: availability, all: 600,
  }),
  ...burns({
    alert: 'CityinfoLatencyBudgetBurn', slo: 'latency', objective: 0.99, series: latency, all: 600,
  }),
  ...burns({
    alert: 'CityinfoFreshnessBudgetBurn', slo: 'freshness', objective: 0.99, series: freshness, all: 10,
  }),
  {
    // One failed request of a sleeping city is a large share of nothing.
    alert: 'CityinfoAvailabilityBudgetBurn',
    series: availability(60),
    at: '65m',
    only: { window: '1h' },
    labels: { severity: 'page', slo: 'availability', window: '1h' },
    silent: {
      [`cityinfo_http_requests_total{${GATEWAY},route="/v1/home",code="200"}`]: '0+0x60 1+1x20',
      [`cityinfo_http_requests_total{${GATEWAY},route="/v1/home",code="503"}`]: '0+0x60 1+1x5',
    },
  },
  {
    alert: 'CityinfoInstanceDown',
    series: { [`up{${METRICS}}`]: '1 0x10' },
    at: '5m',
    labels: { severity: 'page', ...on(METRICS) },
    summary: 'cityinfo-metrics on m:50062 does not answer',
    description: 'Its admin port has not answered a scrape for two minutes.',
    silent: { [`up{${METRICS}}`]: '1 0 1x10', 'up{job="somebody-else",instance="x"}': '0x10' },
  },
  ...['articles', 'metrics', 'gateway'].map((service) => ({
    alert: 'CityinfoServiceMissing',
    only: { service },
    series: Object.fromEntries(
      ['articles', 'metrics', 'gateway'].filter((other) => other !== service).map((other) => [`cityinfo_build_info{service="${other}"}`, '1x10']),
    ),
    at: '6m',
    labels: { severity: 'page', service },
    summary: `No instance of ${service} is known`,
    description: 'Nothing of this service has been scraped for five minutes: it is gone, or nobody looks for it.',
    silent: { [`cityinfo_build_info{service="${service}"}`]: '1x10' },
  })),
  {
    alert: 'CityinfoNotReady',
    series: { [`cityinfo_ready{${ARTICLES}}`]: '1 0x10' },
    at: '7m',
    labels: { severity: 'page', ...on(ARTICLES) },
    summary: 'cityinfo-articles on a:50061 is not ready',
    description: 'It runs, but something it cannot do without is down; /readyz of its admin port names it.',
    silent: { [`cityinfo_ready{${ARTICLES}}`]: '0x3 1x10' },
  },
  {
    alert: 'CityinfoComponentDegraded',
    series: {
      [`cityinfo_component_state{${ARTICLES},component="store",state="ok"}`]: '0x20',
      [`cityinfo_component_state{${ARTICLES},component="store",state="degraded"}`]: '1x20',
    },
    at: '11m',
    labels: { severity: 'ticket', component: 'store', state: 'degraded', ...on(ARTICLES) },
    summary: 'store of a:50061 is degraded',
    description: '/readyz of the admin port says why.',
    silent: {
      [`cityinfo_component_state{${ARTICLES},component="store",state="ok"}`]: '1x20',
      [`cityinfo_component_state{${ARTICLES},component="store",state="degraded"}`]: '0x20',
      // Redis and the harvest have alerts of their own.
      [`cityinfo_component_state{${METRICS},component="redis",state="degraded"}`]: '1x20',
    },
  },
  {
    alert: 'CityinfoRestarting',
    series: { [`process_start_time_seconds{${GATEWAY}}`]: '100 100 200 200 300 300 400 400' },
    at: '7m',
    labels: { severity: 'ticket', ...on(GATEWAY) },
    summary: 'cityinfo-gateway on g:8090 ends again and again',
    description: 'It was started 3 times within a quarter of an hour.',
    silent: { [`process_start_time_seconds{${GATEWAY}}`]: '100 100 200x10' },
  },
  {
    alert: 'CityinfoFewDescriptors',
    series: { [`process_open_fds{${GATEWAY}}`]: '900x10', [`process_max_fds{${GATEWAY}}`]: '1000x10' },
    at: '6m',
    labels: { severity: 'ticket', ...on(GATEWAY) },
    summary: 'cityinfo-gateway on g:8090 is running out of file descriptors',
    description: '90% of those it may open are open.',
    silent: { [`process_open_fds{${GATEWAY}}`]: '700x10', [`process_max_fds{${GATEWAY}}`]: '1000x10' },
  },
  {
    alert: 'CityinfoVersionSkew',
    series: { 'cityinfo_build_info{commit="a",instance="1"}': '1x150', 'cityinfo_build_info{commit="b",instance="2"}': '1x150' },
    at: '121m',
    labels: { severity: 'ticket' },
    summary: '2 versions of the platform run side by side',
    description: 'An upgrade was begun and not ended. Old and new work together, but only for the time of an upgrade.',
    silent: { 'cityinfo_build_info{commit="a",instance="1"}': '1x60', 'cityinfo_build_info{commit="b",instance="2"}': '1x150' },
  },
  {
    // At the start of time, promtool's clock; a certificate of six days.
    alert: 'CityinfoCertificateExpiring',
    series: { [`cityinfo_tls_certificate_expiry_seconds{${METRICS}}`]: `${6 * 86400}x100` },
    at: '61m',
    labels: { severity: 'ticket', ...on(METRICS) },
    summary: 'The certificate of m:50062 expires in 5d 22h 59m 0s',
    description: 'Once it has expired, its peers refuse to talk to it.',
    silent: { [`cityinfo_tls_certificate_expiry_seconds{${METRICS}}`]: `${8 * 86400}x100` },
  },
  {
    alert: 'CityinfoCertificateRefused',
    series: { [`cityinfo_tls_reloads_total{${METRICS},result="refused"}`]: '0x5 1x20' },
    at: '8m',
    labels: { severity: 'ticket', result: 'refused', ...on(METRICS) },
    summary: 'm:50062 was given certificates it cannot use',
    description: 'It keeps those it had; the log says what is wrong with the new ones.',
    silent: { [`cityinfo_tls_reloads_total{${METRICS},result="taken"}`]: '0x5 1x20', [`cityinfo_tls_reloads_total{${METRICS},result="refused"}`]: '3x30' },
  },
  {
    alert: 'CityinfoStoreUnreachable',
    series: { [`cityinfo_store_connects_total{${METRICS},pool="reader",result="failed"}`]: '0+3x20' },
    at: '10m',
    labels: { severity: 'page', pool: 'reader', ...on(METRICS) },
    summary: 'm:50062 cannot connect to its store (reader)',
    description: 'Requests that need the store fail with UNAVAILABLE until it can.',
    silent: { [`cityinfo_store_connects_total{${METRICS},pool="reader",result="opened"}`]: '0+3x20', [`cityinfo_store_connects_total{${METRICS},pool="reader",result="failed"}`]: '3x20' },
  },
  {
    alert: 'CityinfoStoreBusy',
    series: { [`cityinfo_store_wait_timeouts_total{${METRICS},pool="writer"}`]: '0+3x20' },
    at: '10m',
    labels: { severity: 'page', pool: 'writer', ...on(METRICS) },
    summary: 'Calls of m:50062 wait in vain for a connection to the store (writer)',
    description: 'All connections are in use for longer than anyone waits.',
    silent: { [`cityinfo_store_wait_timeouts_total{${METRICS},pool="writer"}`]: '0 3 3x20' },
  },
  {
    alert: 'CityinfoNoHarvester',
    series: { [`cityinfo_metrics_harvest_lease_held{${METRICS}}`]: '1 0x5' },
    at: '4m',
    labels: { severity: 'page' },
    summary: 'No instance of metrics harvests',
    description: 'Nobody holds the lease, so what is published now does not become figures.',
    silent: {
      [`cityinfo_metrics_harvest_lease_held{${METRICS}}`]: '1 0x5',
      'cityinfo_metrics_harvest_lease_held{job="cityinfo-metrics",instance="m2:50062"}': '0 1x5',
    },
  },
  {
    alert: 'CityinfoInternalErrors',
    series: { [`cityinfo_rpc_requests_total{${METRICS},method="/m.S/Get",code="INTERNAL"}`]: '0+1x30' },
    at: '25m',
    labels: { severity: 'ticket', job: 'cityinfo-metrics', method: '/m.S/Get', code: 'INTERNAL' },
    summary: '/m.S/Get fails with INTERNAL',
    description: 'A mistake of ours, or damaged data; the log has a line at level error for each, with its trace id.',
    silent: { [`cityinfo_rpc_requests_total{${METRICS},method="/m.S/Get",code="NOT_FOUND"}`]: '0+100x30' },
  },
  {
    alert: 'CityinfoErrorLogs',
    series: { [`cityinfo_log_lines_total{${METRICS},level="error"}`]: '0+12x40' },
    at: '30m',
    labels: { severity: 'ticket', job: 'cityinfo-metrics' },
    summary: 'cityinfo-metrics logs errors',
    description: '0.2 lines a second at level error.',
    silent: { [`cityinfo_log_lines_total{${METRICS},level="error"}`]: '0+3x40', [`cityinfo_log_lines_total{${METRICS},level="info"}`]: '0+9000x40' },
  },
  {
    alert: 'CityinfoWorkersSaturated',
    series: { [`cityinfo_worker_pool_queued{${METRICS}}`]: '200x10', [`cityinfo_worker_pool_queue_limit{${METRICS}}`]: '256x10' },
    at: '6m',
    labels: { severity: 'page', ...on(METRICS) },
    summary: 'cityinfo-metrics on m:50062 cannot keep up',
    description: 'Calls wait for a worker or are turned away with RESOURCE_EXHAUSTED (429).',
    silent: {
      [`cityinfo_worker_pool_queued{${METRICS}}`]: '0 200 0 200 0 200 0 200',
      [`cityinfo_worker_pool_queue_limit{${METRICS}}`]: '256x10',
      [`cityinfo_worker_pool_tasks_total{${METRICS},outcome="finished"}`]: '0+9000x10',
    },
  },
  {
    alert: 'CityinfoWorkersSaturated',
    series: { [`cityinfo_worker_pool_tasks_total{${METRICS},outcome="rejected"}`]: '0+5x20' },
    at: '12m',
    labels: { severity: 'page', outcome: 'rejected', ...on(METRICS) },
    summary: 'cityinfo-metrics on m:50062 cannot keep up',
    description: 'Calls wait for a worker or are turned away with RESOURCE_EXHAUSTED (429).',
    silent: { [`cityinfo_worker_pool_tasks_total{${METRICS},outcome="rejected"}`]: '7x20' },
  },
  {
    alert: 'CityinfoUpstreamFailing',
    series: {
      [`cityinfo_gateway_upstream_requests_total{${GATEWAY},upstream="metrics",code="OK"}`]: '0+90x20',
      [`cityinfo_gateway_upstream_requests_total{${GATEWAY},upstream="metrics",code="UNAVAILABLE"}`]: '0+10x20',
    },
    at: '12m',
    labels: { severity: 'page', upstream: 'metrics' },
    summary: 'The gateway does not get answers of metrics',
    description: '10% of its calls fail or come too late, retries included.',
    silent: {
      [`cityinfo_gateway_upstream_requests_total{${GATEWAY},upstream="metrics",code="OK"}`]: '0+98x20',
      [`cityinfo_gateway_upstream_requests_total{${GATEWAY},upstream="metrics",code="UNAVAILABLE"}`]: '0+2x20',
    },
  },
  {
    alert: 'CityinfoSpansDropped',
    series: { [`cityinfo_trace_spans_dropped_total{${GATEWAY},reason="queue_full"}`]: '0+3x40' },
    at: '30m',
    labels: { severity: 'ticket', job: 'cityinfo-gateway', reason: 'queue_full' },
    summary: 'cityinfo-gateway loses spans: queue_full',
    description: 'Requests are not affected, but traces have holes.',
    silent: { [`cityinfo_trace_spans_dropped_total{${GATEWAY},reason="queue_full"}`]: '3x40' },
  },
  {
    alert: 'CityinfoHarvestLagging',
    series: { [`cityinfo_metrics_harvest_lag_seconds{${METRICS}}`]: '0 90x10' },
    at: '7m',
    labels: { severity: 'page' },
    summary: 'Figures are 1m 30s behind the articles',
    description: 'The harvest works, but more changes than it can take, or the store is slow.',
    silent: { [`cityinfo_metrics_harvest_lag_seconds{${METRICS}}`]: '90 90 0x10' },
  },
  {
    alert: 'CityinfoHarvestStalled',
    series: {
      [`cityinfo_articles_change_position{${ARTICLES}}`]: '10 20x30',
      [`cityinfo_metrics_harvest_position{${METRICS}}`]: '10x30',
    },
    at: '20m',
    labels: { severity: 'page' },
    summary: 'The harvest stands still',
    description: 'Articles have changed, and for ten minutes none of it has been read. Figures are served as they were.',
    silent: {
      [`cityinfo_articles_change_position{${ARTICLES}}`]: '1000x30',
      [`cityinfo_metrics_harvest_position{${METRICS}}`]: '10+1x30',
    },
  },
  {
    alert: 'CityinfoHarvestSkips',
    series: { [`cityinfo_metrics_harvest_skipped_total{${METRICS}}`]: '0x5 1x20' },
    at: '8m',
    labels: { severity: 'ticket', ...on(METRICS) },
    summary: 'The figures of an article were skipped',
    description: 'They could not be read or stored; the log names the article and the reason.',
    silent: { [`cityinfo_metrics_harvest_skipped_total{${METRICS}}`]: '4x20' },
  },
  {
    alert: 'CityinfoHarvestRefused',
    series: { [`cityinfo_metrics_harvest_store_refusals_total{${METRICS}}`]: '0+2x30' },
    at: '20m',
    labels: { severity: 'page' },
    summary: 'The store of metrics does not take figures',
    description: 'Writes are tried again until it does, and the feed waits: a full volume, a lock, a database that is away.',
    silent: { [`cityinfo_metrics_harvest_store_refusals_total{${METRICS}}`]: '0 2 4x30' },
  },
  {
    alert: 'CityinfoHarvestDoubtful',
    series: {
      [`cityinfo_metrics_harvest_figures_read_total{${METRICS}}`]: '0+1x200',
      [`cityinfo_metrics_harvest_doubts_total{${METRICS},doubt="NO_INDICATOR"}`]: '0+0.75x200',
      [`cityinfo_metrics_harvest_doubts_total{${METRICS},doubt="UNKNOWN_UNIT"}`]: '0+0.1x200',
    },
    at: '180m',
    labels: { severity: 'ticket', doubt: 'NO_INDICATOR' },
    summary: 'Half of the figures found are doubtful: NO_INDICATOR',
    description: '75% of the figures of the last day. Pages are scanned badly, or write in a new way.',
    silent: {
      // Too few to say anything.
      [`cityinfo_metrics_harvest_figures_read_total{${METRICS}}`]: '0+0.1x200',
      [`cityinfo_metrics_harvest_doubts_total{${METRICS},doubt="NO_INDICATOR"}`]: '0+0.1x200',
    },
  },
  {
    alert: 'CityinfoFeedWatcherBehind',
    series: { [`cityinfo_articles_watcher_lag_changes{${ARTICLES}}`]: '5000x20' },
    at: '11m',
    labels: { severity: 'ticket', ...on(ARTICLES) },
    summary: 'A reader of the change feed is 5000 changes behind',
    description: 'It reads, but more slowly than articles change.',
    silent: { [`cityinfo_articles_watcher_lag_changes{${ARTICLES}}`]: '5000-1000x20' },
  },
  {
    alert: 'CityinfoSearchStalled',
    series: {
      [`cityinfo_articles_search_lag_changes{${ARTICLES}}`]: '0 7x30',
      [`cityinfo_articles_search_position{${ARTICLES}}`]: '10x30',
    },
    at: '20m',
    labels: { severity: 'ticket', ...on(ARTICLES) },
    summary: 'The search of a:50061 stands still, 7 changes behind',
    description: 'Articles have changed, and for ten minutes its index has taken up none of it. Searches find what was there before.',
    silent: {
      // It catches up.
      [`cityinfo_articles_search_lag_changes{${ARTICLES}}`]: '9000-100x30',
      [`cityinfo_articles_search_position{${ARTICLES}}`]: '10+100x30',
    },
  },
  {
    alert: 'CityinfoUpkeepFailing',
    series: { [`cityinfo_articles_upkeep_failures_total{${ARTICLES}}`]: '0+1x60' },
    at: '40m',
    labels: { severity: 'ticket', instance: 'a:50061' },
    summary: 'The upkeep of the archive fails on a:50061',
    description:
      'What is scheduled shows on time all the same, but followers of the feed do not hear of it, and what was deleted is not purged.',
    silent: { [`cityinfo_articles_upkeep_failures_total{${ARTICLES}}`]: '0 3x60' },
  },
  {
    alert: 'CityinfoRedisAway',
    series: { [`cityinfo_metrics_redis_connected{${METRICS}}`]: '1 0x20' },
    at: '8m',
    labels: { severity: 'ticket', ...on(METRICS) },
    summary: 'm:50062 is without Redis',
    description: 'Answers are right all the same; they come from the store and cost it more.',
    silent: { [`cityinfo_metrics_redis_connected{${METRICS}}`]: '0 0 1x20' },
  },
  {
    alert: 'CityinfoCacheUseless',
    series: {
      [`cityinfo_metrics_cache_hits_total{${METRICS},level="memory"}`]: '0+60x120',
      [`cityinfo_metrics_cache_misses_total{${METRICS}}`]: '0+540x120',
    },
    at: '100m',
    labels: { severity: 'ticket' },
    summary: 'Only 10% of the questions are answered from a cache',
    description: 'The caches are too small for what is asked, or writes change the data all the time.',
    silent: {
      // Hardly anybody asks.
      [`cityinfo_metrics_cache_hits_total{${METRICS},level="memory"}`]: '0+0x120',
      [`cityinfo_metrics_cache_misses_total{${METRICS}}`]: '0+3x120',
    },
  },
];
