"use strict";

// The screen of an indicator: its series as a chart and a table, its promises, the sentences that
// state it. Uses what app.js and chart.js have.

const GRANULARITIES = {
  YEARLY: "年度", YEAR_SPAN: "多年", HALF_YEARLY: "半年", QUARTERLY: "季度", CUMULATIVE_MONTHS: "累计",
  MONTHLY: "月度", DAILY: "日", MONTH_SPAN: "多月",
};
const REASONS = {
  REVISION: "后一轮核算", LATER_PUBLICATION: "后来的发布", CORRECTION: "更正", RETRACTION: "撤回",
  REVIEW: "人工核对", EARLIER_PUBLICATION: "更早的发布",
};
const STAGES = {PRELIMINARY: "初步核算", VERIFIED: "初步核实", FINAL: "最终核实"};

function seriesName(series) {
  const kind = series.kind === "ACTUAL" ? "" : `（${KINDS[series.kind]}）`;
  return `${GRANULARITIES[series.granularity] || ""}${MEASURES[series.measure] || ""}${kind}`;
}

function citationLink(citation) {
  const from = [citation.publication, dateText(citation.publishDate), citation.articleTitle && `《${citation.articleTitle}》`];
  return el("a", {class: "quote", href: articleAddress(citation.article, citation)},
    el("div", {}, citation.quote), el("div", {class: "label"}, from.filter(Boolean).join(" ")));
}

// Every version of an observation, read when asked for.
function vintagesButton(observation) {
  const button = el("button", {type: "button"}, "历次发布");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const found = await get(`/v1/${observation.name}:vintages`);
      button.replaceWith(...found.vintages.map((it) => el("div", {class: "vintage"},
        el("div", {class: "line"}, el("span", {}, `第${it.vintage}版 ${valueText(it)}`),
          el("span", {class: "label"}, dateText(it.publishDate))),
        el("div", {class: "label"}, [STAGES[it.stage], it.source,
          REASONS[it.supersededReason] && `被取代：${REASONS[it.supersededReason]}`].filter(Boolean).join(" · ")))));
    } catch (error) {
      button.disabled = false;
      button.textContent = "读取失败，再试一次";
    }
  });
  return button;
}

function showObservation(observation) {
  openSheet(
    facts([
      ["时期", periodText(observation.period)],
      ["数值", valueText(observation)],
      ["口径", [MEASURES[observation.measure], KINDS[observation.kind], STAGES[observation.stage]].filter(Boolean).join(" · ")],
      ["发布", dateText(observation.publishDate)],
      ["来源", observation.source],
    ]),
    ...observation.citations.slice(0, 3).map(citationLink),
    vintagesButton(observation));
}

// Promises of the same measure and kind of period that lie within reach of the line.
function targetsFor(series, page) {
  return page.series.filter((it) => it.kind === "TARGET" && it.measure === series.measure &&
    it.granularity === series.granularity && it.observations[0].unit === series.observations[0].unit)
    .flatMap((it) => it.observations);
}

function valueTable(series) {
  const rows = [...series.observations].reverse().map((it) => {
    const row = el("button", {type: "button", class: "cell line"},
      el("span", {}, periodText(it.period)), el("span", {class: "number"}, valueText(it)));
    row.addEventListener("click", () => showObservation(it));
    return el("li", {}, row);
  });
  return el("ul", {class: "table"}, ...rows);
}

function seriesView(series, page) {
  const targets = series.kind === "TARGET" ? [] : targetsFor(series, page);
  // Without chart.js the table says it all.
  const chart = typeof lineChart === "function" && series.observations.length + targets.length > 1
    ? lineChart(series.observations, targets, showObservation) : null;
  const legend = chart && targets.length
    ? el("div", {class: "legend label"}, el("span", {class: "dot"}), "公布的数值", el("span", {class: "diamond"}), "目标") : null;
  return el("div", {}, ...[chart, legend, valueTable(series)].filter((it) => it !== null));
}

// Which line is shown, by chips.
function seriesChooser(page) {
  const view = el("div", {});
  const chips = page.series.map((series) => el("button", {type: "button", class: "chip"}, seriesName(series)));
  const choose = (index) => {
    chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(i === index)));
    view.replaceChildren(seriesView(page.series[index], page));
  };
  chips.forEach((chip, index) => chip.addEventListener("click", () => choose(index)));
  choose(0);
  return [el("div", {class: "chips", "aria-label": "序列"}, ...chips), view];
}

// The parts of the place beside each other, the largest first.
function partRows(parts, names) {
  const largest = Math.max(...parts.map((it) => Math.abs(it.value)));
  return [...parts].sort((a, b) => b.value - a.value).map((it) => {
    const bar = document.createElement("i");
    bar.style.width = `${largest ? Math.abs(it.value) / largest * 100 : 0}%`;
    return el("a", {class: "part", href: indicatorAddress(it.indicator, it.place)},
      el("div", {class: "line"}, el("span", {}, names.get(it.place) || it.place),
        el("span", {class: "label"}, `${periodText(it.period)} ${valueText(it)}`)),
      el("div", {class: "bar"}, bar));
  });
}

async function namesOf(places) {
  const found = await Promise.all(places.map((it) => chineseName("/v1/places/" + it)));
  return new Map(places.map((it, index) => [it, found[index]]));
}

function headline(page) {
  const of = (measure) => page.series.find((it) => it.kind === "ACTUAL" && it.measure === measure);
  const level = of("LEVEL") || of("SHARE");
  const growth = of("YOY_GROWTH") || of("AVERAGE_GROWTH");
  const newest = (series) => series && series.observations.at(-1);
  const main = newest(level) || newest(growth);
  if (!main) return null;
  return el("div", {class: "summary"},
    el("div", {class: "value"}, level ? valueText(main) : growthText(main)),
    el("div", {class: "note"}, periodText(main.period)),
    level && growth ? el("div", {class: "growth"}, `${growthText(newest(growth))}（${periodText(newest(growth).period)}）`) : null);
}

async function showIndicator(path, parameters) {
  const place = parameters.get("place");
  const page = await get(`/v1/${path.split("/").map(encodeURIComponent).join("/")}/page` +
    (place ? "?" + new URLSearchParams({place}) : ""));
  const failed = new Set(page.sections.filter((it) => it.state === "FAILED").map((it) => it.section));
  const names = await namesOf(page.parts.map((it) => it.place));
  document.title = page.indicator.nameZh;
  return [
    el("div", {class: "head", role: "heading", "aria-level": 1}, page.indicator.nameZh),
    el("div", {class: "label"}, page.place.nameZh || page.place.code),
    headline(page),
    ...(page.series.length ? seriesChooser(page) : section("数值", "list", [], failed.has("series"))),
    page.series.length || failed.has("series") ? null : el("p", {class: "notice"}, "还没有公布的数值。"),
    ...section("承诺与进度", "list", page.progress.map(progressCard), failed.has("progress")),
    ...section("值得再看", "list", page.findings.map((it) => el("div", {class: "notice"}, it.message)), failed.has("findings")),
    ...section("下辖地区", "list", partRows(page.parts, names), failed.has("parts")),
    ...section("说到它的句子", "list", page.citations.map(citationLink), failed.has("citations")),
  ];
}

addScreen("indicators/", showIndicator);
