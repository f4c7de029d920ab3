// A tag that was given in the dialog shows on the tile behind it at once. Without this file the next page shows it.
"use strict";

(() => {
  const dialog = document.getElementById("item-dialog");
  if (!dialog || !window.htmx) return;
  let before = "";

  const panelIn = () => dialog.querySelector(".tag-panel");

  function paint({ tagged, look, spoken }) {
    const tiles = document.querySelectorAll(`.tile[data-item-id="${tagged}"], .tile[data-item-hash="${tagged}"][data-quantity]`);
    for (const tile of tiles) {
      const foot = tile.querySelector(".tile-foot");
      for (const mark of foot.querySelectorAll("i[class^=tag-], i[class^=label-]")) mark.remove();
      const label = tile.getAttribute("aria-label");
      const bare = before ? label.replace(`, ${before}`, "") : label;
      tile.setAttribute("aria-label", spoken ? `${bare}, ${spoken}` : bare);
      if (!look) continue;
      const mark = document.createElement("i");
      mark.className = look;
      foot.insertBefore(mark, foot.querySelector("i"));
    }
  }

  dialog.addEventListener("htmx:beforeSwap", () => { before = panelIn()?.dataset.spoken ?? ""; });
  dialog.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.requestConfig.verb === "post" && panelIn()) paint(panelIn().dataset);
  });
})();
