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

  const nameOf = (section) => section.querySelector("details[data-fold]")?.dataset.fold ?? "";
  const sectionsOf = (root) => [...root.querySelectorAll("section[data-bucket]")];
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

  function put(old, fresh) {
    if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
  }

  function swap(news) {
    const focused = found.contains(document.activeElement) ? document.activeElement.closest("[data-item-hash]") : null;
    const fresh = news.getElementById("found");
    keepFolds(found, fresh);
    const [before, after] = [sectionsOf(found), sectionsOf(fresh)];
    const isSame = before.length === after.length && before.every((each, i) => nameOf(each) === nameOf(after[i]));
    if (isSame) before.forEach((each, i) => put(each, after[i]));
    else put(found, fresh);
    const panels = document.getElementById("panels");
    if (panels) keepOpen(panels, news.getElementById("panels"));
    for (const id of ["notices", "counts", ...(panels ? ["panels"] : [])]) put(document.getElementById(id), news.getElementById(id));
    const compact = document.getElementById("compact");
    if (compact) compact.checked = localStorage.getItem("compact") === "1";
    if (focused && !focused.isConnected) found.querySelector(tileLike(focused))?.focus({ preventScroll: true });
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

  const isBusy = () => document.hidden || document.querySelector("dialog[open]") || document.activeElement?.id === "search";
  function look() {
    tell();
    if (!isBusy() && Date.now() - askedAt >= askAgainS * 1000) ask().then(tell).catch(() => {});
  }
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
