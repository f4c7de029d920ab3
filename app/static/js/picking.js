// Ticking many: says how many are ticked, ticks a whole row, and with Shift everything between two clicks. The boxes come
// and go in the place of the tiles; without this file they are a page of their own.
"use strict";

(() => {
  function begin(form) {
    const boxes = [...form.querySelectorAll("input[name=item]")];
    const told = form.querySelector(".picking-count");
    const boxesOf = (shelf) => [...shelf.querySelectorAll("input[name=item]")];
    // What the server refuses stays so, whatever is ticked.
    const buttons = form.querySelectorAll(".picking button:not([aria-describedby='move-refusal'])");
    let last = null;

    function tell() {
      const ticked = boxes.filter((box) => box.checked).length;
      told.textContent = ticked;
      told.hidden = false;
      for (const button of buttons) button.disabled = !ticked;
    }

    form.addEventListener("click", (event) => {
      const all = event.target.closest("[data-pick-all]");
      if (all) {
        const own = boxesOf(all.closest(".picking-shelf"));
        const isOn = !own.every((box) => box.checked);
        for (const box of own) box.checked = isOn;
        tell();
      }
      if (event.target.name !== "item") return;
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(event.target)].sort((one, two) => one - two);
        for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
      }
      last = event.target;
      tell();
    });
    for (const button of form.querySelectorAll("[data-pick-all]")) button.hidden = false;
    addEventListener("pageshow", tell);
    tell();
  }

  for (const form of document.querySelectorAll("[data-picking]")) begin(form);

  const found = document.getElementById("found");
  let tiles = [];

  async function pick(link) {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector("[data-picking]");
    if (!answer.ok || !form) throw new Error("nothing to tick");
    tiles = [...found.childNodes];
    found.replaceChildren(form);
    begin(form);
    link.setAttribute("aria-expanded", "true");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-select]");
    if (!link || !found || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (found.querySelector("[data-picking]")) {
      found.replaceChildren(...tiles);
      link.setAttribute("aria-expanded", "false");
    } else pick(link).catch(() => location.assign(link.href));
  });
})();
