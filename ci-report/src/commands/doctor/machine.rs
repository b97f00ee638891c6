//! Proxy, CI system, commit, and undelivered events.

use datadog_ci_pipelines::reporter::GitFacts;

use super::finding::Finding;
use super::service::without_user;
use crate::report::CiFacts;
use crate::settings::Settings;
use crate::spool::Spool;

/// Checks the proxy that requests use.
pub(super) fn proxy(settings: &Settings) -> Finding {
    let is_plain = settings.url.as_deref().is_some_and(|url| url.starts_with("http://"));
    let own = if is_plain { ["http_proxy", "HTTP_PROXY"] } else { ["https_proxy", "HTTPS_PROXY"] };
    let names = own.into_iter().chain(["all_proxy", "ALL_PROXY"]);
    let get = |name: &str| settings.environment.get(name);
    let found = names.filter_map(|name| Some((name, get(name)?))).next();
    let except = get("no_proxy").or(get("NO_PROXY"));
    let except = except.map(|except| format!(", except for {except} (NO_PROXY)"));
    match found {
        None => Finding::ok("proxy", "none"),
        Some((name, url)) => {
            let except = except.unwrap_or_default();
            Finding::ok("proxy", format!("{} ({name}){except}", without_user(url)))
        }
    }
}

/// Checks everything that needs no request.
pub(super) fn findings(settings: &Settings) -> Vec<Finding> {
    let fix = "correct or unset the variable";
    let variables = settings.problems().into_iter();
    let mut findings: Vec<Finding> =
        variables.map(|problem| Finding::note("variables", problem, fix)).collect();
    findings.extend([ci_system(settings), commit(settings)]);
    findings.extend(outbox(settings));
    findings
}

/// Checks the variables of the CI system.
fn ci_system(settings: &Settings) -> Finding {
    let facts = CiFacts::read(&settings.environment);
    let Some(provider) = facts.provider else {
        let fix =
            "to name the system, export CI_REPORT_PROVIDER, and CI_REPORT_RUN_ID to join jobs";
        return Finding::note("CI system", "none was recognized", fix);
    };
    let facts = [
        facts.pipeline_name.map(|name| format!("pipeline {name}")),
        facts.stage_name.map(|name| format!("stage {name}")),
        facts.job_name.map(|name| format!("job {name}")),
        facts.pipeline_url,
    ];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    match facts.is_empty() {
        true => Finding::ok("CI system", provider),
        false => Finding::ok("CI system", format!("{provider}: {facts}")),
    }
}

fn commit(settings: &Settings) -> Finding {
    let facts = GitFacts::from_env_with(|name| settings.environment.get(name).map(str::to_owned));
    #[cfg(feature = "git")]
    let facts = match GitFacts::from_checkout(".") {
        Ok(checkout) => facts.or(checkout),
        Err(_) => facts,
    };
    match facts.build() {
        Ok(commit) => {
            let sha: String = commit.sha.chars().take(10).collect();
            let branch = commit.branch.or(commit.tag).map(|name| format!(" on {name}"));
            let branch = branch.unwrap_or_default();
            Finding::ok("commit", format!("{sha}{branch} of {}", commit.repository_url))
        }
        Err(error) => Finding::note(
            "commit",
            format!("incomplete: {error}"),
            "run inside of the checkout, or set these variables",
        ),
    }
}

/// Checks what waits for delivery, and what was rejected.
fn outbox(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for store in Spool::new(settings).stores() {
        let path = store.path().display().to_string();
        let waiting = store.waiting().len();
        match (waiting, store.failure()) {
            (0, _) => {}
            (_, Some((time, reason))) => findings.push(Finding::fail(
                "undelivered",
                format!(
                    "{waiting} events in {path}; the latest attempt failed at {time}: {reason}"
                ),
                "fix the cause, then `ci-report flush`",
            )),
            (_, None) => findings.push(Finding::note(
                "undelivered",
                format!("{waiting} events in {path}"),
                "the next command delivers them, or `ci-report flush`",
            )),
        }
        let rejected = store.rejected();
        if let Some(last) = rejected.last() {
            let reason = last.reasons.first().map(String::as_str).unwrap_or("no reason was given");
            findings.push(Finding::fail(
                "rejected",
                format!("{} events in {path}; the last one: {reason}", rejected.len()),
                "`ci-report status` lists them",
            ));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok("undelivered", "nothing waits"));
    }
    findings
}
