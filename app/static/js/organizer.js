// Ticking many rows: all of them, a range with shift, and how many there are. Without this file a link ticks all.
// And pictures of rows further down, which are fetched before anybody scrolls there.
"use strict";

(() => {
  const found = document.getElementById("found");
  if (!found) return;
  let last = null;
  const boxes = () => [...found.querySelectorAll(".sheet input[name=item]")];

  function count() {
    const told = found.querySelector("[data-ticked]");
    if (!told) return;
    const ticked = boxes().filter((box) => box.checked).length;
    told.hidden = !ticked;
    told.textContent = new Intl.NumberFormat(document.documentElement.lang).format(ticked);
  }

  found.addEventListener("click", (event) => {
    const { target } = event;
    if (target.matches("[data-tick-all]")) {
      event.preventDefault();
      const all = boxes();
      const isOn = all.some((box) => !box.checked);
      for (const box of all) box.checked = isOn;
      count();
    } else if (target.matches(".sheet input[name=item]")) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((one, other) => one - other);
      if (event.shiftKey && from >= 0) for (const box of all.slice(from, to)) box.checked = target.checked;
      last = target;
      count();
    }
  });

  // A picture that arrives while one scrolls is laid out and painted in the middle of it, which a slow phone shows.
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));

  function fetchPictures() {
    const next = [...found.querySelectorAll(".sheet img[loading=lazy]")].slice(0, 40);
    for (const image of next) image.loading = "eager";
    if (next.length) idle(fetchPictures);
  }

  if (!navigator.connection?.saveData) {
    addEventListener("load", () => idle(fetchPictures));
    found.addEventListener("htmx:afterSettle", () => idle(fetchPictures));
  }
})();
