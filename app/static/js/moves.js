// Moves from the item that is open over a page: its tile goes at once, and comes back if the game refuses.
// Without this file the forms lead to the page of the move.
"use strict";

(() => {
  const dialog = document.getElementById("item-dialog");
  const told = document.getElementById("move-told");
  const found = document.getElementById("found");
  if (!dialog?.showModal || !window.htmx || !told || !found) return;

  function tileOf(item) {
    return found.querySelector(`[data-item-id="${item}"], [data-item-hash="${item}"][data-quantity]`);
  }

  // Changes the tile as the game is about to, and answers how to take that back.
  function anticipate(form, sent) {
    const tile = tileOf(form.dataset.actsOn);
    const here = found.closest("[data-character]")?.dataset.character;
    if (!tile) return () => {};
    if (sent.has("locked")) {
      tile.classList.toggle("is-locked");
      return () => tile.classList.toggle("is-locked");
    }
    const isSome = Number(sent.get("quantity") ?? 1) < Number(tile.dataset.quantity ?? 1);
    const stays = !sent.has("to") || isSome || sent.get("to") === here;
    const entry = tile.closest("li, tr");
    entry.hidden = !stays;
    entry.classList.add("is-waiting");
    return () => {
      entry.hidden = false;
      entry.classList.remove("is-waiting");
    };
  }

  // What the page shows anew is the truth as far as it is known. A busy browser may take its time to go back to its address.
  const address = () => (history.state?.item && dialog.dataset.over) || location.href;
  const refresh = () => htmx.ajax("GET", address(), { target: found, swap: "innerHTML show:none" });

  function show(html) {
    told.innerHTML = html;
    return told.querySelector("[data-move]");
  }

  async function ask(address, options) {
    const answer = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
    const note = answer.ok && !answer.redirected ? show(await answer.text()) : null;
    if (!note) throw new Error("no move");
    return note;
  }

  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  async function act(form, submitter) {
    const sent = new FormData(form, submitter);
    const takeBack = anticipate(form, sent);
    if (dialog.open) dialog.close();
    try {
      let note = await ask(form.action, { method: "POST", body: sent });
      while (note.dataset.again !== "0") {
        await pause(note.dataset.again);
        note = await ask(`/moves/${note.dataset.move}`);
      }
      if (note.dataset.state !== "done") takeBack();
      await refresh();
    } catch {
      takeBack();
      location.assign("/moves");
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("#item-dialog form[data-acts-on], #move-told form")) return;
    event.preventDefault();
    act(form, event.submitter);
  });
  told.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) told.replaceChildren();
  });
})();
