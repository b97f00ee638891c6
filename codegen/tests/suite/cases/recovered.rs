//! `fixtures/recovered/CODE`: flawed documents whose intent is clear. They are generated, and each
//! flaw is a warning. The folder is named after a code among the warnings. A case called `server`
//! generates the server.

use specwright::Severity;

use crate::case::{Case, Comparison, cases, cases_by_code, ids};

#[test]
fn recovered_documents_are_generated_with_the_expected_warnings() {
    let mut comparison = Comparison::default();
    for case in cases("recovered").unwrap() {
        let output = match case.output() {
            Ok(output) => output,
            Err(found) => {
                comparison.fail(format!("{} is rejected: {}", case.name(), found.render(false)));
                continue;
            }
        };
        let name = case.name();
        assert_eq!(output.counts.operations, output.counts.operations_defined, "{name}");
        let warnings = output.warnings.entries();
        assert!(!warnings.is_empty(), "{name} has no flaw");
        assert!(warnings.iter().all(|entry| entry.severity == Severity::Warning), "{name}");
        comparison.compare_diagnostics(&case, &output.warnings);
    }
    comparison.finish();
}

#[test]
fn recovered_documents_cause_the_warning_that_their_folder_names() {
    for (code, case) in cases_by_code("recovered").unwrap() {
        let warnings = ids(&case.output().unwrap().warnings, Severity::Warning);
        assert!(warnings.contains(&code.as_str()), "{}: {warnings:?}", case.name());
    }
}

#[test]
fn cases_have_no_unused_files() {
    cases("recovered").unwrap().iter().for_each(Case::assert_no_unused_files);
}
