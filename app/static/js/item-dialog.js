// A tile's item page, opened over the page that the tile stands on. Without this file the link simply leads to that page.
"use strict";

(() => {
  const dialog = document.getElementById("item-dialog");
  if (!dialog?.showModal || !window.htmx) return;
  const body = dialog.querySelector(".item-dialog-body");
  const titleBefore = document.title;
  let opener = null;

  const pathOf = (address) => new URL(address, location.href).pathname;

  function show(address) {
    dialog.classList.add("is-loading");
    if (!dialog.open) dialog.showModal();
    htmx.ajax("GET", address, { target: body, swap: "innerHTML show:none" });
  }

  function open(link) {
    if (!dialog.open) [opener, dialog.dataset.over] = [link, location.href];
    // One step back closes, however many items were looked at meanwhile.
    if (history.state?.item) history.replaceState({ item: link.href }, "", link.href);
    else history.pushState({ item: link.href }, "", link.href);
    show(link.href);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='/items/']");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented) return;
    event.preventDefault();
    open(link);
  });

  // Whatever is not the item itself (a sign-in page, an error) is shown as a page of its own.
  function leave(event) {
    event.preventDefault();
    location.reload();
  }
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status !== 200 || pathOf(xhr.responseURL) !== pathOf(requestConfig.path)) leave(event);
  });
  body.addEventListener("htmx:sendError", leave);
  body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.requestConfig.verb !== "get") return; // a part of the item was sent and comes back
    dialog.classList.remove("is-loading");
    dialog.scrollTop = 0;
    const title = document.getElementById("item-name");
    title.focus();
    document.title = `${title.textContent.trim()} · Vault Raider`;
  });

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".item-dialog-close")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    if (history.state?.item) history.back();
    body.replaceChildren();
    document.title = titleBefore;
    opener?.focus(); // a browser that does not focus a link when it is clicked could not return there by itself
  });
  addEventListener("popstate", (event) => {
    if (event.state?.item) show(event.state.item);
    else if (dialog.open) dialog.close();
  });
})();
