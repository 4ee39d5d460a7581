"use strict";

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

function headlineCard(headline) {
  const main = headline.level || headline.growth;
  return el("div", {class: "card"},
    el("div", {class: "label"}, headline.indicatorName || headline.indicator),
    el("div", {class: "value"}, headline.level ? valueText(headline.level) : growthText(main)),
    headline.level && headline.growth
      ? el("div", {class: "growth"},
          `${growthText(headline.growth)}（${periodText(headline.growth.period)}）`) : null,
    el("div", {class: "note"}, periodText(main.period)));
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

async function showHome() {
  $("query").value = "";
  const home = await get("/v1/home");
  const failed = new Set(home.sections.filter((it) => it.state === "FAILED").map((it) => it.section));
  chineseName("/v1/places/" + home.place).then((name) => {
    if (name && $("back").hidden) $("place").textContent = document.title = name;
  });
  const content = [
    ...section("城市数据", "cards", home.headlines.map(headlineCard), failed.has("headlines")),
    ...section("承诺与进度", "list", home.progress.map(progressCard), failed.has("progress")),
    ...section("最新稿件", "list", home.articles.map(articleCard), failed.has("articles")),
  ];
  return content.length ? content : [el("p", {class: "notice"}, "这座城市还没有内容。")];
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

// The text of a block with its highlights, which open the figures they stand for.
function markedText(text, highlights, figures) {
  const spans = highlights.map((it) => ({begin: Number(it.start), end: Number(it.end), figures: it.figures}));
  return spannedText(text, spans, (words, span) => {
    const mark = el("mark", {role: "button", tabindex: 0}, words);
    const open = () => showFigures(span.figures.map((index) => figures[index]));
    mark.addEventListener("click", open);
    mark.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
    return mark;
  });
}

// Fills `holder` when they come; without any, or when they cannot be had, it stays empty.
async function addRelated(name, holder) {
  const path = name.split("/").map(encodeURIComponent).join("/");
  const found = await get(`/v1/${path}/related`).catch(() => ({articles: []}));
  holder.replaceChildren(...section("相关稿件", "list", found.articles.map(articleCard), false));
}

async function showArticle(name) {
  const page = await get(`/v1/${name.split("/").map(encodeURIComponent).join("/")}/page`);
  const article = page.article;
  const blocks = article.blocks.map((block, index) => {
    const highlights = page.highlights.filter((it) => it.block === index);
    const tag = block.kind === "HEADING" ? "h2" : "p";
    return el(tag, {class: block.kind.toLowerCase()},
      ...markedText(block.text, highlights, page.figures));
  });
  const from = [article.publication, article.page, dateText(article.publishDate), article.byline];
  document.title = article.title;
  const related = el("div", {});
  addRelated(name, related);
  return [el("article", {},
    el("div", {class: "head", role: "heading", "aria-level": 1}, article.title),
    article.subtitle ? el("div", {class: "note"}, article.subtitle) : null,
    el("div", {class: "label"}, from.filter(Boolean).join(" · ")),
    page.sections.some((it) => it.state === "FAILED")
      ? el("p", {class: "notice"}, "数据标注暂时取不到。") : null,
    ...blocks), related];
}

async function showFigures(figures) {
  const sheet = $("sheet");
  const known = await Promise.all(figures.map(
    (it) => it.indicator ? chineseName("/v1/indicators/" + it.indicator) : ""));
  sheet.replaceChildren(...figures.map((figure, index) => {
    const rows = [
      ["指标", known[index] || figure.indicatorText || "未识别"],
      ["时期", periodText(figure.period)],
      ["数值", valueText(figure)],
      ["口径", [MEASURES[figure.measure], KINDS[figure.kind]].filter(Boolean).join(" · ")],
    ];
    return el("dl", {}, ...rows.flatMap(([key, value]) => [el("dt", {}, key), el("dd", {}, value)]));
  }));
  const close = el("button", {type: "button"}, "关闭");
  close.addEventListener("click", hideFigures);
  sheet.append(close);
  sheet.hidden = $("shade").hidden = false;
  sheet.focus();
}

function hideFigures() {
  $("sheet").hidden = $("shade").hidden = true;
}

let visit = 0;
async function show() {
  const mine = ++visit;
  const name = location.hash.slice(2);
  const isArticle = name.startsWith("articles/");
  const isSearch = name.startsWith("search?");
  hideFigures();
  hideSuggestions();
  $("back").hidden = !isArticle && !isSearch;
  $("main").replaceChildren(el("p", {class: "notice"}, "正在读取…"));
  let content;
  try {
    content = isArticle ? await showArticle(name)
      : isSearch ? await showSearch(new URLSearchParams(name.slice("search?".length)))
      : await showHome();
  } catch (error) {
    const again = el("button", {type: "button"}, "再试一次");
    again.addEventListener("click", show);
    content = [el("p", {class: "notice"}, "读取失败：" + error.message), again];
  }
  if (mine !== visit) return;
  $("main").replaceChildren(...content);
  scrollTo(0, 0);
}

$("shade").addEventListener("click", hideFigures);
addEventListener("keydown", (event) => { if (event.key === "Escape") hideFigures(); });
addEventListener("hashchange", show);
// When search.js is there too.
addEventListener("DOMContentLoaded", show);
