// Shows how far a run of the game data is, while somebody looks. Without this file the page reloads by itself.
"use strict";

{
  const EVERY_MS = 1000;
  const panel = document.querySelector("[data-run]:not([data-run=''])");

  const show = (told) => {
    for (const [name, text] of Object.entries(told)) {
      const part = panel.querySelector(`[data-run-part=${name}]`);
      if (part && part.textContent !== text) part.textContent = text;
    }
  };

  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(panel.dataset.run, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const run = await answer.json();
    if (run.is_active) show(run.told);
    else location.assign(panel.dataset.runAfter);
  };

  const goOn = () => setTimeout(() => look().catch(() => {}).finally(goOn), EVERY_MS);
  if (panel) goOn();
}
