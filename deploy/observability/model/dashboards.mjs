// What the dashboards show. grafana.mjs knows how Grafana writes it.

import { dashboard, graph, heatmap, query, row, stat, table } from './grafana.mjs';
import { errorRatio, OBJECTIVES } from './objectives.mjs';

const RATE = '$__rate_interval';
const JOB = 'job=~"$job"';

const quantile = (q, histogram, by, selector = '') =>
  `histogram_quantile(${q}, sum by (le${by && `, ${by}`}) (rate(${histogram}_bucket{${selector}}[${RATE}])))`;
const quantiles = (histogram, selector) =>
  [0.5, 0.95, 0.99].map((q) => query(quantile(q, histogram, '', selector), `p${q * 100}`));

const BUDGET = [[null, 'red'], [0, 'orange'], [0.25, 'green']];
const CITY = 'route!~"/healthz|/readyz"';

const overview = dashboard({
  uid: 'cityinfo-overview',
  title: 'cityinfo / City at a glance',
  description: 'Whether phones get their answers, how fast, and how fresh.',
  rows: [
    row('Promises', [
      ...OBJECTIVES.map(({ slo, promise }) =>
        stat(`Budget left: ${slo}`, 'percentunit', `cityinfo:slo_error_budget_remaining:ratio30d{slo="${slo}"}`, BUDGET, { help: `${promise}, within thirty days.` })),
      stat('Ready', 'none', 'sum(cityinfo_ready)', [[null, 'red'], [1, 'green']], { help: 'Instances that are ready.' }),
      stat('Not ready', 'none', 'count(cityinfo_ready == 0) or vector(0)', [[null, 'green'], [1, 'red']]),
      stat('Harvest lag', 's', 'max(cityinfo_metrics_harvest_lag_seconds)', [[null, 'green'], [10, 'orange'], [60, 'red']]),
      graph('Errors against the promise', 'percentunit', OBJECTIVES.map(({ slo }) => query(`${errorRatio('1h')}{slo="${slo}"}`, `${slo}, 1 h`)), { width: 12 }),
      table('What runs', 'sum by (service, version, commit) (cityinfo_build_info)', { width: 12 }),
    ]),
    row('The door', [
      graph('Requests by route', 'reqps', [query(`sum by (route) (rate(cityinfo_http_requests_total{${CITY}}[${RATE}]))`, '{{route}}')]),
      graph('Errors by code', 'reqps', [query(`sum by (code) (rate(cityinfo_http_requests_total{${CITY},code=~"[45].."}[${RATE}]))`, '{{code}}')]),
      graph('Time to answer', 's', quantiles('cityinfo_http_duration_seconds', CITY)),
      graph('Time to answer by route, p95', 's', [query(quantile(0.95, 'cityinfo_http_duration_seconds', 'route', CITY), '{{route}}')]),
      graph('Under way', 'none', [query('sum(cityinfo_http_in_flight)', 'requests'), query('sum(cityinfo_http_connections)', 'connections')]),
      graph('Retries of calls to the services', 'reqps', [query(`sum by (upstream) (rate(cityinfo_gateway_upstream_retries_total[${RATE}]))`, '{{upstream}}')]),
    ]),
    row('Freshness', [
      graph('Published to readable', 's', quantiles('cityinfo_metrics_freshness_seconds', '')),
      graph('Changes the harvest has not read', 'none', [query('max(cityinfo_articles_change_position) - max(cityinfo_metrics_harvest_position)', 'waiting')]),
      graph('Components not well', 'none', [query('sum by (component, state) (cityinfo_component_state{state!="ok"})', '{{component}} {{state}}')]),
    ]),
  ],
});

