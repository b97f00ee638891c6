// The pages of the intake in a browser.
//
// `cargo xtask browser` starts an intake and runs this program with the path of the browser, the
// address of the intake and a folder for screenshots:
//
//     pages.mjs BROWSER URL FOLDER
//
// `driver.mjs` describes the output.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { launch, run } from "./driver.mjs";
import { HOSTILE, history, job, pipeline, send } from "./events.mjs";

const [browser, intake, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(`${process.cwd()}/`).resolve("axe-core/axe.min.js"), "utf8");
const now = Date.now();
mkdirSync(folder, { recursive: true });
await send(intake, history(now));

const PAGES = [
  ["pipelines", "/"],
  ["executions", "/executions"],
  ["executions-of-jobs", "/executions?level=job&query=%40ci.status%3Aerror"],
  ["syntax-error", "/executions?query=%40ci.status%3A%28error"],
  ["nothing-found", "/executions?query=%40ci.status%3Anone"],
  ["execution", "/execution?id=payments-0"],
  ["jobs", "/jobs"],
  ["requests", "/requests"],
];

/** Fails if the page writes errors to the console, or requests anything from elsewhere. */
function watch(page) {
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      problems.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(intake)) {
      problems.push(`request to ${request.url()}`);
    }
  });
  return () => assert.deepEqual(problems, []);
}

async function open(page, path, { width = 1280, scheme = "light" } = {}) {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(intake + path, { waitUntil: "load" });
  await page.locator("#live.open").waitFor({ state: "attached", timeout: 5000 }).catch((error) => {
    if (!path.includes("error")) {
      throw error;
    }
  });
}

/** Axe runs outside of the security policy, because it is not part of the page. */
async function accessible(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("Runtime.evaluate", { expression: axe });
  const { violations } = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const shown = serious.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
  assert.deepEqual(shown, []);
}

async function noSidewaysScrolling(page) {
  const [content, window] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
  assert.ok(content <= window, `the page is ${content} wide, the window ${window}`);
}

const CHECKS = PAGES.flatMap(([name, path]) =>
  [["light", 1280], ["dark", 1280], ["light", 390]].map(([scheme, width]) => {
    const id = `${name}.${width < 500 ? "phone" : scheme}`;
    return [id, "no error, no other origin, accessible", async (page) => {
      const check = watch(page);
      await open(page, path, { width, scheme });
      await noSidewaysScrolling(page);
      await page.screenshot({ path: join(folder, `${id}.png`) });
      await accessible(page);
      check();
    }];
  }),
);

async function names(page) {
  return page.locator("table.rows tbody th").allInnerTexts();
}

