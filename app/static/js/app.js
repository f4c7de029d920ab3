// Comforts only: every page works without this file.
// A picture that cannot be had gives way to the drawing behind it, also in browsers that paint nothing over a broken one.
"use strict";

const placeholder = document.currentScript.src.replace(/js\/app\.js.*/, "img/placeholder.svg");

function replace(image) {
  if (image.classList.contains("is-missing")) return;
  image.classList.add("is-missing");
  if (image.matches(".wm, .banner-back, .item-shot")) image.hidden = true;
  else image.src = placeholder;
}

document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement) replace(event.target);
}, true);

for (const image of document.images) {
  if (image.complete && image.currentSrc && image.naturalWidth === 0) replace(image);
}

// The name of this page may stand outside a narrow screen.
const here = document.querySelector(".nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;

// "Icons only" is remembered in this browser. The box may come anew while one searches.
const compact = document.getElementById("compact");
if (compact) compact.checked = localStorage.getItem("compact") === "1";
document.addEventListener("change", ({ target }) => {
  if (target.id === "compact") localStorage.setItem("compact", target.checked ? "1" : "0");
});
