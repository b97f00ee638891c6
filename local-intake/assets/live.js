// Live updates: the server sends a message after each change, and what has changed on the page is
// updated. Everything else stays as it is, also what the user has opened, scrolled or focused.
import { patch } from "./patch.js";

// The time between two updates in milliseconds, at least.
const PAUSE = 1000;
// The time after which durations of what is running are out of date.
const RUNNING = 5000;
// The time after which an update is given up, so that later ones are not held up.
const PATIENCE = 30_000;

let enhance;
let source;
let last = 0;
let timer;
let known;
let updating;
let again = false;
// The address that was fetched last, and the version of the page.
let version = {};

export function keepLive(enhanceParts) {
  enhance = enhanceParts;
  if (document.querySelector("[data-live]") === null) {
    return;
  }
  // Browsers allow few connections to one server, so hidden pages have none.
  document.addEventListener("visibilitychange", connect);
  addEventListener("pagehide", () => source?.close());
  connect();
  setInterval(() => {
    if ("running" in document.body.dataset && !document.hidden) {
      schedule();
    }
  }, RUNNING);
}

function connect() {
  source?.close();
  source = undefined;
  if (document.hidden) {
    return;
  }
  source = new EventSource("/_intake/changes");
  source.onopen = () => show("live", true);
  source.onerror = () => show("connection lost", false);
  source.onmessage = ({ data }) => {
    // The first message is the state that the page shows, unless it was hidden meanwhile.
    if (known !== undefined && known !== data) {
      schedule();
    }
    known = data;
  };
}

function show(message, isOpen) {
  const live = document.getElementById("live");
  live.hidden = false;
  live.textContent = message;
  live.classList.toggle("open", isOpen);
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(update, Math.max(0, last + PAUSE - Date.now()));
}

// Updates the page at once, such as after its address has changed.
export async function refresh() {
  clearTimeout(timer);
  await update();
}

function update() {
  // An update that goes on notices that the address has changed.
  again = updating !== undefined;
  updating ??= updateOnce().finally(() => {
    updating = undefined;
    if (again) {
      again = false;
      schedule();
    }
  });
  return updating;
}

async function updateOnce() {
  try {
    let address;
    do {
      address = location.href;
      const headers = { accept: "text/html" };
      if (version.tag && version.address === address) {
        headers["if-none-match"] = version.tag;
      }
      // The cache of the browser would answer with the page that is shown already.
      const response = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      const html = await response.text();
      // Meanwhile, a row may have been chosen.
      if (response.ok && address === location.href) {
        replace(html);
        version = { address, tag: response.headers.get("etag") };
      }
    } while (address !== location.href);
  } catch {
    // The connection is lost, which `onerror` shows.
  }
  last = Date.now();
}

function replace(html) {
  const page = parse(html);
  const focused = document.activeElement;
  document.body.toggleAttribute("data-running", page.body.hasAttribute("data-running"));
  for (const part of document.querySelectorAll("[data-live]")) {
    const name = CSS.escape(part.dataset.live);
    const next = page.querySelector(`[data-live="${name}"]`);
    if (next === null || part.contains(document.getSelection()?.anchorNode ?? null) && !document.getSelection().isCollapsed) {
      continue;
    }
    enhance(next);
    patch(part, next);
  }
  // An element that was moved has lost the focus.
  if (focused !== document.activeElement && focused?.isConnected) {
    focused.focus({ preventScroll: true });
  }
}

// The security policy forbids HTML from strings elsewhere; this is a page of this server, parsed
// without running scripts.
const policy = window.trustedTypes?.createPolicy("page", { createHTML: (html) => html });

function parse(html) {
  return new DOMParser().parseFromString(policy?.createHTML(html) ?? html, "text/html");
}