CHECKS.push(
  ["search", "a search, its address and the back button", async (page) => {
    const check = watch(page);
    await open(page, "/executions");
    await page.getByRole("combobox", { name: "Search" }).fill('@ci.pipeline.name:"web-shop"');
    await page.keyboard.press("Enter");
    await page.waitForURL(/query=/);
    assert.deepEqual(new Set(await names(page)), new Set(["web-shop"]));
    const address = page.url();
    await page.getByRole("link", { name: "jobs", exact: true }).click();
    await page.waitForURL(/level=job/);
    await page.goBack();
    assert.equal(page.url(), address);
    assert.equal(await page.getByRole("combobox", { name: "Search" }).inputValue(), '@ci.pipeline.name:"web-shop"');
    check();
  }],
  ["facets", "a value of a facet refines the search", async (page) => {
    await open(page, "/executions");
    await page.getByRole("complementary", { name: "Facets" }).getByRole("link", { name: /^error/ }).click();
    await page.waitForURL(/query=/);
    assert.equal((await names(page)).length, 2);
  }],
  ["completion", "names and values are completed by keyboard", async (page) => {
    const check = watch(page);
    await open(page, "/executions");
    const field = page.getByRole("combobox", { name: "Search" });
    await field.pressSequentially("@ci.stat");
    await page.getByRole("option", { name: "@ci.status" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: /^error/ }).waitFor();
    await field.pressSequentially("err");
    await page.getByRole("option", { name: /^success/ }).waitFor({ state: "detached" });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await field.inputValue(), "@ci.status:error ");
    await page.keyboard.press("Enter");
    await page.waitForURL(/query=/);
    assert.equal((await names(page)).length, 2);
    check();
  }],
  ["completion of a level", "only names of the chosen level are completed", async (page) => {
    for (const [level, options] of [["pipeline", 0], ["job", 1]]) {
      await open(page, `/executions?level=${level}`);
      const answer = page.waitForResponse(/_intake\/names\?contains=%40ci\.job\.name/);
      await page.getByRole("combobox", { name: "Search" }).pressSequentially("@ci.job.name");
      await (await answer).finished();
      await page.waitForFunction((count) => document.querySelectorAll("[role=option]").length === count, options);
    }
  }],
  ["completion within", "completion after a quoted value, and within a word", async (page) => {
    const check = watch(page);
    await open(page, "/executions");
    const field = page.getByRole("combobox", { name: "Search" });
    await field.pressSequentially('@a:"b c" -@ci.stat');
    await page.getByRole("option", { name: "@ci.status" }).waitFor();
    // The word grows before one is chosen.
    await page.keyboard.press("u");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await field.inputValue(), '@a:"b c" -@ci.status:');
    await field.fill("@ci.statu:error b");
    await field.evaluate((input) => input.setSelectionRange(6, 6));
    await field.dispatchEvent("input");
    await page.getByRole("option", { name: "@ci.status" }).click();
    assert.equal(await field.inputValue(), "@ci.status:error b");
    check();
  }],
  ["time range", "a range of choice replaces another one", async (page) => {
    await open(page, "/executions?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z");
    await page.getByRole("combobox", { name: "Time" }).selectOption("now-1d");
    await page.waitForURL(/from=now-1d/);
    assert.ok((await names(page)).length > 0);
  }],
  ["live requests", "an open request stays open, and the focus stays", async (page) => {
    const request = () => fetch(`${intake}/api/v2/ci/pipelines/events`);
    await request();
    await open(page, "/requests");
    const newest = page.locator("ol.requests > li").first();
    const id = await newest.getAttribute("id");
    await newest.locator("summary").click();
    await request();
    await page.locator(`ol.requests > li:nth-child(2)#${id} > details[open]`).waitFor({ timeout: 10_000 });
    assert.equal(await page.locator("ol.requests details[open]").count(), 1);
    assert.equal(await page.evaluate("document.activeElement.closest('li')?.id"), id);
  }],
  ["live, meanwhile chosen", "a row that is chosen during an update is shown at once", async (page) => {
    await open(page, "/execution?id=payments-0");
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await page.route("**/execution?id=payments-0", async (route) => {
      await held;
      await route.continue();
    });
    await send(intake, [pipeline("live-3", "live-pipeline", now - 60_000, 0.5)]);
    await page.waitForRequest(/execution\?id=payments-0$/);
    await page.getByRole("link", { name: /^✕? ?integration tests/ }).last().click();
    release();
    const details = page.getByRole("region", { name: "Details of the chosen row" });
    await details.getByText("test failure").first().waitFor({ timeout: 900 });
  }],
  ["live", "a new run appears by itself, and input stays", async (page) => {
    const check = watch(page);
    await open(page, "/");
    const field = page.getByRole("combobox", { name: "Filter" });
    await field.fill("not yet");
    await send(intake, [pipeline("live-1", "live-pipeline", now - 60_000, 0.5)]);
    await page.getByRole("link", { name: "live-pipeline" }).waitFor({ timeout: 10_000 });
    assert.equal(await field.inputValue(), "not yet");
    check();
  }],
  ["hostile", "hostile names are shown as they are", async (page) => {
    const check = watch(page);
    const long = `${HOSTILE}${"x".repeat(10_000)}`;
    await send(intake, [
      pipeline("hostile", long, now - 60_000, 1, { status: "error", error: { message: long.slice(0, 4000) }, tags: [`<b>:${HOSTILE}`] }),
      job("hostile", HOSTILE, now - 60_000, 1),
    ]);
    for (const path of ["/", "/executions?column=<b>&column=@error.message", "/executions?level=job", "/execution?id=hostile", "/jobs", "/requests"]) {
      for (const width of [1280, 390]) {
        await open(page, path, { width });
        assert.notEqual(await page.title(), "broken", path);
        await noSidewaysScrolling(page);
      }
    }
    await open(page, "/executions");
    assert.ok((await names(page)).some((name) => name.includes("<script>")));
    check();
  }],
  ["without script", "everything but live updates works", async () => {
    const [context, close] = await launch(browser, { javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${intake}/executions`);
    await page.getByRole("searchbox", { name: "Search" }).fill("@ci.status:error");
    await page.getByRole("button", { name: "Search" }).click();
    assert.ok(new URL(page.url()).searchParams.get("query") === "@ci.status:error");
    assert.ok((await names(page)).length >= 2);
    await page.getByRole("link", { name: "jobs", exact: true }).click();
    assert.equal(await page.locator("#live").isVisible(), false);
    await close();
  }],
  ["waterfall", "zoom by button and keyboard, and a chosen row", async (page) => {
    const check = watch(page);
    await open(page, "/execution?id=payments-0");
    const bar = page.locator("[data-waterfall] svg rect").last();
    const wide = async () => page.evaluate("document.querySelector('[data-waterfall]').getBoundingClientRect().width");
    const before = await bar.boundingBox();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForFunction(([x, width]) => {
      const bars = document.querySelectorAll("[data-waterfall] svg rect");
      const box = bars[bars.length - 1].getBoundingClientRect();
      return box.x !== x || box.width !== width;
    }, [before.x, before.width]);
    const zoomed = await wide();
    await page.getByRole("button", { name: /all/i }).click();
    assert.equal(await wide(), zoomed);
    const slider = page.getByRole("slider").first();
    const value = await slider.getAttribute("aria-valuenow");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((value) => document.querySelector("[role=slider]").ariaValueNow !== value, value);
    await page.getByRole("link", { name: /^✕? ?integration tests/ }).last().click();
    await page.waitForURL(/event=/);
    const details = page.getByRole("region", { name: "Details of the chosen row" });
    await details.getByText("test failure").first().waitFor();
    await page.goBack();
    assert.doesNotMatch(page.url(), /event=/);
    check();
  }],
  ["live execution", "a running execution grows by itself, and keeps focus and zoom", async (page) => {
    const check = watch(page);
    const start = now - 120_000;
    const running = { status: "running", end: undefined };
    await send(intake, [pipeline("growing", "growing", start, 1, running), job("growing", "first", start, 1)]);
    await open(page, "/execution?id=growing");
    const first = page.getByRole("link", { name: /first/ });
    await first.waitFor();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.locator("[data-waterfall].zoomed").waitFor();
    await first.focus();
    await page.evaluate("document.activeElement.closest('li').isSame = true");
    await send(intake, [job("growing", "second", start + 60_000, 0.5)]);
    await page.getByRole("link", { name: /second/ }).waitFor({ timeout: 10_000 });
    // What has not changed is not replaced.
    assert.equal(await page.evaluate("document.activeElement.closest('li')?.isSame"), true);
    assert.equal(await page.locator("[data-waterfall].zoomed").count(), 1);
    check();
  }],
  ["5,000 jobs", "a run of 5,000 jobs keeps the layout", async (page) => {
    const check = watch(page);
    const start = now - 3_600_000;
    const jobs = Array.from({ length: 5000 }, (_, i) => job("large", `job ${i}`, start + i * 600, 0.5));
    await send(intake, [pipeline("large", "large", start, 55), ...jobs]);
    for (const width of [1280, 390]) {
      await open(page, "/execution?id=large", { width });
      await noSidewaysScrolling(page);
      assert.equal(await page.locator("[data-waterfall] a[data-select]").count(), 5001);
    }
    check();
  }],
  ["slow job", "the slow job and the reason of the last failure are found", async (page) => {
    await open(page, "/");
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "payments-api" }) });
    await row.getByRole("link", { name: "Slowest jobs" }).click();
    await page.waitForURL(/jobs/);
    assert.equal((await names(page))[0], "integration tests");
    await open(page, "/");
    await row.getByRole("link", { name: /error/ }).click();
    await page.getByText("expected 1 refund, found 2").first().waitFor({ timeout: 5000 });
  }],
);

await run(browser, CHECKS, { seconds: 240 });
