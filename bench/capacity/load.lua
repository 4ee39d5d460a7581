-- What wrk asks: the targets named in a file, one a line, in turn; where each thread begins differs.
--   wrk ... -s load.lua URL -- TARGETS FIRST REPORT
-- FIRST is the line to begin with (0: the first), so that a run can go on where another stopped.
-- At the end REPORT gets a line of JSON: requests, seconds, bytes, errors, and the latencies in
-- microseconds at evenly spaced quantiles from 0 to 1.
local targets = {}
local at = 0
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init(arguments)
  for line in io.lines(arguments[1]) do table.insert(targets, wrk.format("GET", line)) end
  at = tonumber(arguments[2])
  report_to = arguments[3]
end

function request()
  at = at + 1
  return targets[(at - 1) % #targets + 1]
end

function done(summary, latency)
  local quantiles = {}
  for i = 0, 200 do
    local percent = math.min(math.max(i / 2, 0.01), 99.99)
    table.insert(quantiles, string.format("%d", latency:percentile(percent)))
  end
  local errors = summary.errors
  local file = io.open(threads[1]:get("report_to"), "w")
  file:write(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "errors": %d, "mean_us": %.1f, "p50_us": %d, "p99_us": %d, "quantiles_us": [%s]}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency.mean,
    latency:percentile(50), latency:percentile(99), table.concat(quantiles, ", ")))
  file:close()
end
