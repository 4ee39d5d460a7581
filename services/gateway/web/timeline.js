"use strict";

// The city's timeline: dated events, newest first. Uses what app.js has.

// Events of one year under its heading; a page may go on with the year the page before ended with.
function yearsOf(events, shown) {
  const cards = [];
  for (const event of events) {
    if (event.date.year !== shown.year) {
      shown.year = event.date.year;
      cards.push(el("h2", {}, `${shown.year}年`));
    }
    cards.push(eventRow(event));
  }
  return cards;
}

async function showTimeline(path, parameters) {
  document.title = "城市大事记";
  const place = parameters.get("place");
  const shown = {year: null};
  const load = async (token) => {
    const query = Object.entries({place, page_size: "50", page_token: token}).filter(([, value]) => value);
    const page = await get("/v1/events?" + new URLSearchParams(query));
    return {cards: yearsOf(page.events, shown), token: page.nextPageToken};
  };
  const first = await load("");
  const name = place ? await chineseName("/v1/places/" + place) : "";
  return [
    el("div", {class: "head", role: "heading", "aria-level": 1}, `${name}大事记`),
    el("p", {class: "note"}, "从已发布的稿件中读出；点一条，看说到它的那句话。"),
    ...first.cards,
    first.cards.length ? null : el("p", {class: "notice"}, "还没有读到事件。"),
    first.token ? moreButton(first.token, load) : null,
  ];
}

addScreen("timeline", showTimeline);
