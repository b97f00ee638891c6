// What the pages do with a script: live updates, local times, the search field, and the waterfall.
// Without it, everything else works.
import { keepLive } from "./live.js";
import { completeQueries } from "./search.js";
import { showLocalTimes } from "./times.js";
import { zoomWaterfalls } from "./waterfall.js";

function enhance(root) {
  showLocalTimes(root);
  zoomWaterfalls(root);
  for (const element of root.querySelectorAll("[data-origin]")) {
    element.textContent = location.origin;
  }
}

enhance(document);
completeQueries(document);
// A time range that is chosen applies at once.
for (const select of document.querySelectorAll("form.filter select")) {
  select.addEventListener("change", () => {
    // The end of another time range would be before its start.
    const { to } = select.form.elements;
    if (to !== undefined) {
      to.value = "";
    }
    select.form.requestSubmit();
  });
}
keepLive(enhance);