const services = dashboard({
  uid: 'cityinfo-services',
  title: 'cityinfo / Services',
  description: 'Rate, errors and duration of every method, and what each process uses.',
  rows: [
    row('Calls', [
      graph('Calls by method', 'reqps', [query(`sum by (method) (rate(cityinfo_rpc_requests_total{${JOB}}[${RATE}]))`, '{{method}}')]),
      graph('Errors by method and code', 'reqps', [query(`sum by (method, code) (rate(cityinfo_rpc_requests_total{${JOB},code!="OK"}[${RATE}]))`, '{{method}} {{code}}')]),
      graph('Time to answer, p95', 's', [query(quantile(0.95, 'cityinfo_rpc_duration_seconds', 'method', JOB), '{{method}}')]),
      graph('Under way', 'none', [query(`sum by (method) (cityinfo_rpc_in_flight{${JOB}}) > 0`, '{{method}}')]),
      graph('The gateway\'s calls', 'reqps', [query(`sum by (upstream, code) (rate(cityinfo_gateway_upstream_requests_total[${RATE}]))`, '{{upstream}} {{code}}')]),
      graph('The gateway\'s calls, p95', 's', [
        query(quantile(0.95, 'cityinfo_gateway_upstream_duration_seconds', 'upstream'), '{{upstream}}'),
      ]),
    ]),
    row('Workers', [
      graph('Busy', 'percentunit', [query(`cityinfo_worker_pool_running{${JOB}} / cityinfo_worker_pool_threads{${JOB}}`, '{{instance}}')], { max: 1 }),
      graph('Queue', 'percentunit', [query(`cityinfo_worker_pool_queued{${JOB}} / cityinfo_worker_pool_queue_limit{${JOB}}`, '{{instance}}')], { max: 1 }),
      graph('Turned away or dropped', 'reqps', [
        query(`sum by (instance, outcome) (rate(cityinfo_worker_pool_tasks_total{${JOB},outcome!="finished"}[${RATE}]))`, '{{instance}} {{outcome}}'),
      ]),
    ]),
    row('Stores', [
      graph('Connections in use', 'percentunit', [
        query(`cityinfo_store_connections{${JOB},state="in_use"} / on(instance, pool) cityinfo_store_connections_limit{${JOB}}`, '{{instance}} {{pool}}'),
      ], { max: 1 }),
      graph('Calls that wait for one', 'none', [query(`cityinfo_store_waiting{${JOB}}`, '{{instance}} {{pool}}')]),
      graph('Connects and waits in vain', 'none', [
        query(`sum by (instance, pool, result) (rate(cityinfo_store_connects_total{${JOB}}[${RATE}]))`, '{{instance}} {{pool}} {{result}}'),
        query(`sum by (instance, pool) (rate(cityinfo_store_wait_timeouts_total{${JOB}}[${RATE}]))`, '{{instance}} {{pool}} waited in vain'),
      ], { help: 'A second.' }),
    ]),
    row('Processes', [
      graph('CPU', 'none', [query(`rate(process_cpu_seconds_total{${JOB}}[${RATE}])`, '{{instance}}')], { help: 'Processors in use.' }),
      graph('Resident memory', 'bytes', [query(`process_resident_memory_bytes{${JOB}}`, '{{instance}}')]),
      graph('File descriptors', 'percentunit', [query(`process_open_fds{${JOB}} / process_max_fds{${JOB}}`, '{{instance}}')], { max: 1 }),
      graph('Threads', 'none', [query(`process_threads{${JOB}}`, '{{instance}}')]),
      graph('Certificates expire in', 's', [query(`cityinfo_tls_certificate_expiry_seconds{${JOB}} - time()`, '{{instance}}')]),
      graph('Certificate files read again', 'none', [query(`sum by (instance, result) (increase(cityinfo_tls_reloads_total{${JOB}}[1h]))`, '{{instance}} {{result}}')], { help: 'Within an hour.' }),
      graph('Log lines', 'none', [query(`sum by (job, level) (rate(cityinfo_log_lines_total{${JOB},level=~"warning|error"}[${RATE}]))`, '{{job}} {{level}}')], { help: 'A second.' }),
      graph('Spans', 'none', [
        query(`sum by (job) (rate(cityinfo_trace_spans_exported_total{${JOB}}[${RATE}]))`, '{{job}} sent'),
        query(`sum by (job, reason) (rate(cityinfo_trace_spans_dropped_total{${JOB}}[${RATE}]))`, '{{job}} dropped: {{reason}}'),
        query(`sum by (job) (cityinfo_trace_queue_spans{${JOB}})`, '{{job}} waiting'),
        query(`sum by (job) (rate(cityinfo_trace_export_failures_total{${JOB}}[${RATE}]))`, '{{job}} failed attempts'),
      ]),
    ]),
  ],
});

