"use strict";

// A line chart as SVG: published values as points, promises as marks. Uses el's manner, but makes
// elements of SVG; colours are the style sheet's.

const CHART = {width: 360, height: 210, left: 44, right: 14, top: 14, bottom: 26};

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Where a period ends, in years: "2020" is 2021.0, "2020-Q1" is 2020.25.
function endOf(period) {
  const last = period.split("/").pop();
  const [, year, part, day] = /^(\d{4})(?:-([QH]?\d+))?(?:-(\d+))?$/.exec(last) || [];
  if (!year) return NaN;
  if (!part) return Number(year) + 1;
  if (part[0] === "Q") return Number(year) + part[1] / 4;
  if (part[0] === "H") return Number(year) + part[1] / 2;
  return Number(year) + (day ? (part - 1) / 12 + day / 372 : part / 12);
}

// Round numbers that span the values, three to six of them.
function ticksOf(low, high) {
  if (low === high) {
    const around = Math.abs(low) / 2 || 1;
    return ticksOf(low - around, high + around);
  }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((it) => it * power).find((it) => it >= rough);
  const ticks = [];
  for (let i = Math.floor(low / step); i * step < high + step; ++i) ticks.push(i * step);
  return ticks;
}

function tickText(value, unit) {
  if (unit === "%") return `${Number(value.toPrecision(6))}%`;
  for (const [factor, name] of [[1e12, "万亿"], [1e8, "亿"], [1e4, "万"]]) {
    if (Math.abs(value) >= factor) return `${Number((value / factor).toPrecision(4))}${name}`;
  }
  return String(Number(value.toPrecision(4)));
}

// `values` and `targets` are observations of one measure; `open(observation)` is called for the one
// that is tapped.
function lineChart(values, targets, open) {
  const all = [...values, ...targets];
  const unit = all[0].unit;
  const ticks = ticksOf(Math.min(...all.map((it) => it.value)), Math.max(...all.map((it) => it.value)));
  const ends = all.map((it) => endOf(it.period));
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  const across = CHART.width - CHART.left - CHART.right;
  const up = CHART.height - CHART.top - CHART.bottom;
  const x = (period) => CHART.left + (first === last ? 0.5 : (endOf(period) - first) / (last - first)) * across;
  const y = (value) => CHART.height - CHART.bottom - (value - ticks[0]) / (ticks.at(-1) - ticks[0]) * up;
  const point = (it) => `${x(it.period).toFixed(1)},${y(it.value).toFixed(1)}`;

  const tap = (node, it, what) => {
    node.append(svg("title", {}, `${periodText(it.period)}${what} ${valueText(it)}`));
    node.addEventListener("click", () => open(it));
    return node;
  };
  return svg("svg", {class: "chart", viewBox: `0 0 ${CHART.width} ${CHART.height}`, role: "img",
    "aria-label": `${periodText(values[0].period)}至${periodText(values.at(-1).period)}，${values.length}个数值`},
    ...ticks.flatMap((it) => [
      svg("line", {class: "grid", x1: CHART.left, x2: CHART.width - CHART.right, y1: y(it), y2: y(it)}),
      svg("text", {x: CHART.left - 6, y: y(it) + 4, "text-anchor": "end"}, tickText(it, unit))]),
    ...axisLabels(all, x).map(([at, text]) =>
      svg("text", {x: at, y: CHART.height - 8, "text-anchor": "middle"}, text)),
    svg("polyline", {class: "trace", points: values.map(point).join(" ")}),
    // A wide ring without colour around each point is what a finger finds.
    ...values.map((it) => tap(svg("g", {class: "point"},
      svg("circle", {class: "reach", cx: x(it.period), cy: y(it.value), r: 13}),
      svg("circle", {cx: x(it.period), cy: y(it.value), r: 4})), it, "")),
    ...targets.map((it) => tap(svg("g", {class: "target"},
      svg("circle", {class: "reach", cx: x(it.period), cy: y(it.value), r: 13}),
      svg("path", {d: `M${x(it.period)} ${y(it.value) - 6}l6 6-6 6-6-6z`})), it, "目标")));
}

// Years below the axis, as many as have room.
function axisLabels(observations, x) {
  const labels = [];
  const byEnd = [...new Set(observations.map((it) => it.period))].sort((a, b) => endOf(a) - endOf(b));
  for (const period of byEnd.reverse()) {
    const at = Math.min(x(period), CHART.width - CHART.right - 8);
    const text = period.split("/").pop().replace(/-(\d\d)$/, "-$1");
    if (labels.every(([other]) => Math.abs(other - at) >= 14 + 6 * text.length)) labels.push([at, text]);
  }
  return labels;
}
