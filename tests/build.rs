//! Writes each Rust block of README.md and docs/*.md into a file that a test includes.
//!
//! The HTML comment before a block decides what is done with it:
//!
//! | comment | check |
//! |---|---|
//! | `<!-- test: NAME -->` | the test in `suite/documentation.rs` that includes `NAME.rs` runs it |
//! | `<!-- source: PATH -->` | the block is part of this file of the repository |
//!
//! A block with neither is a problem that the tests report, unless its language is `rust,ignore`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What a reader fills in, and what the test puts there.
const PLACEHOLDERS: [(&str, &str); 3] = [
    ("Reporter::from_env()", "account!(Reporter)"),
    ("Client::from_env()?", "account!(Client)"),
    ("// … run the code under test …", "code_under_test!(client);"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(env::var("OUT_DIR")?).join("documentation");
    // Blocks of earlier builds must not be found.
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out)?;
    let docs = root.join("docs");
    println!("cargo::rerun-if-changed={}", docs.display());
    let mut documents = vec![root.join("README.md")];
    for entry in fs::read_dir(&docs)? {
        documents.push(entry?.path());
    }
    documents.retain(|path| path.extension().is_some_and(|end| end == "md"));
    documents.sort();
    let (mut names, mut problems) = (Vec::new(), Vec::new());
    for path in documents {
        println!("cargo::rerun-if-changed={}", path.display());
        for block in blocks(&fs::read_to_string(&path)?) {
            let position = format!("{}:{}", path.display(), block.line);
            let (kind, value) = block.comment.and_then(|c| c.split_once(": ")).unwrap_or_default();
            match kind {
                "test" if names.iter().any(|name| name == value) => {
                    problems.push(format!("{position}: another block has the name {value}"));
                }
                "test" => {
                    write(&out, value, &block.content)?;
                    names.push(value.to_owned());
                }
                "source" => {
                    let source = root.join(value);
                    println!("cargo::rerun-if-changed={}", source.display());
                    let content = fs::read_to_string(source);
                    if !content.is_ok_and(|content| content.contains(&block.content)) {
                        problems.push(format!("{position}: the block is not part of {value}"));
                    }
                }
                _ => {
                    problems.push(format!("{position}: no `<!-- test: NAME -->` before the block"))
                }
            }
        }
    }
    names.sort();
    fs::write(out.join("names"), names.join("\n"))?;
    fs::write(out.join("problems"), problems.join("\n"))?;
    Ok(())
}

/// A Rust block that is not ignored.
struct Block<'a> {
    line: usize,
    /// The content of the HTML comment before it.
    comment: Option<&'a str>,
    content: String,
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let lines: Vec<&str> = markdown.lines().collect();
    let starts = (0..lines.len()).filter(|index| lines[*index] == "```rust");
    starts
        .map(|start| {
            let before = lines[..start].iter().rev().find(|line| !line.is_empty());
            let comment = before.and_then(|line| line.strip_prefix("<!-- ")?.strip_suffix(" -->"));
            let body = lines[start + 1..].iter().take_while(|line| **line != "```");
            let content = body.flat_map(|line| [*line, "\n"]).collect();
            Block { line: start + 1, comment, content }
        })
        .collect()
}

fn write(out: &Path, name: &str, content: &str) -> Result<(), Box<dyn Error>> {
    let mut content = content.to_owned();
    for (placeholder, code) in PLACEHOLDERS {
        content = content.replace(placeholder, code);
    }
    Ok(fs::write(out.join(format!("{name}.rs")), format!("{{\n{content}\n}}"))?)
}
