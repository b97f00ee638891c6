// What the programs in this folder share: starting the browser, and reporting checks.
//
// A program prints a tab-separated line for each check: `passed` or `failed`, its name, and its summary
// or the failure. It exits with 1 if a check failed.

import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { chromium } = createRequire(`${process.cwd()}/`)("playwright-core");

/** Starts the browser with an empty profile and without connections to anywhere else. */
export async function launch(browser, options) {
  const profile = mkdtempSync(join(tmpdir(), "browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      // The name of an attacker that resolves to this machine, as after DNS rebinding.
      "--host-resolver-rules=MAP attacker.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
    ...options,
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return [context, close];
}

export function report(outcome, name, details) {
  console.log([outcome, name, String(details).replace(/\s+/g, " ")].join("\t"));
}

/** Runs checks, each with a new page. */
export async function run(browser, checks, { seconds, ...options } = {}) {
  const limit = seconds ?? 120;
  const timer = setTimeout(() => {
    report("failed", "browser", `the checks take longer than ${limit} s`);
    process.exit(1);
  }, limit * 1000);
  const [context, close] = await launch(browser, options);
  try {
    for (const [name, summary, check] of checks) {
      const page = await context.newPage();
      try {
        report("passed", name, (await check(page, context)) ?? summary);
      } catch (error) {
        process.exitCode = 1;
        report("failed", name, error.message);
      } finally {
        await page.close();
      }
    }
  } finally {
    clearTimeout(timer);
    await close();
  }
}
