// Ticking many: says how many are ticked, ticks a whole row, and with Shift everything between two clicks.
"use strict";

(() => {
  const form = document.querySelector("[data-picking]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=item]")];
  const told = form.querySelector(".picking-count");
  const shelves = [...form.querySelectorAll(".picking-shelf")];
  let last = null;

  function tell() {
    const ticked = boxes.filter((box) => box.checked).length;
    told.textContent = ticked;
    told.hidden = false;
    for (const button of form.querySelectorAll(".picking button")) button.disabled = !ticked;
  }

  const boxesOf = (shelf) => [...shelf.querySelectorAll("input[name=item]")];

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
  for (const shelf of shelves) shelf.querySelector("[data-pick-all]").hidden = false;
  addEventListener("pageshow", tell);
  tell();
})();
