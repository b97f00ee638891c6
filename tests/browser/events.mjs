// Events for the checks of pages.

const MINUTE = 60_000;

export const HOSTILE = `<script>document.title="broken"</script>"'><img src=x onerror="document.title='broken'">\u202e`;

function iso(time) {
  return new Date(time).toISOString();
}

function event(resource) {
  return { type: "cipipeline_resource_request", attributes: { service: "tests", env: "ci", resource } };
}

export function pipeline(id, name, start, minutes, more = {}) {
  return event({
    level: "pipeline", unique_id: id, name, url: `https://ci.example/${id}`, partial_retry: false,
    start: iso(start), end: iso(start + minutes * MINUTE), status: "success",
    git: {
      repository_url: "https://git.example/shop/api.git", branch: "main",
      sha: "0123456789abcdef0123456789abcdef01234567", message: "Refund once",
      author_name: "Ada", author_email: "ada@shop.example", author_time: iso(start),
    },
    ...more,
  });
}

export function job(run, name, start, minutes, more = {}) {
  return event({
    level: "job", id: `${run}-${name}`, name, url: `https://ci.example/${run}/jobs`,
    pipeline_unique_id: run, pipeline_name: "payments-api", queue_time: 4000,
    start: iso(start), end: iso(start + minutes * MINUTE), status: "success", ...more,
  });
}

/** Two pipelines over some hours. The job `integration tests` is slow, and fails in the last run. */
export function history(now) {
  const events = [];
  for (let i = 12; i >= 0; i -= 1) {
    const start = now - (i * 15 + 12) * MINUTE;
    const failed = i === 0 || i === 5;
    const error = { message: "refunds::are_made_once: expected 1 refund, found 2", type: "test failure", domain: "user" };
    const result = failed ? { status: "error", error } : {};
    const run = `payments-${i}`;
    events.push(
      pipeline(run, "payments-api", start, 11, result),
      job(run, "compile", start, 2),
      job(run, "unit tests", start + 2 * MINUTE, 2),
      job(run, "integration tests", start + 2 * MINUTE, 8, result),
      job(run, "deploy", start + 10 * MINUTE, 1, failed ? { status: "skipped" } : {}),
      pipeline(`web-${i}`, "web-shop", start, 6 + (i % 3)),
    );
  }
  return events;
}

export async function send(intake, events) {
  for (let i = 0; i < events.length; i += 1000) {
    const response = await fetch(`${intake}/_intake/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ data: events.slice(i, i + 1000) }),
    });
    if (!response.ok) {
      throw new Error(await response.text());
    }
  }
}
