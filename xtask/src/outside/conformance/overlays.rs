//! The tests of the Overlay Specification: documents that are valid or not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use specwright::{Source, conformance};

use super::archive;
use super::reasons::{Named, Reasons};

/// A document in which the targets of all valid overlays of the suite exist. The suite has none.
const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Targets, version: '1' }
paths:
  /: { get: { responses: {} } }
  /pets: { get: { parameters: [], responses: {} } }
  /foo: { get: { parameters: [{ name: dummy, in: query }, { name: filter, in: query, schema: {} }] } }
  /bar: { get: { parameters: [{ name: page, in: query }], description: The old one. } }
";

/// The results of a folder of the suite.
#[derive(Default)]
struct Row {
    tests: usize,
    right: usize,
}

/// Runs the suite. Returns a part of the page.
///
/// # Errors
/// Returns an error if the suite cannot be read.
pub(super) fn run(
    path: &Path,
    reasons: &mut Reasons,
    errors: &mut Vec<String>,
) -> Result<String, String> {
    let document = Source::new("document", DOCUMENT).tree()?;
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let files = archive::read(path, ".yaml")?;
    for (name, overlay) in &files {
        let Some((folder, _)) = name.rsplit_once('/') else { continue };
        let found = conformance::apply_overlay(&document, overlay);
        let row = rows.entry(folder).or_default();
        row.tests += 1;
        if found.is_ok() == folder.ends_with("/pass") {
            row.right += 1;
        } else if !reasons.explain_test(Named::Overlays, name) {
            errors.push(format!("error: overlay {name}: {found:?}\n"));
        }
    }
    let mut part = String::from(INTRODUCTION);
    for (folder, Row { tests, right }) in rows {
        let _ = writeln!(part, "| `{folder}` | {tests} | {right} |");
    }
    Ok(part + &reasons.render_tests(Named::Overlays))
}

const INTRODUCTION: &str = "\
The tests of the OpenAPI Overlay Specification: an overlay in `pass` is applied without an error to a document that has its
targets, one in `fail` is rejected. Two rules differ from the specification on purpose: an action whose target matches nothing is
an error, so that stale actions are found; and in Overlay 1.0 an update may replace a scalar, or a value of another type.

| folder | tests | right |
|---|---:|---:|
";
