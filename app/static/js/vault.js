// Comforts of pages with tiles: sections stay folded, and news comes in by itself while somebody looks. Without this file a
// section is folded as long as its page lasts, and the button refreshes.
"use strict";

(() => {
  const side = document.querySelector("[data-ask-again]");
  const found = document.getElementById("found");
  const token = document.querySelector("input[name=csrf_token]");

  // Browsers also tell of sections that are open from the start: those are as the site knows them.
  document.addEventListener("toggle", ({ target }) => {
    const name = target.dataset?.fold;
    if (!name || target.open === (target.dataset.open ?? "1") > "0") return;
    target.dataset.open = target.open ? "1" : "0";
    const body = new URLSearchParams({ csrf_token: token.value, section: name, folded: target.open ? "0" : "1" });
    fetch("/vault/fold", { method: "POST", body }).catch(() => {});
  }, true);
  const asKept = (root) => {
    for (const each of root.querySelectorAll("details[data-fold]")) each.dataset.open = each.open ? "1" : "0";
  };
  if (found) asKept(found);

  if (!side || !found) return;
  const age = side.querySelector("time");
  const line = side.querySelector(".fresh");
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  let askAgainS = Number(side.dataset.askAgain);
  let askedAt = Date.now();
  let tag = "";
  let asking = null;

  function tell() {
    const seconds = Math.round((Date.now() - Date.parse(age.dateTime)) / 1000);
    const [value, unit] = seconds < 60 ? [seconds, "second"] : seconds < 3600 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
    age.textContent = words.format(-Math.max(0, Math.floor(value)), unit);
    line.classList.toggle("fresh-stale", seconds > 120);
  }

  const FOCUSABLE = "a, button, input, select, summary";
  const nameOf = (section) => section.querySelector("details[data-fold]")?.dataset.fold ?? "";
  // Sections, and the counts and links that stand around them.
  const partsOf = (root) => [...root.querySelectorAll("section[data-bucket], .jump-links, .store > h2, .store-tabs .count")];
  const tileLike = (tile) => tile.dataset.itemId ? `[data-item-id="${tile.dataset.itemId}"]` : `[data-item-hash="${tile.dataset.itemHash}"]`;

  // What somebody has folded a moment ago stays so, whatever the site knew when it answered.
  function keepFolds(now, news) {
    const open = new Map([...now.querySelectorAll("details[data-fold]")].map((each) => [each.dataset.fold, each.open]));
    for (const each of news.querySelectorAll("details[data-fold]")) each.open = open.get(each.dataset.fold) ?? each.open;
    asKept(news);
  }

  // What is unfolded stays so, where there is as much to unfold as before.
  function keepOpen(now, news) {
    const [before, after] = [now, news].map((root) => [...root.querySelectorAll("details")]);
    if (before.length === after.length) after.forEach((each, i) => { each.open = before[i].open; });
  }

  // The token and the key of a form are new in every answer and change nothing that anybody sees.
  const shown = (part) => part.innerHTML.replace(/name="(key|csrf_token)" value="[^"]*"/g, "");

  // What had the focus has it again, in the part that takes the place of its own.
  function put(old, fresh) {
    if (!old || shown(old) === shown(fresh)) return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? [...old.querySelectorAll(FOCUSABLE)].indexOf(focused) : -1;
    const tile = focused?.closest("[data-item-hash]");
    old.replaceChildren(...fresh.childNodes);
    const again = tile ? old.querySelector(tileLike(tile)) : old.querySelectorAll(FOCUSABLE)[place];
    if (focused) again?.focus({ preventScroll: true });
  }

  function swap(news) {
    const fresh = news.getElementById("found");
    keepFolds(found, fresh);
    const [before, after] = [partsOf(found), partsOf(fresh)];
    const isSame = before.length === after.length && before.every((each, i) => nameOf(each) === nameOf(after[i]));
    if (isSame) before.forEach((each, i) => { each.className = after[i].className; put(each, after[i]); });
    else put(found, fresh);
    const panels = document.getElementById("panels");
    if (panels) keepOpen(panels, news.getElementById("panels"));
    for (const part of news.body.children) if (part !== fresh) put(document.getElementById(part.id), part);
    const compact = document.getElementById("compact");
    if (compact) compact.checked = localStorage.getItem("compact") === "1";
  }

  async function ask() {
    asking = new AbortController();
    askedAt = Date.now();
    const headers = { "X-News": "1", ...(tag && { "If-None-Match": tag }) };
    const answer = await fetch(location.href, { headers, signal: asking.signal });
    const fetchedAt = answer.headers.get("X-Fetched-At");
    // An answer that is older than what is shown, or no answer of this page at all, changes nothing.
    if (!fetchedAt || Date.parse(fetchedAt) < Date.parse(age.dateTime)) return;
    const text = answer.status === 200 ? await answer.text() : "";
    age.dateTime = fetchedAt;
    askAgainS = Number(answer.headers.get("X-Ask-Again"));
    if (!text) return;
    tag = answer.headers.get("ETag");
    swap(new DOMParser().parseFromString(text, "text/html"));
  }

  // What the player does is newer than any answer that is still under way.
  const drop = () => asking?.abort();
  for (const doing of ["submit", "htmx:beforeRequest", "toggle"]) document.addEventListener(doing, drop, true);

  // An answer that was asked for while something the player does is under way could be older than what comes of it.
  const isBusy = () =>
    document.hidden || document.querySelector("dialog[open], .is-waiting, .htmx-request, [data-picking]") || document.activeElement?.id === "search";
  function look() {
    tell();
    if (!isBusy() && Date.now() - askedAt >= askAgainS * 1000) ask().then(tell).catch(() => {});
  }
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
