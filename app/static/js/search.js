// The search box as one types. Without this file, or without htmx, the form simply loads the page with its finds.
"use strict";

(() => {
  const box = document.getElementById("search");
  if (!box) return;
  const form = box.form;
  const pathOf = (address) => new URL(address, location.href).pathname;
  const isOurs = (event) => event.detail.requestConfig?.elt === form;

  // A sign-in page or an error is shown as a page of its own.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isOurs(event)) return;
    const { xhr } = event.detail;
    if (xhr.status === 200 && pathOf(xhr.responseURL) === pathOf(form.action)) return;
    event.preventDefault();
    location.assign(xhr.responseURL || form.action);
  });

  // The address always leads to what is shown, whatever was typed meanwhile, and "Icons only" stays as it was.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (!isOurs(event)) return;
    const asked = new URL(event.detail.xhr.responseURL || form.action).searchParams;
    const filled = [...asked].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
    const query = filled.length ? `?${new URLSearchParams(filled)}` : "";
    history.replaceState(history.state, "", pathOf(form.action) + query);
    const compact = document.getElementById("compact");
    if (compact) compact.checked = localStorage.getItem("compact") === "1";
  });
})();
