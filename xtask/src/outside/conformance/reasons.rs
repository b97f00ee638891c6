//! The reviewed list of reasons for results that are not those of the suites.

use std::fs;

use serde::Deserialize;

use super::run::{Judgement, Tested};
use crate::workspace::root;

/// The list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasons {
    #[serde(default)]
    rejection: Vec<Reason>,
    #[serde(default)]
    acceptance: Vec<Reason>,
    /// Tests of the Overlay Specification.
    #[serde(default)]
    overlays: Vec<Reason>,
    /// Tests of JSONPath.
    #[serde(default, rename = "json-path")]
    json_path: Vec<Reason>,
}

/// A test suite whose tests have names, and its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Overlays,
    JsonPath,
}

/// A reason, with the tests that it is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    pub(super) why: String,
    /// `keyword` or `keyword/group` of JSON Schema, or the name of a test.
    #[serde(default)]
    tests: Vec<String>,
    /// Codes of warnings about the schema.
    #[serde(default)]
    warnings: Vec<String>,
    /// The number of tests of each entry of `tests`, then of `warnings`.
    #[serde(skip)]
    used: Vec<usize>,
}

impl Reasons {
    /// Reads the list.
    pub(super) fn read() -> Result<Self, String> {
        let path = root()?.join("xtask/conformance.toml");
        let failed = |error: &dyn std::fmt::Display| format!("error: {}: {error}", path.display());
        let list = fs::read_to_string(&path).map_err(|error| failed(&error))?;
        let mut reasons: Self = toml::from_str(&list).map_err(|error| failed(&error))?;
        let Self { rejection, acceptance, overlays, json_path } = &mut reasons;
        for reason in [rejection, acceptance, overlays, json_path].into_iter().flatten() {
            reason.used = vec![0; reason.tests.len() + reason.warnings.len()];
        }
        Ok(reasons)
    }

    /// Counts a result of a group; returns false if it has no reason.
    pub(super) fn explain(&mut self, tested: &Tested<'_>, judgement: &Judgement) -> bool {
        let list = match judgement {
            Judgement::Right => return true,
            Judgement::FalseRejection(_) => &mut self.rejection,
            Judgement::FalseAcceptance => &mut self.acceptance,
        };
        let found = list.iter_mut().find_map(|reason| {
            let index = reason.index(tested)?;
            reason.used.get_mut(index)
        });
        found.map(|used| *used += 1).is_some()
    }

    /// Counts a failed test of a suite; returns false if it has no reason.
    pub(super) fn explain_test(&mut self, suite: Named, name: &str) -> bool {
        let list = match suite {
            Named::Overlays => &mut self.overlays,
            Named::JsonPath => &mut self.json_path,
        };
        let found = list.iter_mut().find_map(|reason| {
            let index = reason.tests.iter().position(|test| test == name)?;
            reason.used.get_mut(index)
        });
        found.map(|used| *used += 1).is_some()
    }

    /// Returns the entries that no test needs; of JSON Schema, or of another suite.
    pub(super) fn unneeded(&self, suite: Option<Named>) -> Vec<&str> {
        let (first, second) = match suite {
            None => (&self.rejection, self.acceptance.as_slice()),
            Some(Named::Overlays) => (&self.overlays, &[][..]),
            Some(Named::JsonPath) => (&self.json_path, &[][..]),
        };
        let all = first.iter().chain(second);
        let entries =
            all.flat_map(|reason| reason.tests.iter().chain(&reason.warnings).zip(&reason.used));
        entries.filter(|(_, used)| **used == 0).map(|(entry, _)| entry.as_str()).collect()
    }

    /// Renders the failed tests of a suite, with their reasons.
    pub(super) fn render_tests(&self, suite: Named) -> String {
        let list = match suite {
            Named::Overlays => &self.overlays,
            Named::JsonPath => &self.json_path,
        };
        if list.is_empty() {
            return "\nAll tests have the result of the suite.\n".to_owned();
        }
        let rows: String = list
            .iter()
            .flat_map(|reason| {
                reason.tests.iter().map(|test| format!("| `{test}` | {} |\n", reason.why))
            })
            .collect();
        format!("\n| failed test | reason |\n|---|---|\n{rows}")
    }

    /// Renders the reasons that tests of JSON Schema need.
    pub(super) fn render(&self) -> String {
        let list = |title: &str, reasons: &[Reason]| {
            let used = reasons.iter().map(|reason| (reason, reason.used.iter().sum::<usize>()));
            let lines: String = used
                .filter(|(_, count)| *count > 0)
                .map(|(reason, count)| format!("- {} ({count})\n", reason.why))
                .collect();
            match lines.is_empty() {
                true => String::new(),
                false => format!("\n### {title}\n\n{lines}"),
            }
        };
        list("Why valid instances are rejected", &self.rejection)
            + &list("Why invalid instances are accepted", &self.acceptance)
    }
}

impl Reason {
    /// Returns the index of the entry that is about a group.
    fn index(&self, tested: &Tested<'_>) -> Option<usize> {
        let keyword = &tested.group.keyword;
        let group = format!("{keyword}/{}", tested.group.name);
        let test = self.tests.iter().position(|entry| entry == keyword || *entry == group);
        test.or_else(|| {
            let warning =
                self.warnings.iter().position(|code| tested.warnings.contains(&code.as_str()))?;
            Some(self.tests.len() + warning)
        })
    }
}
