//! `fixtures/rejected/CODE`: documents that are rejected. The folder is named after a code among
//! the errors.

use specwright::Severity;

use crate::case::{Case, Comparison, cases, cases_by_code, ids};

#[test]
fn rejected_documents_give_the_expected_diagnostics() {
    let mut comparison = Comparison::default();
    for case in cases("rejected").unwrap() {
        match case.client() {
            Ok(_) => comparison.fail(format!("{} is not rejected", case.name())),
            Err(found) => comparison.compare_diagnostics(&case, &found),
        }
    }
    comparison.finish();
}

#[test]
fn rejected_documents_cause_the_error_that_their_folder_names() {
    for (code, case) in cases_by_code("rejected").unwrap() {
        let found = case.client().expect_err("it is rejected");
        let errors = ids(&found, Severity::Error);
        assert!(errors.contains(&code.as_str()), "{}: {errors:?}", case.name());
    }
}

#[test]
fn cases_have_no_unused_files() {
    cases("rejected").unwrap().iter().for_each(Case::assert_no_unused_files);
}
