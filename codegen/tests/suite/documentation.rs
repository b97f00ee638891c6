//! Diagnostics that the documentation prints. A `text` block after
//! `<!-- diagnostics: codegen/tests/fixtures/GROUP/CODE/NAME -->` is what the generator prints for
//! that case, or some contiguous lines of it.

use std::fs;
use std::path::{Path, PathBuf};

use specwright::Diagnostics;

use crate::case::{Case, entries};

const MARKER: &str = "<!-- diagnostics: ";
const FIXTURES: &str = "codegen/tests/fixtures/";

/// A block of printed diagnostics with the marker before it, if there is one.
struct Block {
    file: PathBuf,
    line: usize,
    case: Option<String>,
    content: String,
}

/// Returns the `text` blocks of a Markdown file that have a marker or look like diagnostics.
fn blocks(file: &Path) -> Vec<Block> {
    let content = fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = content.lines().collect();
    let mut blocks = Vec::new();
    for (index, _) in lines.iter().enumerate().filter(|(_, line)| line.trim() == "```text") {
        let before = lines[..index].iter().rev().find(|line| !line.trim().is_empty());
        let case = before.and_then(|line| {
            let path = line.trim().strip_prefix(MARKER)?.strip_suffix("-->")?;
            Some(path.trim().to_owned())
        });
        let block = lines[index + 1..].iter().take_while(|line| line.trim() != "```");
        let content = block.map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
        if case.is_some() || content.contains("error[") || content.contains("warning[") {
            blocks.push(Block { file: file.to_owned(), line: index + 1, case, content });
        }
    }
    blocks
}

/// The Markdown files of the workspace that people write.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = entries(&root).unwrap();
    found.extend(entries(&root.join("docs")).unwrap());
    found.retain(|path| path.extension().is_some_and(|end| end == "md"));
    found
}

fn printed(case: &Case) -> String {
    let found = case.output().map(|output| output.warnings);
    let rendered = found.unwrap_or_else(|found: Diagnostics| found).render(false);
    rendered.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn printed_diagnostics_in_the_documentation_are_what_the_generator_prints() {
    let mut failures = Vec::new();
    let mut count = 0;
    for block in documents().iter().flat_map(|path| blocks(path)) {
        let position = format!("{}:{}", block.file.display(), block.line);
        let Some(path) = block.case else {
            failures.push(format!("{position} has no `{MARKER}{FIXTURES}… -->` before it"));
            continue;
        };
        let case = Case::at(path.strip_prefix(FIXTURES).unwrap_or(&path));
        let printed = printed(&case);
        count += 1;
        if !format!("\n{printed}\n").contains(&format!("\n{}\n", block.content)) {
            failures.push(format!("{position} is not part of what {path} prints:\n{printed}\n"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count > 0, "the documentation prints no diagnostics");
}
