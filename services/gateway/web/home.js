"use strict";

// The first screen: headlines, promises, the newest events and articles. Uses what app.js has.

function headlineCard(headline) {
  const main = headline.level || headline.growth;
  return el("a", {class: "card", href: indicatorAddress(headline.indicator, main.place)},
    el("div", {class: "label"}, headline.indicatorName || headline.indicator),
    el("div", {class: "value"}, headline.level ? valueText(headline.level) : growthText(main)),
    headline.level && headline.growth
      ? el("div", {class: "growth"},
          `${growthText(headline.growth)}（${periodText(headline.growth.period)}）`) : null,
    el("div", {class: "note"}, periodText(main.period)));
}

// Fills `holder` when they come; without any, or when they cannot be had, it stays empty.
async function addNewestEvents(place, holder) {
  const found = await get("/v1/events?" + new URLSearchParams({place, page_size: 3})).catch(() => ({events: []}));
  if (!found.events.length) return;
  holder.replaceChildren(el("h2", {class: "line"}, el("span", {}, "城市大事记"),
    el("a", {href: "#/timeline?" + new URLSearchParams({place}), class: "all"}, "全部")), ...found.events.map(eventRow));
}

async function showHome() {
  $("query").value = "";
  const home = await get("/v1/home");
  const failed = new Set(home.sections.filter((it) => it.state === "FAILED").map((it) => it.section));
  chineseName("/v1/places/" + home.place).then((name) => {
    if (name && $("back").hidden) $("place").textContent = document.title = name;
  });
  const events = el("div", {});
  addNewestEvents(home.place, events);
  const content = [
    ...section("城市数据", "cards", home.headlines.map(headlineCard), failed.has("headlines")),
    ...section("承诺与进度", "list", home.progress.map(progressCard), failed.has("progress")),
    events,
    ...section("最新稿件", "list", home.articles.map(articleCard), failed.has("articles")),
  ];
  return content.length > 1 ? content : [el("p", {class: "notice"}, "这座城市还没有内容。")];
}

addScreen("", showHome);
