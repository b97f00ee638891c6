//! The facts of a run.

use std::ops::Range;

use datadog_ci_pipelines::jiff::Timestamp;

use super::table::{Fact, OVERRIDES, SYSTEMS, System};
use super::template::expand;
use crate::report::id;
use crate::settings::Environment;

/// The times that a number can mean, in seconds since 1970: the years from 2000 to 2099.
const YEARS: Range<f64> = 946_684_800.0..4_102_444_800.0;
/// What a time can be.
const FORMATS: &str = "a time such as 2026-07-14T10:00:00Z, or seconds or milliseconds since 1970";

/// What is known of the run from the variables of a CI system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CiFacts {
    /// The name of the CI system.
    pub(crate) provider: Option<String>,
    /// The unique id of the run, which all of its jobs derive alike.
    pub(crate) run_id: Option<String>,
    /// The id of the run in the CI system.
    pub(crate) pipeline_id: Option<String>,
    pub(crate) pipeline_name: Option<String>,
    pub(crate) pipeline_url: Option<String>,
    /// The unique id of the run that this one repeats.
    pub(crate) previous_run: Option<String>,
    /// The unique id of the run that started this one.
    pub(crate) parent_run: Option<String>,
    /// Identifies the job within the run.
    pub(crate) job_key: Option<String>,
    pub(crate) stage_name: Option<String>,
    pub(crate) job_name: Option<String>,
    pub(crate) job_url: Option<String>,
    pub(crate) queued_at: Option<Timestamp>,
    pub(crate) job_queued_at: Option<Timestamp>,
    pub(crate) node_name: Option<String>,
    pub(crate) node_labels: Vec<String>,
    pub(crate) workspace: Option<String>,
    /// Whether a person started the run, if the system reports it.
    pub(crate) is_manual: Option<bool>,
}

impl CiFacts {
    /// Reads the variables.
    pub(crate) fn read(environment: &Environment) -> Self {
        let is_here = |system: &&System| {
            let (name, wanted) = system.detect;
            environment.get(name).is_some_and(|value| wanted.is_none_or(|wanted| wanted == value))
        };
        let system = SYSTEMS.iter().find(is_here);
        let own = system.map_or(&[][..], |system| system.facts);
        let fact = |wanted: Fact| {
            let facts = OVERRIDES.iter().chain(own);
            facts
                .filter(|(fact, _)| *fact == wanted)
                .find_map(|(_, template)| expand(template, environment))
        };
        let provider =
            environment.get("CI_REPORT_PROVIDER").or(system.map(|system| system.provider));
        let scope = system.map_or("", |system| system.provider);
        let attempt = fact(Fact::Attempt).and_then(|attempt| attempt.parse::<u64>().ok());
        let key = fact(Fact::RunKey);
        let unique = |key: &str, attempt: Option<u64>| {
            id::derived(&[scope, key, &attempt.unwrap_or(1).to_string()])
        };
        // An earlier attempt of the same run, or another run.
        let earlier = attempt.filter(|attempt| *attempt > 1).map(|attempt| attempt - 1);
        let previous_run = match (&key, earlier) {
            (Some(key), Some(earlier)) => Some(unique(key, Some(earlier))),
            _ => fact(Fact::PreviousRun)
                .filter(|run| !run.ends_with("/0"))
                .map(|run| unique(&run, None)),
        };
        let is_manual = system.and_then(|system| is_manual(system, environment));
        Self {
            provider: provider.map(str::to_owned),
            run_id: environment
                .get("CI_REPORT_RUN_ID")
                .map(str::to_owned)
                .or_else(|| key.map(|key| unique(&key, attempt))),
            pipeline_id: fact(Fact::PipelineId),
            pipeline_name: fact(Fact::PipelineName),
            pipeline_url: fact(Fact::PipelineUrl),
            previous_run,
            parent_run: fact(Fact::ParentRun).map(|run| unique(&run, None)),
            job_key: fact(Fact::JobKey),
            stage_name: fact(Fact::StageName),
            job_name: fact(Fact::JobName),
            job_url: fact(Fact::JobUrl),
            queued_at: fact(Fact::QueuedAt).and_then(|string| parse_time(&string).ok()),
            job_queued_at: fact(Fact::JobQueuedAt).and_then(|string| parse_time(&string).ok()),
            node_name: fact(Fact::NodeName),
            node_labels: fact(Fact::NodeLabels).map(|string| labels(&string)).unwrap_or_default(),
            workspace: fact(Fact::Workspace),
            is_manual,
        }
    }
}

/// Returns whether a person started the run. A missing variable means nothing.
fn is_manual(system: &System, environment: &Environment) -> Option<bool> {
    let mut known = None;
    for (name, wanted) in system.manual {
        if let Some(value) = environment.get(name) {
            known = Some(known == Some(true) || *wanted == "*" || *wanted == value);
        }
    }
    known
}

/// Parses RFC 3339, or seconds or milliseconds since 1970.
///
/// # Errors
/// Returns what is expected.
pub(crate) fn parse_time(string: &str) -> Result<Timestamp, String> {
    let string = string.trim();
    let other = || string.parse().map_err(|_| format!("expected {FORMATS}"));
    since_1970(string).unwrap_or_else(other)
}

