"use strict";

// The search box with its suggestions, and the page of results. Uses what app.js has.

const SUGGESTION_KINDS = {INDICATOR: "指标", TAG: "标签", TITLE: "稿件"};
const PAUSE_WHILE_TYPING = 120;  // milliseconds

// Words of the query, as they stand in a text.
function hitText(text, spans) {
  const numbers = spans.map((it) => ({begin: Number(it.begin), end: Number(it.end)}));
  return spannedText(text, numbers, (words) => el("mark", {class: "hit"}, words));
}

// Where a search with these parameters is; one that is empty is left out.
function searchAddress(parameters) {
  const kept = Object.entries(parameters).filter(([, value]) => value);
  return "#/search?" + new URLSearchParams(kept);
}

function resultCard(result) {
  const article = result.article;
  return el("a", {class: "card row", href: "#/" + article.name},
    el("div", {class: "title"}, ...hitText(article.title, result.titleSpans)),
    el("div", {class: "note"}, ...(result.excerpt ? hitText(result.excerpt, result.excerptSpans) : [article.excerpt])),
    el("div", {class: "label"}, [article.publication, article.section, dateText(article.publishDate)]
      .filter(Boolean).join(" ")));
}

// One filter of the page: chosen already when it is the one asked for, and then it lets go again.
function chip(asked, name, value, text) {
  const chosen = asked[name] === value;
  return el("a", {href: searchAddress({...asked, [name]: chosen ? "" : value}), "aria-current": chosen}, text);
}

function totalText(found) {
  return `${found.totalSizeIsLowerBound ? "至少" : "共"}${found.totalSize}篇`;
}

function searchRequest(asked, token) {
  const query = {query: asked.q, section: asked.section, order: asked.order, page_token: token};
  if (/^\d{1,4}$/.test(asked.year || "")) {
    const year = asked.year.padStart(4, "0");
    query.publish_date_from = year + "-01-01";
    query.publish_date_to = year + "-12-31";
  }
  return "/v1/articles:search?" + new URLSearchParams(Object.entries(query).filter(([, value]) => value));
}

async function nextResults(asked, token) {
  const next = await get(searchRequest(asked, token));
  return {cards: next.results.map(resultCard), token: next.nextPageToken};
}

async function showSearch(path, parameters) {
  const asked = Object.fromEntries(parameters);
  $("query").value = asked.q || "";
  document.title = asked.q || "搜索";
  if (!(asked.q || "").trim()) return [el("p", {class: "notice"}, "输入要找的词；几个词之间用空格分开，-词 表示不要。")];
  const found = await get(searchRequest(asked, ""));
  // A filter that is set stays to be seen, also where nothing of it is left.
  const sections = new Map(found.sectionFacets.map((it) => [it.label, it.count]));
  const years = new Map(found.yearFacets.map((it) => [String(it.year), it.count]));
  if (asked.section && !sections.has(asked.section)) sections.set(asked.section, 0);
  if (asked.year && !years.has(asked.year)) years.set(asked.year, 0);
  const orders = [chip({...asked, order: asked.order || "RELEVANCE"}, "order", "RELEVANCE", "最相关"),
    chip(asked, "order", "NEWEST", "最新")];
  return [
    el("div", {class: "line"}, el("h2", {}, totalText(found)), el("div", {class: "chips"}, ...orders)),
    Number(found.changesBehind) > 0
      ? el("p", {class: "notice"}, `索引正在更新，还有${found.changesBehind}处改动没有计入。`) : null,
    el("div", {class: "chips", "aria-label": "版块"},
      ...[...sections].filter(([label]) => label).map(([label, count]) => chip(asked, "section", label, `${label} ${count}`))),
    el("div", {class: "chips", "aria-label": "年份"},
      ...[...years].map(([year, count]) => chip(asked, "year", year, `${year}年 ${count}`))),
    ...found.results.map(resultCard),
    found.results.length ? null : el("p", {class: "notice"}, "没有找到。"),
    found.nextPageToken ? moreButton(found.nextPageToken, (token) => nextResults(asked, token)) : null,
  ];
}

addScreen("search", showSearch);

// --- the box ---

let suggesting = null;  // the request under way
let typing = 0;         // the timer that waits for a pause
let chosen = -1;        // which suggestion the arrow keys are on

function hideSuggestions() {
  clearTimeout(typing);
  if (suggesting) suggesting.abort();
  $("suggestions").hidden = true;
  $("suggestions").replaceChildren();
  $("query").setAttribute("aria-expanded", "false");
  $("query").removeAttribute("aria-activedescendant");
  chosen = -1;
}

function goTo(address) {
  hideSuggestions();
  $("query").blur();
  if (location.hash === address) show();
  else location.hash = address;
}

function takeSuggestion(suggestion) {
  goTo(suggestion.kind === "TITLE" ? "#/" + suggestion.article : searchAddress({q: suggestion.text}));
}

function suggestionItem(suggestion, index) {
  const item = el("li", {role: "option", id: "suggestion-" + index, "aria-selected": "false"},
    el("span", {}, ...hitText(suggestion.text, suggestion.spans)),
    el("span", {class: "label"}, SUGGESTION_KINDS[suggestion.kind] || ""));
  item.suggestion = suggestion;
  // Before the box loses the focus, which hides the list.
  item.addEventListener("mousedown", (event) => { event.preventDefault(); takeSuggestion(suggestion); });
  return item;
}

async function suggest() {
  const prefix = Array.from($("query").value.trim()).slice(0, 100).join("");
  if (suggesting) suggesting.abort();
  if (!prefix) return hideSuggestions();
  const mine = suggesting = new AbortController();
  // A suggestion that does not come is no matter.
  const found = await get("/v1/articles:suggest?" + new URLSearchParams({prefix}), mine.signal)
    .catch(() => ({suggestions: []}));
  if (mine !== suggesting || mine.signal.aborted) return;
  if (!found.suggestions.length || document.activeElement !== $("query")) return hideSuggestions();
  chosen = -1;
  $("suggestions").replaceChildren(...found.suggestions.map(suggestionItem));
  $("suggestions").hidden = false;
  $("query").setAttribute("aria-expanded", "true");
}

function choose(step) {
  const items = [...$("suggestions").children];
  if (!items.length) return;
  chosen = (chosen + step + (chosen < 0 && step < 0 ? 1 : 0) + items.length) % items.length;
  items.forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
  $("query").setAttribute("aria-activedescendant", items[chosen].id);
}

$("query").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(suggest, PAUSE_WHILE_TYPING);
});
$("query").addEventListener("keydown", (event) => {
  // While an input method composes, the keys are its own.
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") {
    hideSuggestions();
  }
});
$("query").addEventListener("blur", hideSuggestions);
whenLeaving(hideSuggestions);
$("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const items = $("suggestions").children;
  const query = $("query").value.trim();
  if (chosen >= 0 && items[chosen]) takeSuggestion(items[chosen].suggestion);
  else if (query) goTo(searchAddress({q: query}));
});
