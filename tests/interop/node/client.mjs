// Checks the intake with the published client of Datadog for Node.js.
//
// `cargo xtask interop` starts an intake and runs this program with its address and keys:
//
//     client.mjs URL API_KEY APP_KEY
//
// Prints a tab-separated line for each check, as `client.py` does. Exits with 1 if a check failed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [url, apiKey, appKey] = process.argv.slice(2);
const require = createRequire(`${process.cwd()}/`);
const { client, v2 } = require("@datadog/datadog-api-client");
const { version } = JSON.parse(
  readFileSync(`${process.cwd()}/node_modules/@datadog/datadog-api-client/package.json`),
);

const SECONDS = 120;
const MINUTE = 60_000;
const now = Date.now();

/** Returns a client with these credentials, which sends to no other host. */
function api(keys = { apiKeyAuth: apiKey, appKeyAuth: appKey }, more = {}) {
  const baseServer = new client.BaseServerConfiguration(url, {});
  return new v2.CIVisibilityPipelinesApi(
    client.createConfiguration({ authMethods: keys, baseServer, ...more }),
  );
}

/** Sends a request to the control interface. */
async function control(method, path, body) {
  const response = await fetch(`${url}/_intake${path}`, {
    method,
    headers: {
      "Content-Type": "application/json",
      "DD-API-KEY": apiKey,
      "DD-APPLICATION-KEY": appKey,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

/** Returns a finished run that ended some minutes ago. */
function pipeline(id, minutesAgo, more = {}) {
  return {
    level: "pipeline",
    uniqueId: id,
    name: "deploy",
    url: `https://ci.example/${id}`,
    start: new Date(now - (minutesAgo + 2) * MINUTE),
    end: new Date(now - minutesAgo * MINUTE),
    status: "success",
    partialRetry: false,
    ...more,
  };
}

function request(resource) {
  return {
    body: {
      data: {
        attributes: { resource, env: "node", providerName: "interop" },
        type: "cipipeline_resource_request",
      },
    },
  };
}

async function send(resource) {
  return api().createCIAppPipelineEvent(request(resource));
}

/** Sends five pipelines, two of them failed, and a job. */
async function begin() {
  await control("POST", "/reset", null);
  for (let i = 0; i < 5; i += 1) {
    await send(pipeline(`n-${i}`, i + 1, { status: i < 2 ? "error" : "success" }));
  }
  await send({
    level: "job",
    id: "j-1",
    name: "test",
    pipelineUniqueId: "n-0",
    pipelineName: "deploy",
    start: new Date(now - 3 * MINUTE),
    end: new Date(now - 2 * MINUTE),
    status: "success",
    url: "https://ci.example/j-1",
  });
}

async function collect(pages) {
  const events = [];
  for await (const event of pages) events.push(event);
  return events;
}

const RANGE = { filterFrom: new Date(now - 15 * MINUTE), filterTo: new Date(now + MINUTE) };

const CHECKS = {
  async "sending.one"() {
    await control("POST", "/reset", null);
    const response = await send(pipeline("n-1", 1, { git: null, tags: ["team:docs"], node: null }));
    assert.equal(response.data, null);
    const { data } = await control("GET", "/events");
    assert.equal(data.length, 1);
    return "a pipeline with null properties is accepted and stored";
  },

  async "sending.running"() {
    await control("POST", "/reset", null);
    const running = pipeline("n-2", 0, { status: "running" });
    delete running.end;
    await send(running);
    await send(pipeline("n-2", 0, { start: running.start }));
    const { data } = await control("GET", "/events");
    assert.equal(data.length, 1);
    return "a running pipeline and its end are one event";
  },

  async "sending.invalid"() {
    const wrong = pipeline("n-3", 1, { end: new Date(now - 60 * MINUTE) });
    await assert.rejects(send(wrong), (error) => {
      assert.equal(error.code, 400);
      assert.match(JSON.stringify(error.body), /must not be before/);
      return true;
    });
    return "an end before the start is rejected, and the error is decoded";
  },

  async "sending.credentials"() {
    const other = api({ apiKeyAuth: "wrong", appKeyAuth: appKey });
    await assert.rejects(
      other.createCIAppPipelineEvent(request(pipeline("n-4", 1))),
      (error) => error.code === 403,
    );
    return "a wrong API key is rejected with 403";
  },

  async "listing.pages"() {
    await begin();
    const options = { ...RANGE, filterQuery: "ci_level:pipeline", pageLimit: 2, sort: "timestamp" };
    const events = await collect(api().listCIAppPipelineEventsWithPagination(options));
    const ids = events.map((event) => event.attributes.attributes.ci.pipeline.id);
    assert.deepEqual(ids, ["n-4", "n-3", "n-2", "n-1", "n-0"]);
    return "five events arrive in pages of two, oldest first";
  },

  async "searching.pages"() {
    await begin();
    const body = {
      filter: { from: "now-15m", to: "now", query: "@ci.status:error" },
      page: { limit: 1 },
      sort: "-timestamp",
    };
    const events = await collect(api().searchCIAppPipelineEventsWithPagination({ body }));
    const ids = events.map((event) => event.attributes.attributes.ci.pipeline.id);
    assert.deepEqual(ids, ["n-0", "n-1"]);
    assert.equal(events[0].type, "cipipeline");
    assert.equal(events[0].attributes.ciLevel, "pipeline");
    return "a query selects two events, newest first";
  },

  async "searching.invalid"() {
    const body = { filter: { query: "@ci.status:(" } };
    await assert.rejects(api().searchCIAppPipelineEvents({ body }), (error) => error.code === 400);
    return "an invalid query is rejected with 400";
  },

  async "aggregating.groups"() {
    await begin();
    const body = {
      compute: [{ aggregation: "count" }, { aggregation: "pc95", metric: "@duration" }],
      filter: { from: "now-15m", to: "now", query: "ci_level:pipeline" },
      groupBy: [{ facet: "@ci.status" }],
    };
    const { data } = await api().aggregateCIAppPipelineEvents({ body });
    const groups = data.buckets.map(({ by, computes }) => [by["@ci.status"], computes.c0]);
    assert.deepEqual(groups, [["error", 2], ["success", 3]]);
    assert.equal(data.buckets[0].computes.c1, 120_000_000_000);
    return "count and pc95 by status";
  },

  async "aggregating.series"() {
    await begin();
    const body = {
      compute: [{ aggregation: "count", type: "timeseries", interval: "5m" }],
      filter: { from: "now-15m", to: "now", query: "ci_level:pipeline" },
    };
    const { data } = await api().aggregateCIAppPipelineEvents({ body });
    const points = data.buckets[0].computes.c0;
    assert.equal(points.reduce((sum, point) => sum + point.value, 0), 5);
    assert.ok(points.every((point) => point.time instanceof Date || typeof point.time === "string"));
    return "a time series counts every event";
  },

  async "retrying.errors"() {
    await control("POST", "/reset", null);
    await control("POST", "/faults", [{ status: { status: 503 } }]);
    const retrying = api(undefined, { enableRetry: true, backoffBase: 2, maxRetries: 1 });
    await retrying.createCIAppPipelineEvent(request(pipeline("n-5", 1)));
    const { data } = await control("GET", "/requests");
    assert.deepEqual(data.map((entry) => entry.status), [503, 202]);
    return "a request that failed with 503 is sent again";
  },
};

function report(outcome, name, details) {
  console.log([outcome, name, String(details).replace(/\s+/g, " ")].join("\t"));
}

setTimeout(() => {
  report("failed", "node", `the checks take longer than ${SECONDS} s`);
  process.exit(1);
}, SECONDS * 1000).unref();

report("passed", "node", `@datadog/datadog-api-client ${version}`);
for (const [name, check] of Object.entries(CHECKS)) {
  try {
    report("passed", `node.${name}`, await check());
  } catch (error) {
    process.exitCode = 1;
    report("failed", `node.${name}`, error.body ? JSON.stringify(error.body) : error.stack);
  }
}
