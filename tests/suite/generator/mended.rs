//! Descriptions with flaws that leave no doubt what is meant: they are generated, and what is
//! said of each flaw is the snapshot.

use std::panic::{AssertUnwindSafe, catch_unwind};

use specwright::Severity;

use super::fixture;

#[test]
fn each_flaw_is_told_as_it_was_approved_and_stops_nothing() {
    let mut differ = Vec::new();
    for path in fixture::descriptions(&fixture::folder("mended")).unwrap() {
        let name = format!("mended__{}", fixture::name(&path));
        let output = match fixture::generate(&path) {
            Ok(output) => output,
            Err(found) => {
                differ.push(format!("{name} is refused: {}", found.render(false)));
                continue;
            }
        };
        assert_eq!(output.counts.operations, output.counts.operations_defined, "{name}");
        let warnings = output.warnings.entries();
        assert!(!warnings.is_empty(), "{name} has no flaw");
        assert!(warnings.iter().all(|entry| entry.severity == Severity::Warning), "{name}");
        let text = output.warnings.render(false);
        if catch_unwind(AssertUnwindSafe(|| fixture::assert_approved(&name, &text))).is_err() {
            differ.push(name);
        }
    }
    assert!(differ.is_empty(), "read and approve, or mend: {differ:#?}");
}