/// Returns the time that a number of seconds or milliseconds since 1970 means, or `None` if it is not a
/// number. Numbers that are not plausible, such as a year, are not times: the error contains which formats
/// are accepted.
pub(crate) fn since_1970(input: &str) -> Option<Result<Timestamp, String>> {
    let number: f64 = input.parse().ok()?;
    let milliseconds = if YEARS.contains(&number) { number * 1e3 } else { number };
    let is_plausible = YEARS.contains(&(milliseconds / 1e3));
    // What is plausible is in the range of both types.
    let time = Timestamp::from_millisecond(milliseconds.round() as i64);
    Some(time.ok().filter(|_| is_plausible).ok_or_else(|| {
        format!("`{input}` is not a time between the years 2000 and 2100; expected {FORMATS}")
    }))
}

/// Parses a JSON array of strings, or a list separated by spaces or commas.
fn labels(string: &str) -> Vec<String> {
    serde_json::from_str(string).unwrap_or_else(|_| {
        let labels = string.split(|c: char| c == ',' || c.is_whitespace());
        labels.filter(|label| !label.is_empty()).map(str::to_owned).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> CiFacts {
        CiFacts::read(&variables.iter().copied().collect())
    }

    #[test]
    fn numbers_are_times_only_of_plausible_years() {
        let time = "2026-07-14T10:00:00Z".parse().unwrap();
        for input in ["2026-07-14T10:00:00Z", "1784023200", "1784023200000", " 1784023200.0 "] {
            assert_eq!(parse_time(input), Ok(time), "{input}");
        }
        for wrong in ["2026", "20260714", "0", "-5", "946684799", "4102444800", "NaN", "soon", ""] {
            assert!(parse_time(wrong).unwrap_err().contains(FORMATS), "{wrong}");
        }
    }

    #[test]
    fn each_system_is_detected_and_identifies_the_run() {
        for system in SYSTEMS {
            let mut environment: Vec<(String, String)> = Vec::new();
            let templates = system.facts.iter().map(|(_, template)| *template);
            for name in templates.flat_map(|template| template.split('{').skip(1)) {
                let name = name.split(['}', '|']).next().unwrap();
                environment.push((name.to_owned(), "7".to_owned()));
            }
            environment
                .push((system.detect.0.to_owned(), system.detect.1.unwrap_or("true").to_owned()));
            let facts = CiFacts::read(&environment.into_iter().collect());
            assert_eq!(facts.provider.as_deref(), Some(system.provider));
            assert!(facts.run_id.is_some(), "{}", system.provider);
            assert!(facts.pipeline_name.is_some(), "{}", system.provider);
            assert!(facts.pipeline_id.is_some(), "{}", system.provider);
        }
        assert_eq!(read(&[("CI", "true")]), CiFacts::default());
    }

    #[test]
    fn attempts_of_a_run_are_linked() {
        let github = |attempt| {
            read(&[
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_REPOSITORY", "o/r"),
                ("GITHUB_RUN_ID", "42"),
                ("GITHUB_RUN_ATTEMPT", attempt),
                ("GITHUB_EVENT_NAME", "workflow_dispatch"),
            ])
        };
        let (first, second) = (github("1"), github("2"));
        assert_eq!(first.previous_run, None);
        assert_eq!(second.previous_run, first.run_id);
        assert_ne!(second.run_id, first.run_id);
        assert_eq!(first.is_manual, Some(true));
        let url = "https://github.com/o/r/actions/runs/42/attempts/2";
        assert_eq!(second.pipeline_url.as_deref(), Some(url));

        let woodpecker = |number, parent| {
            read(&[
                ("CI", "woodpecker"),
                ("CI_SYSTEM_URL", "https://ci.example"),
                ("CI_REPO", "o/r"),
                ("CI_PIPELINE_NUMBER", number),
                ("CI_PIPELINE_PARENT", parent),
                ("CI_PIPELINE_CREATED", "1786000000"),
            ])
        };
        assert_eq!(woodpecker("8", "0").previous_run, None);
        assert_eq!(woodpecker("9", "8").previous_run, woodpecker("8", "0").run_id);
        let queued = woodpecker("8", "0").queued_at.unwrap();
        assert_eq!(queued.as_second(), 1_786_000_000);
    }

    #[test]
    fn a_chosen_id_takes_precedence() {
        let facts = read(&[
            ("GITLAB_CI", "true"),
            ("CI_SERVER_URL", "https://gitlab.example"),
            ("CI_PIPELINE_ID", "7"),
            ("CI_REPORT_RUN_ID", "mine"),
            ("CI_REPORT_PROVIDER", "own"),
            ("CI_RUNNER_TAGS", r#"["linux", "big machine"]"#),
        ]);
        assert_eq!(facts.run_id.as_deref(), Some("mine"));
        assert_eq!(facts.provider.as_deref(), Some("own"));
        assert_eq!(facts.node_labels, ["linux", "big machine"]);
    }
}
