//! `docs/diff.md` has the table of changes.
//!
//! `UPDATE_DOCS=1 cargo test -p specwright --test suite` rewrites the table.

use std::fmt::Write;

use specwright::{ChangeKind, Wire};

use crate::page::{is_current, with_table};

fn table() -> String {
    let mut table = String::from(
        "\n| id | in requests | in responses | meaning | what to do |\n|---|---|---|---|---|\n",
    );
    for kind in ChangeKind::all() {
        let verdict = |wire: Wire| match wire {
            Wire::None => "–".to_owned(),
            wire => wire.to_string(),
        };
        let meaning: Vec<&str> = kind.documentation.split_whitespace().collect();
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {} | {} |",
            kind.id,
            verdict(kind.request),
            verdict(kind.response),
            meaning.join(" "),
            kind.advice
        );
    }
    table.push('\n');
    table
}

#[test]
fn the_page_of_changes_is_current() {
    is_current("diff.md", |page| with_table(page, "changes", &table()));
}
