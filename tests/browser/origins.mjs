// Pages of other origins can neither read nor change a running intake.
//
// `cargo xtask browser` starts two intakes, one with pinned keys and one without, and runs this
// program with the path of the browser, their addresses and their keys:
//
//     origins.mjs BROWSER API_KEY APP_KEY PINNED_URL OPEN_URL
//
// `driver.mjs` describes the output.

import assert from "node:assert/strict";
import { createServer } from "node:http";

import { run } from "./driver.mjs";

const [browser, apiKey, appKey, ...urls] = process.argv.slice(2);
const KEYS = { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey };

/** The page of another site. It uses the intake in every way that needs no consent of the user. */
async function attack(intake, keys) {
  const read = [];
  const note = (name, body) => body && read.push(`${name}: ${String(body).slice(0, 80)}`);
  const event = JSON.stringify({
    data: {
      type: "cipipeline_resource_request",
      attributes: {
        resource: {
          level: "pipeline",
          unique_id: "forged",
          name: "forged",
          url: "https://ci.example/forged",
          start: new Date(Date.now() - 120_000).toISOString(),
          end: new Date(Date.now() - 60_000).toISOString(),
          status: "success",
          partial_retry: false,
        },
      },
    },
  });
  const changes = [
    ["POST", "/_intake/reset", "null"],
    ["POST", "/_intake/faults", '[{"status":{"status":503}}]'],
    ["PUT", "/_intake/clock", '{"now":"2001-01-01T00:00:00Z"}'],
    ["PUT", "/_intake/rate-limit", '{"limit":1,"period":60}'],
    ["PUT", "/_intake/latency", '{"milliseconds":5000}'],
    ["POST", "/_intake/events", event],
    ["POST", "/api/v2/ci/pipeline", event],
  ];
  for (const [method, path, body] of changes) {
    for (const mode of ["no-cors", "cors"]) {
      for (const type of ["text/plain", "application/json"]) {
        for (const headers of [{}, keys]) {
          const init = { method, mode, body, headers: { "Content-Type": type, ...headers } };
          try {
            note(`${method} ${path}`, await (await fetch(intake + path, init)).text());
          } catch {
            // The browser refuses to send it, or to show the response.
          }
        }
      }
    }
    // A form sends without a preflight, also with a body that is JSON.
    const frame = document.createElement("iframe");
    frame.name = `frame-${Math.random()}`;
    const form = document.createElement("form");
    Object.assign(form, { action: intake + path, target: frame.name, method: "post" });
    form.enctype = "text/plain";
    const field = document.createElement("input");
    field.name = `${body.slice(0, -1)},"x":"`;
    field.value = '"}';
    form.append(field);
    document.body.append(frame, form);
    form.submit();
    navigator.sendBeacon(intake + path, body);
  }
  for (const path of ["/_intake", "/_intake/events", "/_intake/requests", "/api/v2/ci/pipelines/events"]) {
    for (const headers of [{}, keys]) {
      try {
        note(`GET ${path}`, await (await fetch(intake + path, { headers })).text());
      } catch {
        // As above.
      }
    }
    // As a script or in a frame, a response is loaded without a preflight.
    for (const tag of ["script", "img", "iframe"]) {
      const element = document.createElement(tag);
      element.src = intake + path;
      document.body.append(element);
    }
  }
  await new Promise((resume) => setTimeout(resume, 500));
  for (const frame of document.querySelectorAll("iframe")) {
    try {
      note("frame", frame.contentDocument?.body?.textContent);
    } catch {
      // Frames of other origins are closed.
    }
  }
  return read;
}

/** Returns what an attack could have changed: events, faults, latency, clock and rate limit. */
async function state(intake) {
  const get = (path) => fetch(intake + path, { headers: KEYS });
  const started = Date.now();
  const listed = await get("/api/v2/ci/pipelines/events");
  const isDelayed = Date.now() - started > 4000;
  const { now } = await (await get("/_intake/clock")).json();
  const { data } = await (await get("/_intake/requests")).json();
  const sent = data.filter(({ method, status }) => method !== "GET" && status < 400);
  return {
    events: (await (await get("/_intake/events")).json()).data.length,
    sent: sent.length,
    status: listed.status,
    limit: listed.headers.get("x-ratelimit-limit"),
    isDelayed,
    isNow: Math.abs(Date.parse(now) - Date.now()) < 60_000,
  };
}

async function seed(intake) {
  const resource = {
    level: "pipeline",
    unique_id: "ours",
    name: "secret-name",
    url: "https://ci.example/ours",
    start: new Date(Date.now() - 120_000).toISOString(),
    end: new Date(Date.now() - 60_000).toISOString(),
    status: "success",
    partial_retry: false,
  };
  const body = { data: { type: "cipipeline_resource_request", attributes: { resource } } };
  const response = await fetch(`${intake}/api/v2/ci/pipeline`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...KEYS },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 202);
}

/** Serves an empty page, and returns its port. */
async function site() {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>another site</title><body>");
  });
  await new Promise((resume) => server.listen(0, "127.0.0.1", resume));
  return [server, server.address().port];
}

const [server, port] = await site();
/** Opens a page, attacks from it, and checks that nothing was read or changed. */
async function attacked(page, from, intake, target) {
  await seed(intake);
  const before = await state(intake);
  await page.goto(from);
  const read = await page.evaluate(`(${attack})(${JSON.stringify(target)}, ${JSON.stringify(KEYS)})`);
  assert.deepEqual(read.filter((line) => /secret-name|"data"|"links"/.test(line)), []);
  assert.deepEqual(await state(intake), before);
}

function check(name, summary, from, intake, target) {
  const attack = (page) => attacked(page, from, intake, target);
  return [name, `${summary} reads and changes nothing`, attack];
}

const CHECKS = [];
for (const [kind, intake] of [["pinned", urls[0]], ["open", urls[1]]]) {
  const rebound = intake.replace("127.0.0.1", "attacker.example");
  CHECKS.push(
    check(`${kind}.other_port`, `a page of another port`, `http://127.0.0.1:${port}/`, intake, intake),
    check(`${kind}.other_site`, `a page of another site`, `http://attacker.example:${port}/`, intake, intake),
    check(`${kind}.rebound`, `a page whose name resolves to this machine`, `${rebound}/`, intake, rebound),
  );
}

await run(browser, CHECKS);
server.close();
