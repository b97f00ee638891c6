//! Settings from the environment.
//!
//! | module | responsibility |
//! |---|---|
//! | `environment` | the variables of the process |
//! | `duration` | durations such as `500ms` and `2m` |
//! | `mask` | removes credentials from everything that is sent or stored |
//! | `destination` | the service that events are for |
//! | `fault` | kills the process at a step, for tests |
//! | `directories` | where state and undelivered events are stored |

mod destination;
mod directories;
mod duration;
mod environment;
mod fault;
mod mask;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use datadog_ci_pipelines::ClientBuilder;
use specwright_model::style::{self, Style};

use destination::{LOCAL, destination};
pub(crate) use directories::{Candidates, create_private};
pub(crate) use duration::parse_duration;
pub(crate) use environment::Environment;
pub(crate) use fault::kill_for_tests;
pub(crate) use mask::Mask;

/// Whether the option `--verbose` was given.
static VERBOSE: AtomicBool = AtomicBool::new(false);

/// Prints problems to stderr, as `CI_REPORT_VERBOSE` does.
pub(crate) fn be_verbose() {
    VERBOSE.store(true, Ordering::Relaxed);
}

/// Returns whether problems are printed to stderr.
pub(crate) fn is_verbose(environment: &Environment) -> bool {
    environment.is_on("CI_REPORT_VERBOSE") || VERBOSE.load(Ordering::Relaxed)
}

/// The settings that all commands share.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The variables that the settings were read from.
    pub(crate) environment: Environment,
    /// `DD_API_KEY`. Without it nothing is reported.
    pub(crate) api_key: Option<String>,
    /// `DD_APP_KEY`, for commands that read.
    pub(crate) app_key: Option<String>,
    /// `DD_SITE`. Defaults to `datadoghq.com`.
    pub(crate) site: Option<String>,
    /// `DD_URL`, which takes precedence over the site.
    pub(crate) url: Option<String>,
    /// `DD_ENV`.
    pub(crate) env: Option<String>,
    /// `DD_SERVICE`.
    pub(crate) service: Option<String>,
    /// `DD_TAGS` and `CI_REPORT_TAGS`: `key:value`, separated by commas or spaces.
    pub(crate) tags: Vec<(String, String)>,
    /// `CI_REPORT_MEASURES`: `key:number`, separated as tags.
    pub(crate) measures: Vec<(String, f64)>,
    /// Directories of undelivered events; the first writable one is used. `CI_REPORT_OUTBOX`
    /// replaces the defaults.
    pub(crate) outbox: Candidates,
    /// Directories of the state of runs.
    pub(crate) state_directory: Candidates,
    /// `CI_REPORT_STATE`: the file with the state of the run.
    pub(crate) state_file: Option<PathBuf>,
    /// `CI_REPORT_FLUSH`: how long a command waits for delivery. Defaults to a few milliseconds.
    pub(crate) flush: Option<Duration>,
    /// `CI_REPORT_VERBOSE`: prints problems to stderr.
    pub(crate) verbose: bool,
    /// What is removed from everything that is sent or stored: values of variables that look like
    /// credentials, and of those that `CI_REPORT_MASK` lists.
    pub(crate) mask: Mask,
}

impl Settings {
    /// Reads the variables of the process.
    pub(crate) fn from_env() -> Self {
        Self::new(Environment::of_process())
    }

    /// Returns whether `DD_API_KEY` is set, without reading anything else.
    pub(crate) fn has_key() -> bool {
        std::env::var_os("DD_API_KEY").is_some_and(|key| !key.to_string_lossy().trim().is_empty())
    }

    /// Reads the given variables.
    pub(crate) fn new(environment: Environment) -> Self {
        let string = |name: &str| environment.get(name).map(str::to_owned);
        let masked = environment.get("CI_REPORT_MASK").map(split).into_iter().flatten();
        let tags =
            ["DD_TAGS", "CI_REPORT_TAGS"].into_iter().filter_map(|name| environment.get(name));
        let measures = environment.get("CI_REPORT_MEASURES").map(split).into_iter().flatten();
        Self {
            api_key: string("DD_API_KEY"),
            app_key: string("DD_APP_KEY"),
            site: string("DD_SITE"),
            url: string("DD_URL"),
            env: string("DD_ENV"),
            service: string("DD_SERVICE"),
            tags: tags.flat_map(split).filter_map(|tag| pair(&tag).ok()).collect(),
            measures: measures.filter_map(|it| optional_number(&it).ok()?).collect(),
            outbox: Candidates::new(&environment, "CI_REPORT_OUTBOX", "outbox"),
            state_directory: Candidates::new(&environment, "CI_REPORT_STATE_DIR", "runs"),
            state_file: string("CI_REPORT_STATE").map(PathBuf::from),
            flush: environment
                .get("CI_REPORT_FLUSH")
                .and_then(|string| parse_duration(string).ok()),
            verbose: is_verbose(&environment),
            mask: Mask::new(&environment, masked),
            environment,
        }
    }

