"use strict";

// The screen of an article with its figures marked. Uses what app.js has.

// The text of a block with its highlights, which open the figures they stand for. What stands at
// `wanted`, from a link, is shown first; when no figure is there the words themselves are marked.
function markedText(text, highlights, figures, wanted) {
  const spans = highlights.map((it) => ({begin: Number(it.start), end: Number(it.end), figures: it.figures}));
  const isWanted = (span) => wanted && span.begin < wanted.end && wanted.begin < span.end;
  if (wanted && wanted.begin < wanted.end && !spans.some(isWanted)) {
    spans.push({...wanted, figures: null});
    spans.sort((a, b) => a.begin - b.begin);
  }
  return spannedText(text, spans, (words, span) => {
    if (!span.figures) return el("mark", {class: "wanted plain"}, words);
    const mark = el("mark", {role: "button", tabindex: 0, ...(isWanted(span) ? {class: "wanted"} : {})}, words);
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

async function showArticle(name, parameters) {
  const [block, begin, end] = ["block", "start", "end"].map((it) => Number(parameters.get(it) ?? -1));
  const page = await get(`/v1/${name.split("/").map(encodeURIComponent).join("/")}/page`);
  const article = page.article;
  const blocks = article.blocks.map((it, index) => {
    const highlights = page.highlights.filter((mark) => mark.block === index);
    const tag = it.kind === "HEADING" ? "h2" : "p";
    return el(tag, {class: it.kind.toLowerCase()},
      ...markedText(it.text, highlights, page.figures, index === block ? {begin, end} : null));
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
  const known = await Promise.all(figures.map(
    (it) => it.indicator ? chineseName("/v1/indicators/" + it.indicator) : ""));
  openSheet(...figures.flatMap((figure, index) => [
    facts([
      ["指标", known[index] || figure.indicatorText || "未识别"],
      ["时期", periodText(figure.period)],
      ["数值", valueText(figure)],
      ["口径", [MEASURES[figure.measure], KINDS[figure.kind]].filter(Boolean).join(" · ")],
    ]),
    ...(figure.indicator && figure.place
      ? [el("p", {}, el("a", {class: "link", href: indicatorAddress(figure.indicator, figure.place)}, "看这个指标"))] : []),
  ]));
}

addScreen("articles/", showArticle);
