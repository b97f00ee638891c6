// The waterfall of an execution: zoom, and details without loading the page again. All bars move by two
// custom properties of one rule, so that the styles of nothing else are computed again. What is shown
// stays when the page is updated.
import { refresh } from "./live.js";

// The distances between ticks in milliseconds, as the server has them.
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const STEPS = [1, 5, 10, 50, 100, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 7 * DAY, 30 * DAY, 365 * DAY];
const TICKS = 6;
const MAX_ZOOM = 5000;
const SVG = "http://www.w3.org/2000/svg";

// The time range that is shown, in milliseconds after the start. All of it if there is none.
let shown;
let drag;
let frame;
let rule;

export function zoomWaterfalls(root) {
  for (const waterfall of root.querySelectorAll("[data-waterfall]")) {
    build(waterfall);
    apply(waterfall);
  }
  if (root === document && current() !== null) {
    listen();
  }
}

function current() {
  return document.querySelector("[data-waterfall]");
}

function total(waterfall) {
  return Number(waterfall.dataset.waterfall);
}

function build(waterfall) {
  const overview = waterfall.querySelector(".overview");
  if (overview === null) {
    return;
  }
  overview.closest(".ruler").removeAttribute("aria-hidden");
  const buttons = [["zoom-out", "−", "Zoom out"], ["zoom-in", "+", "Zoom in"], ["zoom-reset", "All", "Show all of the time"]];
  waterfall.querySelector(".zoom").append(...buttons.map(([id, sign, label]) => {
    const button = document.createElement("button");
    [button.id, button.type, button.textContent, button.title] = [id, "button", sign, label];
    button.setAttribute("aria-label", label);
    return button;
  }));
  const window = document.createElement("div");
  window.className = "window";
  window.append(...[["zoom-from", "Start of the time that is shown"], ["zoom-to", "End of the time that is shown"]].map(([id, label]) => {
    const handle = document.createElement("i");
    handle.id = id;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", label);
    handle.tabIndex = 0;
    return handle;
  }));
  overview.append(window);
}

function range(waterfall) {
  return shown ?? { from: 0, to: total(waterfall) };
}

// Shows a time range, which is moved and widened so that it is possible.
function show(from, to) {
  const waterfall = current();
  const all = total(waterfall);
  const length = Math.min(all, Math.max(to - from, all / MAX_ZOOM));
  const start = Math.min(Math.max(0, from), all - length);
  shown = length >= all * 0.9999 ? undefined : { from: start, to: start + length };
  frame ??= requestAnimationFrame(() => {
    frame = undefined;
    apply(current());
  });
}

function apply(waterfall) {
  const all = total(waterfall);
  if (shown !== undefined && shown.from >= all) {
    shown = undefined;
  }
  const { from, to } = range(waterfall);
  rule ??= adopt();
  rule.style.setProperty("--zoom", String(all / (to - from)));
  rule.style.setProperty("--from", String(from / all));
  waterfall.classList.toggle("zoomed", shown !== undefined);
  for (const [id, value] of [["zoom-from", from], ["zoom-to", to]]) {
    const handle = waterfall.querySelector(`#${id}`);
    handle?.setAttribute("aria-valuemin", "0");
    handle?.setAttribute("aria-valuemax", String(Math.round(all)));
    handle?.setAttribute("aria-valuenow", String(Math.round(value)));
    handle?.setAttribute("aria-valuetext", `${label(value, (to - from) / 100)} after the start`);
  }
  drawTicks(waterfall, from, to, all);
}

function adopt() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  return sheet.cssRules[sheet.insertRule(".scaled, .window {}")];
}

function drawTicks(waterfall, from, to, all) {
  const [axis, lines] = [waterfall.querySelector(".axis-ticks"), waterfall.querySelector(".lines svg")];
  const step = STEPS.find((length) => (to - from) / length <= TICKS) ?? to - from;
  const ticks = [];
  for (let time = Math.ceil(from / step - 1e-9) * step; time <= to && ticks.length <= TICKS + 1; time += step) {
    ticks.push(time);
  }
  axis?.replaceChildren(...ticks.map((time) => {
    const text = element("text", { x: `${time / all * 100}%`, y: "70%" });
    if ((time - from) / (to - from) > 0.92) {
      text.setAttribute("class", "end");
    }
    text.textContent = label(time, step);
    return text;
  }));
  lines?.replaceChildren(...ticks.map((time) => {
    const x = `${time / all * 100}%`;
    return element("line", { class: "grid", x1: x, x2: x, y1: "0", y2: "100%" });
  }));
}

function element(name, attributes) {
  const created = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    created.setAttribute(attribute, value);
  }
  return created;
}

