//! Every diagnostic code has a case that causes it.

use std::collections::BTreeSet;

use specwright::{Code, Severity};

use crate::case::cases_by_code;

/// Reports a bug of the generator, which no input should cause.
const BUG: &str = "internal-error";

/// Returns the codes that the folders of a group name.
fn codes(group: &str) -> BTreeSet<String> {
    cases_by_code(group).unwrap().into_iter().map(|(code, _)| code).collect()
}

#[test]
fn every_code_has_a_rejected_or_recovered_case() {
    let all: BTreeSet<&str> = Code::all().map(|code| code.id).filter(|id| *id != BUG).collect();
    let covered = &codes("rejected") | &codes("recovered");
    assert_eq!(covered.iter().map(String::as_str).collect::<BTreeSet<_>>(), all);
}

#[test]
fn errors_have_a_rejected_case_and_warnings_a_recovered_one() {
    for (group, severity) in [("rejected", Severity::Error), ("recovered", Severity::Warning)] {
        let wanted = Code::all().filter(|code| code.severity == severity && code.id != BUG);
        let wanted: BTreeSet<String> = wanted.map(|code| code.id.to_owned()).collect();
        assert_eq!(codes(group), wanted, "{group}");
    }
}