const data = dashboard({
  uid: 'cityinfo-data',
  title: 'cityinfo / Figures, feeds and caches',
  description: 'From the printed page to the readable figure.',
  rows: [
    row('Feeds', [
      graph('Positions', 'none', [
        query('max(cityinfo_articles_change_position)', 'articles'),
        query('max(cityinfo_metrics_harvest_feed_position)', 'heard by the harvest'),
        query('max(cityinfo_metrics_harvest_position)', 'harvested'),
        query('max(cityinfo_metrics_change_position)', 'metrics\' own'),
      ]),
      graph('Lag of the harvest', 's', [query('max(cityinfo_metrics_harvest_lag_seconds)', 'lag')]),
      graph('Readers of the articles\' feed', 'none', [
        query('sum(cityinfo_articles_watchers)', 'readers'),
        query('max(cityinfo_articles_watcher_lag_changes)', 'changes the slowest is behind'),
      ]),
    ]),
    row('Upkeep of the archive', [
      graph('Done', 'none', [
        query(`sum(increase(cityinfo_articles_settled_total[${RATE}]))`, 'scheduled moments written down'),
        query(`sum(increase(cityinfo_articles_purged_total[${RATE}]))`, 'articles purged'),
        query(`sum(increase(cityinfo_articles_changes_trimmed_total[${RATE}]))`, 'changes that left the feed'),
      ]),
      graph('Failures', 'none', [query(`sum by (instance) (increase(cityinfo_articles_upkeep_failures_total[${RATE}]))`, '{{instance}}')]),
      graph('Calls answered from the cache of answers', 'reqps', [query(`sum by (instance) (rate(cityinfo_articles_answer_cache_hits_total[${RATE}]))`, '{{instance}}')]),
      graph('Size of that cache', 'bytes', [query('cityinfo_articles_answer_cache_bytes', '{{instance}}')]),
    ]),
    row('Search', [
      graph('Changes the search has not seen', 'none', [query('cityinfo_articles_search_lag_changes', '{{instance}}')]),
      graph('Time to answer, 99 of 100', 's', [
        query(`histogram_quantile(0.99, sum by (le, question) (rate(cityinfo_articles_search_duration_seconds_bucket[${RATE}])))`, '{{question}}'),
      ]),
      graph('Size of the index', 'bytes', [query('cityinfo_articles_search_file_bytes', '{{instance}}')]),
      graph('Indexes begun from nothing', 'none', [query('sum(increase(cityinfo_articles_search_rebuilds_total[1h]))', 'an hour')]),
    ]),
    row('Harvest', [
      heatmap('Published to readable', 's', `sum by (le) (increase(cityinfo_metrics_freshness_seconds_bucket[${RATE}]))`),
      graph('Changes and figures', 'none', [
        query(`sum(rate(cityinfo_metrics_harvest_changes_total[${RATE}]))`, 'changes'),
        query(`sum(rate(cityinfo_metrics_harvest_figures_read_total[${RATE}]))`, 'figures found'),
        query(`sum by (what) (rate(cityinfo_metrics_harvest_figures_total[${RATE}]))`, 'figures {{what}}'),
      ], { help: 'A second.' }),
      graph('Doubts per figure', 'percentunit', [
        query('sum by (doubt) (increase(cityinfo_metrics_harvest_doubts_total[1d])) / on() group_left() sum(increase(cityinfo_metrics_harvest_figures_read_total[1d]))', '{{doubt}}'),
      ], { help: 'Of the figures of the last day.' }),
      graph('Who harvests', 'none', [
        query('cityinfo_metrics_harvest_lease_held', '{{instance}}'),
        query('max(cityinfo_metrics_harvest_lease_term)', 'term'),
      ]),
      graph('Trouble', 'none', [
        query(`sum(rate(cityinfo_metrics_harvest_skipped_total[${RATE}]))`, 'articles skipped'),
        query(`sum(rate(cityinfo_metrics_harvest_store_refusals_total[${RATE}]))`, 'writes refused'),
        query(`sum(rate(cityinfo_metrics_harvest_breaks_total[${RATE}]))`, 'feed lost'),
      ]),
    ]),
    row('Caches', [
      graph('Answered by', 'reqps', [
        query(`sum by (level) (rate(cityinfo_metrics_cache_hits_total[${RATE}]))`, '{{level}}'),
        query(`sum(rate(cityinfo_metrics_cache_misses_total[${RATE}]))`, 'store'),
        query(`sum(rate(cityinfo_metrics_cache_bypasses_total[${RATE}]))`, 'store, past the caches'),
      ]),
      graph('Fills', 'reqps', [
        query(`sum by (result) (rate(cityinfo_metrics_cache_fills_total[${RATE}]))`, '{{result}}'),
        query(`sum(rate(cityinfo_metrics_cache_shared_waits_total[${RATE}]))`, 'waited for another\'s'),
      ]),
      graph('Memory', 'bytes', [query('cityinfo_metrics_cache_memory_bytes', '{{instance}}')]),
      graph('Memory: entries and evictions', 'none', [
        query('sum(cityinfo_metrics_cache_memory_entries)', 'entries'),
        query(`sum(rate(cityinfo_metrics_cache_memory_evictions_total[${RATE}]))`, 'evictions a second'),
      ]),
      graph('Redis: time of a lookup', 's', quantiles('cityinfo_metrics_cache_redis_get_seconds', '')),
      graph('Redis: events', 'reqps', [
        query(`sum by (event) (rate(cityinfo_metrics_redis_events_total[${RATE}]))`, '{{event}}'),
        query(`sum(rate(cityinfo_metrics_cache_redis_skipped_total[${RATE}]))`, 'not asked'),
        query(`sum(rate(cityinfo_metrics_cache_redis_failed_total[${RATE}]))`, 'no answer in time'),
      ]),
      graph('Redis: commands, 99 of 100', 's', [
        query(`histogram_quantile(0.99, sum by (le, command) (rate(cityinfo_metrics_redis_command_seconds_bucket[${RATE}])))`, '{{command}}'),
      ], { help: 'From the command to its reply, replies that came too late included.' }),
      graph('Redis connected', 'none', [query('cityinfo_metrics_redis_connected', '{{instance}}')], { max: 1 }),
      graph('Redis: breaker', 'none', [
        query('sum by (state) (cityinfo_metrics_cache_redis_breaker)', '{{state}}'),
      ], { help: 'Instances in each state. Open: Redis is late, and only now and then one lookup tries it.' }),
    ]),
  ],
});

export const DASHBOARDS = { overview, services, data };
