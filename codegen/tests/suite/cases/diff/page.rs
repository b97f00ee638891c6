//! `docs/diff.md` has the table of changes.
//!
//! `UPDATE_DOCS=1 cargo test -p specwright --test suite` rewrites the table.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use specwright::{ChangeKind, Wire};

const BEGIN: &str = "<!-- changes begin -->\n";
const END: &str = "<!-- changes end -->\n";

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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diff.md");
    let page = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{BEGIN}{}{END}{after}", table());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    } else {
        assert!(page == expected, "run `UPDATE_DOCS=1 cargo test -p specwright --test suite`");
    }
}