// A duration with as many units as distances of this length need.
function label(milliseconds, step) {
  const decimals = Math.max(0, Math.min(3, Math.ceil(-Math.log10(step / SECOND))));
  let rest = Math.round(milliseconds * 1000) / 1000;
  const parts = [];
  for (const [length, unit] of [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"]]) {
    if (rest >= length && (unit !== "min" || step < HOUR)) {
      parts.push(`${Math.floor(rest / length)} ${unit}`);
      rest %= length;
    }
  }
  const seconds = (rest / SECOND).toFixed(decimals);
  if (parts.length === 0 || Number(seconds) > 0 && step < MINUTE) {
    parts.push(`${seconds} s`);
  }
  return parts.join(" ");
}

function zoomBy(factor, center) {
  const { from, to } = range(current());
  const middle = center ?? (from + to) / 2;
  show(middle - (middle - from) / factor, middle + (to - middle) / factor);
}

function listen() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onDown);
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", () => { drag = undefined; });
  document.addEventListener("pointercancel", () => { drag = undefined; });
  document.addEventListener("wheel", onWheel, { passive: false });
  addEventListener("popstate", () => {
    choose(new URLSearchParams(location.search).get("event"));
  });
}

function onClick(event) {
  const { id } = event.target;
  const link = event.target.closest("a[data-select]");
  if (id === "zoom-in" || id === "zoom-out") {
    zoomBy(id === "zoom-in" ? 2 : 0.5);
  } else if (id === "zoom-reset") {
    show(0, total(current()));
  } else if (link !== null && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    history.pushState(null, "", link.href);
    choose(new URL(link.href).searchParams.get("event"));
    if (link.closest(".tree, .event") === null) {
      reveal(document.querySelector(".tree [aria-current]"));
    }
  }
}

// Shows the details of an event, of which the server knows more than the page.
function choose(id) {
  document.querySelector(".tree [aria-current]")?.removeAttribute("aria-current");
  const row = id === null ? null : document.getElementById(`r-${id}`);
  row?.querySelector("a").setAttribute("aria-current", "true");
  refresh().then(() => {
    document.querySelector(".event").scrollTop = 0;
  });
}

function reveal(row) {
  for (let details = row?.closest("details"); details; details = details.parentElement.closest("details")) {
    details.open = true;
  }
  row?.scrollIntoView({ block: "center" });
}

function timeAt(overview, x) {
  const { left, width } = overview.getBoundingClientRect();
  return Math.min(1, Math.max(0, (x - left) / width)) * total(current());
}

function onDown(event) {
  const overview = event.target.closest(".overview");
  if (overview === null || event.button !== 0) {
    return;
  }
  const time = timeAt(overview, event.clientX);
  const { from, to } = range(current());
  const kind = event.target.id || (shown !== undefined && event.target.closest(".window") !== null ? "move" : "new");
  drag = { kind, time, from, to };
  if (kind === "new" || kind === "move") {
    event.preventDefault();
  }
}

function onMove(event) {
  const overview = current()?.querySelector(".overview");
  if (drag === undefined || !overview) {
    return;
  }
  const time = timeAt(overview, event.clientX);
  if (drag.kind === "zoom-from") {
    show(Math.min(time, drag.to), drag.to);
  } else if (drag.kind === "zoom-to") {
    show(drag.from, Math.max(time, drag.from));
  } else if (drag.kind === "move") {
    show(drag.from + time - drag.time, drag.to + time - drag.time);
  } else if (Math.abs(time - drag.time) > total(current()) / 200) {
    show(Math.min(time, drag.time), Math.max(time, drag.time));
  }
}

// The wheel zooms in the overview, and with the control key in the rows. To the side, it moves.
function onWheel(event) {
  const area = event.target.closest?.(".ruler, .tree");
  const waterfall = current();
  if (!area || !waterfall) {
    return;
  }
  const track = waterfall.querySelector(".ruler .track").getBoundingClientRect();
  const { from, to } = range(waterfall);
  const side = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
  if (shown !== undefined && Math.abs(side) > (event.shiftKey ? 0 : Math.abs(event.deltaY))) {
    event.preventDefault();
    const by = side / track.width * (to - from);
    show(Math.max(0, from + by), Math.max(0, from + by) + to - from);
  } else if (area.matches(".ruler") || event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const center = area.matches(".ruler") && event.target.closest(".overview") !== null
      ? timeAt(waterfall.querySelector(".overview"), event.clientX)
      : from + Math.min(1, Math.max(0, (event.clientX - track.left) / track.width)) * (to - from);
    zoomBy(Math.exp(-event.deltaY / 300), center);
  }
}

function onKey(event) {
  const { id } = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".waterfall")) {
    return;
  }
  const all = total(current());
  const { from, to } = range(current());
  const by = (to - from) * (event.shiftKey ? 0.2 : 0.02);
  const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (id === "zoom-from" && (direction || event.key === "Home")) {
    show(direction ? Math.max(0, from + direction * by) : 0, to);
  } else if (id === "zoom-to" && (direction || event.key === "End")) {
    show(from, direction ? Math.min(all, to + direction * by) : all);
  } else if (event.key === "+" || event.key === "-") {
    zoomBy(event.key === "+" ? 2 : 0.5);
  } else if (event.key === "0") {
    show(0, all);
  } else {
    return;
  }
  event.preventDefault();
}
