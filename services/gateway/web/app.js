"use strict";

// The shell: elements, fetching, what numbers and dates are called, the sheet, and which screen is
// shown. The screens are in files of their own, each of which adds itself with addScreen; one that
// fails to load is missing, and the others work.

const $ = (id) => document.getElementById(id);

// Makes an element. Text always goes in as text, never as markup.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

async function get(path, signal) {
  const response = await fetch(path, {headers: {accept: "application/json"}, signal});
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ? body.error.message : "HTTP " + response.status);
  return body;
}

const names = new Map();
function chineseName(path) {
  if (!names.has(path)) names.set(path, get(path).then((it) => it.nameZh).catch(() => ""));
  return names.get(path);
}

const MEASURES = {
  LEVEL: "数值", YOY_GROWTH: "比上年增长", AVERAGE_GROWTH: "年均增长", SHARE: "比重",
  CHANGE: "变动", RANK: "位次", MULTIPLE: "倍数",
};
const KINDS = {ACTUAL: "实际", TARGET: "目标", FORECAST: "预测"};
const STATUSES = {
  ON_TRACK: "进展顺利", BEHIND: "进度落后", MET: "已完成", MISSED: "未完成", NOT_DUE: "尚未到期",
  NO_DATA: "暂无实际数据",
};

function dateText(date) {
  return date ? `${date.year}年${date.month}月${date.day}日` : "";
}

// A date as exactly as it is known.
function knownDateText(date) {
  return `${date.year}年` + (date.month ? `${date.month}月` : "") + (date.day ? `${date.day}日` : "");
}

function periodText(period) {
  if (!period) return "未说明";
  if (period.includes("/")) return period.split("/").map(periodText).join("至");
  const [, year, part, day] = /^(\d{4})(?:-([QH]?\d+))?(?:-(\d+))?$/.exec(period) || [];
  if (!year) return period;
  if (!part) return `${year}年`;
  if (part[0] === "Q") return `${year}年第${"一二三四"[part[1] - 1]}季度`;
  if (part[0] === "H") return `${year}年${part[1] === "1" ? "上" : "下"}半年`;
  return `${year}年${Number(part)}月` + (day ? `${Number(day)}日` : "");
}

// A printed value with how firmly it was stated.
function valueText(it) {
  const after = {ABOUT: "左右", AT_LEAST: "以上", AT_MOST: "以内"}[it.qualifier] || "";
  const before = it.qualifier === "OVER" ? "超" : "";
  const printed = it.printed || it.exactValue + it.unit;
  return before + printed + (printed.includes(after) ? "" : after);
}

function growthText(it) {
  const value = valueText(it);
  const verb = it.value < 0 || /[降减]/.test(value) ? "" : "增长";
  return (it.measure === "AVERAGE_GROWTH" ? "年均" : "比上年") + verb + value;
}

function progressCard(progress) {
  const {target, actual, attainedShare: share, requiredAnnualGrowth: needed} = progress;
  const percent = Math.round((share || 0) * 100);
  const parts = [];
  if (actual) parts.push(`${periodText(actual.period)} ${valueText(actual)}`);
  if (needed > 0) parts.push(`每年还需增长${needed.toFixed(1)}%`);
  return el("div", {class: `card row ${progress.status}`},
    el("div", {class: "line"}, el("span", {class: "title"}, target.indicatorName || target.indicator),
      el("span", {class: "label"}, STATUSES[progress.status] || "")),
    el("div", {class: "note"}, `${periodText(target.period)}目标：` +
      (target.measure === "LEVEL" || target.measure === "SHARE" ? "" : MEASURES[target.measure] || "") +
      valueText(target)),
    share === undefined ? null : el("div", {
      class: "bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100,
      "aria-valuenow": Math.min(percent, 100), "aria-label": `已完成${percent}%`,
    }, Object.assign(document.createElement("i"), {style: `width:${Math.min(percent, 100)}%`})),
    parts.length || share !== undefined
      ? el("div", {class: "line note"}, el("span", {}, parts.join("，")),
          el("span", {}, share === undefined ? "" : `${percent}%`))
      : null);
}

function articleCard(article) {
  return el("a", {class: "card row", href: "#/" + article.name},
    el("div", {class: "title"}, article.title),
    el("div", {class: "note"}, article.excerpt),
    el("div", {class: "label"}, `${article.publication} ${dateText(article.publishDate)}`));
}

