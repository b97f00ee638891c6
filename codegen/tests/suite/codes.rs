//! Every diagnostic code has a case that causes it.

use std::collections::BTreeSet;

use specwright::code;

use super::case::cases_by_code;

/// Reports a bug of the generator, which no input should cause.
const BUG: &str = "internal";

/// Returns the codes that the folders of a group name.
fn codes(group: &str) -> BTreeSet<String> {
    cases_by_code(group).unwrap().into_iter().map(|(code, _)| code).collect()
}

#[test]
fn every_code_has_a_rejected_or_recovered_case() {
    let all: BTreeSet<&str> =
        code::ALL.iter().map(|code| code.id).filter(|id| *id != BUG).collect();
    let covered = &codes("rejected") | &codes("recovered");
    assert_eq!(covered.iter().map(String::as_str).collect::<BTreeSet<_>>(), all);
}