    /// Returns which variables have values that cannot be used, and why. They have no effect.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let get = |name: &str| self.environment.get(name);
        let mut check = |name: &str, problem: Option<String>| {
            problems.extend(problem.map(|problem| format!("{name}: {problem}; ignored")));
        };
        for name in ["DD_TAGS", "CI_REPORT_TAGS"] {
            for tag in get(name).map(split).unwrap_or_default() {
                check(name, pair(&tag).err());
            }
        }
        for measure in get("CI_REPORT_MEASURES").map(split).unwrap_or_default() {
            check("CI_REPORT_MEASURES", optional_number(&measure).err());
        }
        let flush = get("CI_REPORT_FLUSH").map(parse_duration);
        check("CI_REPORT_FLUSH", flush.and_then(Result::err));
        let lines = get("CI_REPORT_CAPTURE_STDERR").filter(|it| it.parse::<usize>().is_err());
        let problem = lines.map(|value| format!("`{value}` is not a number of lines"));
        check("CI_REPORT_CAPTURE_STDERR", problem);
        problems
    }

    /// Masks values of variables that a command is started with: those that look like credentials, and
    /// those that `CI_REPORT_MASK` or the caller names.
    pub(crate) fn mask_assignments(&mut self, variables: &Environment, named: &[String]) {
        let listed = self.environment.get("CI_REPORT_MASK").map(split).unwrap_or_default();
        let mask = std::mem::take(&mut self.mask);
        self.mask = mask.with_credentials(variables).with(variables, named.iter().chain(&listed));
    }

    /// Returns a name of the service that events are for.
    pub(crate) fn destination(&self) -> String {
        destination(self.url.as_deref(), self.site.as_deref())
    }

    /// Returns whether events are for this machine, so that the service is probably an intake.
    pub(crate) fn is_local(&self) -> bool {
        self.destination() == LOCAL
    }

    /// Returns the address of a page with a run, if the service is an intake on this machine.
    pub(crate) fn page(&self, run_id: &str) -> Option<String> {
        let url =
            self.url.as_deref().filter(|url| self.is_local() && !url.contains(['@', '?', '#']))?;
        let query = style::query("id", Style::FormExploded, &run_id).ok()?.concat();
        Some(format!("{}/execution?{query}", url.trim_end_matches('/')))
    }

    /// Returns a builder of a client with the credentials, and the site or URL.
    pub(crate) fn client(&self) -> ClientBuilder {
        datadog_ci_pipelines::Client::builder()
            .env_from(|name| self.environment.get(name).map(str::to_owned))
    }
}

/// Parses `key:value`. The value may contain colons.
pub(crate) fn pair(string: &str) -> Result<(String, String), String> {
    match string.split_once(':') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("`{string}` is not `key:value`")),
    }
}

/// Parses `key:value`. Returns `None` for an empty string, such as that of an unset variable.
pub(crate) fn optional_pair(string: &str) -> Result<Option<(String, String)>, String> {
    if string.trim().is_empty() { Ok(None) } else { pair(string).map(Some) }
}

/// Parses `key:number`. Returns `None` for an empty string or number, such as that of an unset
/// variable.
pub(crate) fn optional_number(string: &str) -> Result<Option<(String, f64)>, String> {
    match optional_pair(string)? {
        Some((_, value)) if !value.trim().is_empty() => number(string).map(Some),
        _ => Ok(None),
    }
}

/// Parses `key:number`.
pub(crate) fn number(string: &str) -> Result<(String, f64), String> {
    let (key, value) = pair(string)?;
    match value.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((key, value)),
        _ => Err(format!("`{string}` is not `key:number`")),
    }
}

/// Splits a list at commas and white space.
fn split(string: &str) -> Vec<String> {
    let parts = string.split(|c: char| c == ',' || c.is_whitespace());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_have_pages_only_on_this_machine() {
        let page =
            |url: &str| Settings::new(Environment::from_iter([("DD_URL", url)])).page("a/b c&d");
        let expected = "http://127.0.0.1:8127/execution?id=a%2Fb%20c%26d";
        assert_eq!(page("http://127.0.0.1:8127/").as_deref(), Some(expected));
        assert!(page("http://localhost:9000").is_some());
        for url in ["https://api.datadoghq.com", "http://user:secret@127.0.0.1:8127", ""] {
            assert_eq!(page(url), None, "{url}");
        }
    }

    #[test]
    fn lists_are_separated_by_commas_or_spaces() {
        let settings = Settings::new(Environment::from_iter([
            ("DD_TAGS", "team:docs, url:https://x.y wrong"),
            ("CI_REPORT_MEASURES", "tests:412 size:much"),
            ("DD_API_KEY", "  "),
        ]));
        let tags = [("team", "docs"), ("url", "https://x.y")];
        assert_eq!(settings.tags, tags.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(settings.measures, [("tests".to_owned(), 412.0)]);
        assert_eq!(settings.api_key, None);
    }
}