function section(title, holder, items, failed) {
  if (failed) items = [el("div", {class: "notice"}, "这一部分暂时取不到，其余内容不受影响。")];
  if (!items.length) return [];
  const box = el("div", failed ? {} : {class: holder}, ...items);
  return [el("h2", {}, title), box];
}

// The end of a span without what it shares with the beginning: 1月3日至5日.
function endText(begin, end) {
  if (end.year !== begin.year) return knownDateText(end);
  return (end.month !== begin.month || !end.day ? `${end.month}月` : "") + (end.day ? `${end.day}日` : "");
}

// One event of the timeline, with a link to the sentence that tells it.
function eventRow(event) {
  const when = knownDateText(event.date) + (event.endDate ? `至${endText(event.date, event.endDate)}` : "");
  return el("a", {class: "event", href: articleAddress(event.citation.article, event.citation)},
    el("div", {class: "label"}, when, event.planned ? el("span", {class: "tag"}, "计划") : null),
    el("div", {}, event.summary));
}

// A text in pieces: what stands in a span goes through `mark`. Spans count code points.
function spannedText(text, spans, mark) {
  const points = Array.from(text);
  const parts = [];
  let position = 0;
  for (const span of spans) {
    parts.push(points.slice(position, span.begin).join(""));
    parts.push(mark(points.slice(span.begin, span.end).join(""), span));
    position = span.end;
  }
  return [...parts, points.slice(position).join("")];
}

// Where an article is; with a citation, where in it.
function articleAddress(name, citation) {
  if (!citation) return "#/" + name;
  return `#/${name}?` + new URLSearchParams(
    {block: citation.block, start: citation.valueStart, end: citation.valueEnd});
}

function indicatorAddress(indicator, place) {
  return `#/indicators/${indicator}` + (place ? "?" + new URLSearchParams({place}) : "");
}

// The button for the next page of a list; it is replaced by what it brings. `load(token)` gives the
// cards and the next token.
function moreButton(token, load) {
  const more = el("button", {type: "button", class: "more"}, "更多");
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const next = await load(token);
      more.replaceWith(...next.cards, ...(next.token ? [moreButton(next.token, load)] : []));
    } catch (error) {
      more.disabled = false;
      more.textContent = "读取失败，再试一次";
    }
  });
  return more;
}

// --- the sheet ---

function openSheet(...content) {
  const close = el("button", {type: "button"}, "关闭");
  close.addEventListener("click", closeSheet);
  $("sheet").replaceChildren(...content, close);
  $("sheet").hidden = $("shade").hidden = false;
  $("sheet").focus();
}

function closeSheet() {
  $("sheet").hidden = $("shade").hidden = true;
}

// A list of what is called what.
function facts(rows) {
  return el("dl", {}, ...rows.filter(([, value]) => value)
    .flatMap(([key, value]) => [el("dt", {}, key), el("dd", {}, value)]));
}

// --- screens ---

const screens = [];
const leaving = [];

// `render(path, parameters)` gives the content of the screens whose address begins with `prefix`.
function addScreen(prefix, render) { screens.push({prefix, render}); }

// Runs `hide` whenever another screen is shown.
function whenLeaving(hide) { leaving.push(hide); }

let visit = 0;
async function show() {
  const mine = ++visit;
  const [path, query] = location.hash.slice(2).split(/\?(.*)/s);
  closeSheet();
  for (const hide of leaving) hide();
  $("back").hidden = path === "";
  $("main").replaceChildren(el("p", {class: "notice"}, "正在读取…"));
  let content;
  try {
    const screen = screens.find((it) => it.prefix ? path.startsWith(it.prefix) : path === "");
    if (!screen) throw new Error("这一页没有载入，请刷新");
    content = await screen.render(path, new URLSearchParams(query || ""));
  } catch (error) {
    const again = el("button", {type: "button"}, "再试一次");
    again.addEventListener("click", show);
    content = [el("p", {class: "notice"}, "读取失败：" + error.message), again];
  }
  if (mine !== visit) return;
  $("main").replaceChildren(...content.filter((it) => it !== null));
  const wanted = document.querySelector(".wanted");
  if (wanted) wanted.scrollIntoView({block: "center"});
  else scrollTo(0, 0);
}

$("shade").addEventListener("click", closeSheet);
addEventListener("keydown", (event) => { if (event.key === "Escape") closeSheet(); });
addEventListener("hashchange", show);
// When the screens are there too.
addEventListener("DOMContentLoaded", show);
