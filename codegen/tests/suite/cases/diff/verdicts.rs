//! The verdict on each edit, in both directions.

use std::fmt::Write;

use specwright::{Change, Difference};

use super::pair::{folder, groups};
use crate::case::Comparison;

#[test]
fn each_edit_has_its_verdict() {
    let mut comparison = Comparison::default();
    for group in groups() {
        let mut snapshot = String::new();
        for case in &group.cases {
            let _ = writeln!(snapshot, "# {}", case.name);
            write_changes(&mut snapshot, '+', &case.forward);
            write_changes(&mut snapshot, '-', &case.back);
        }
        comparison.compare(&folder(), &group.name, &snapshot);
    }
    comparison.finish();
}

fn write_changes(snapshot: &mut String, direction: char, difference: &Difference) {
    for change in &difference.changes {
        let Change { id, wire, rust, message, .. } = change;
        let _ = writeln!(snapshot, "{direction} {id} | {wire} | {rust} | {message}");
        for change in change.api.iter().filter(|change| change.to_string() != *message) {
            let _ = writeln!(snapshot, "    {}: {change}", change.release);
        }
    }
}
