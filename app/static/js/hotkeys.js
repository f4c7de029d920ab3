// Keys for whoever prefers them. The sheet lists them, and they are read from there. Nothing happens while somebody writes.
"use strict";

(() => {
  const sheet = document.getElementById("hotkeys");
  const opener = document.getElementById("hotkeys-open");
  if (!sheet?.showModal || !opener) return;
  const WAIT_MS = 1500; // for the second key of two
  const WRITING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  const selectors = new Map([...sheet.querySelectorAll("[data-keys]")].map(({ dataset }) => [dataset.keys, dataset.does]));
  const switched = document.getElementById("hotkeys-on");
  let first = { key: "", at: -Infinity };

  switched.checked = localStorage.getItem("hotkeys") !== "0";
  switched.addEventListener("change", () => localStorage.setItem("hotkeys", switched.checked ? "1" : "0"));

  // Letters lie where they do on a Latin keyboard, also on one that writes other letters.
  // A digit with Shift writes another sign in every country, so the key counts.
  function nameOf({ key, code, shiftKey }) {
    const digit = shiftKey && `shift+${code.slice(5)}`;
    if (code.startsWith("Digit") && selectors.has(digit)) return digit;
    const isForeign = key.length === 1 && key > "\u007f" && code.startsWith("Key");
    return (isForeign ? code.at(-1) : key).toLowerCase();
  }

  // What lies under an open dialog is out of reach, but for links: they leave the page with the dialog.
  function targetOf(selector) {
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    const found = (dialog ?? document).querySelector(selector) ?? document.querySelector(selector);
    return dialog && !dialog.contains(found) && !found?.matches("a") ? null : found;
  }

  function act(selector) {
    if (sheet.open) sheet.close();
    const target = targetOf(selector);
    if (!target) return;
    target.closest("details:not([open])")?.setAttribute("open", "");
    if (!target.matches(WRITING)) return target.click();
    target.focus();
    target.select();
  }

  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-closes]")) sheet.close();
  });

  // From tile to tile: sideways in their order, up and down to the nearest of the next row.
  function neighbour(tile, key) {
    const tiles = [...document.querySelectorAll("main a.tile")].filter((each) => each.checkVisibility());
    const place = tiles.indexOf(tile);
    if (key === "arrowleft" || key === "arrowright") return tiles[place + (key === "arrowright" ? 1 : -1)];
    const here = tile.getBoundingClientRect();
    const gap = (box) => (key === "arrowdown" ? box.top - here.bottom : here.top - box.bottom);
    const far = (box) => gap(box) * 1e4 + Math.abs(box.left - here.left);
    const rest = tiles.map((each) => [each, each.getBoundingClientRect()]).filter(([, box]) => gap(box) >= 0);
    return rest.reduce((best, each) => (best && far(best[1]) <= far(each[1]) ? best : each), null)?.[0];
  }

  function follow(event, key) {
    const next = neighbour(event.target, key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  document.addEventListener("keydown", (event) => {
    const { target, isComposing, repeat, ctrlKey, metaKey, altKey } = event;
    if (event.defaultPrevented || isComposing || ctrlKey || metaKey || altKey || !switched.checked) return;
    if (target.closest?.(WRITING)) return;
    const key = nameOf(event);
    if (key.startsWith("arrow") && target.matches("main a.tile") && !event.shiftKey) return follow(event, key);
    if (repeat || key === "shift") return;
    const both = event.timeStamp - first.at < WAIT_MS ? `${first.key} ${key}` : "";
    first = { key, at: event.timeStamp };
    const selector = selectors.get(both) ?? selectors.get(key);
    if (!selector) return;
    event.preventDefault();
    first = { key: "", at: -Infinity };
    if (key === "?" && sheet.open) sheet.close();
    else act(selector);
  });
})();
