//! Descriptions that are refused, and what is said of them. Each fixture stands in a folder
//! that is called after the code of its diagnostic.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use specwright::{Config, Diagnostics, Input, Output, Severity, Source, code};

use super::fixture;

/// Each rejected description with the code that it is refused for.
fn fixtures() -> Result<Vec<(String, PathBuf)>, String> {
    let mut fixtures = Vec::new();
    for folder in fixture::entries(&fixture::folder("rejected"))? {
        let reason = fixture::name(&folder);
        for path in fixture::descriptions(&folder)? {
            fixtures.push((reason.clone(), path));
        }
    }
    Ok(fixtures)
}

/// The ids of the diagnostics of one severity.
fn ids(diagnostics: &Diagnostics, severity: Severity) -> Vec<&'static str> {
    let entries = diagnostics.entries().iter();
    entries.filter(|entry| entry.severity == severity).map(|entry| entry.code.id).collect()
}

/// Generates from a text, with a configuration as text.
fn generate(spec: &str, config: &str) -> Result<Output, Diagnostics> {
    let config = Config::parse(Source::new("config.toml", config))?;
    specwright::generate(&Input { spec: Source::new("spec.yaml", spec), config })
}

#[test]
fn each_rejected_description_is_told_as_it_was_approved() {
    let mut differ = Vec::new();
    for (reason, path) in fixtures().unwrap() {
        let name = format!("rejected__{reason}__{}", fixture::name(&path));
        let Err(diagnostics) = fixture::generate(&path) else {
            differ.push(format!("{name} is not rejected"));
            continue;
        };
        let text = diagnostics.render(false);
        // Every difference is shown, not only the first.
        if catch_unwind(AssertUnwindSafe(|| assert_approved(&name, &text))).is_err() {
            differ.push(name);
        }
    }
    assert!(differ.is_empty(), "read and approve, or mend: {differ:#?}");
}

#[test]
fn each_rejected_description_is_rejected_for_the_reason_of_its_folder() {
    for (reason, path) in fixtures().unwrap() {
        let diagnostics = fixture::generate(&path).expect_err("it is among the rejected");
        let errors = ids(&diagnostics, Severity::Error);
        assert!(errors.contains(&reason.as_str()), "{}: {errors:?}", path.display());
    }
}

fn assert_approved(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
