// Live updates: the server sends a message after each change, and the changed parts of the page are
// replaced. What the user has entered, opened or scrolled stays.

// The time between two updates in milliseconds, at least.
const PAUSE = 1000;
// The time after which durations of what is running are out of date.
const RUNNING = 5000;
// The time after which an update is given up, so that later ones are not held up.
const PATIENCE = 30_000;
// What may be scrolled within a part.
const SCROLLED = ".scroll";

let enhance;
let source;
let last = 0;
let timer;
let known;
let updating;
let again = false;

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
      const response = await fetch(address, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
      const html = await response.text();
      // Meanwhile, a row may have been chosen.
      if (response.ok && address === location.href) {
        replace(html);
      }
    } while (address !== location.href);
  } catch {
    // The connection is lost, which `onerror` shows.
  }
  last = Date.now();
}

function replace(html) {
  const page = parse(html);
  document.body.toggleAttribute("data-running", page.body.hasAttribute("data-running"));
  for (const part of document.querySelectorAll("[data-live]")) {
    const name = CSS.escape(part.dataset.live);
    const next = page.querySelector(`[data-live="${name}"]`);
    if (next === null || part.contains(document.getSelection()?.anchorNode ?? null) && !document.getSelection().isCollapsed) {
      continue;
    }
    enhance(next);
    keepState(part, next);
    if (next.innerHTML !== part.innerHTML) {
      const scrolled = [...part.querySelectorAll(SCROLLED)].map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);
      part.replaceChildren(...next.childNodes);
      part.querySelectorAll(SCROLLED).forEach((region, i) => region.scrollTo(...scrolled[i] ?? [0, 0]));
      restoreFocus(part);
    }
  }
}

// The security policy forbids HTML from strings elsewhere; this is a page of this server, parsed
// without running scripts.
const policy = window.trustedTypes?.createPolicy("page", { createHTML: (html) => html });

function parse(html) {
  return new DOMParser().parseFromString(policy?.createHTML(html) ?? html, "text/html");
}

let focused;

// Keeps what the user has opened and checked. Parts that move have keys.
function keepState(part, next) {
  const open = new Map();
  const key = (details, i) => details.dataset.key ?? i;
  part.querySelectorAll("details").forEach((details, i) => open.set(key(details, i), details.open));
  next.querySelectorAll("details").forEach((details, i) => {
    details.open = open.get(key(details, i)) ?? details.open;
  });
  for (const input of part.querySelectorAll("input[type=checkbox][id]")) {
    const other = next.querySelector(`#${CSS.escape(input.id)}`);
    if (other !== null) {
      other.checked = input.checked;
    }
  }
  const active = document.activeElement;
  focused = part.contains(active) ? active.getAttribute("href") ?? active.id : undefined;
}

function restoreFocus(part) {
  if (focused) {
    const name = CSS.escape(focused);
    part.querySelector(`[href="${name}"], #${name}`)?.focus({ preventScroll: true });
  }
}
