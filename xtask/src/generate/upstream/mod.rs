//! `cargo xtask upstream`: compares the document of this workspace with the one that the publisher of
//! the API has published.
//!
//! | module | responsibility |
//! |---|---|
//! | `document` | documents, and locations in them |
//! | `objects` | the objects of OpenAPI, and how their fields are compared |
//! | `difference` | differences, and the changes of the spec that follow |
//! | `placeholder` | the placeholder for missing words |
//! | `compare` | the comparison |
//! | `intended` | the list of intended differences |
//! | `layout` | lines and columns |
//! | `accept` | writing differences into the spec |
//! | `mutations` | the check that every mutation of the upstream document is reported |

mod accept;
mod compare;
mod difference;
mod document;
mod intended;
mod layout;
mod mutations;
mod objects;
mod placeholder;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use specwright::Source;

use crate::corpus;
use crate::workspace::root;

use difference::Difference;
use document::{At, Document};
use intended::Intended;
use layout::Part;

/// The document of this workspace, and the list of intended differences.
const SPEC: &str = "spec/openapi.yaml";
const INTENDED: &str = "spec/upstream.toml";

/// What to compare with.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// OpenAPI document of the publisher: YAML or JSON, optionally compressed (.gz).
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write the differences into the spec. Words that are missing are placeholders, with which
    /// nothing is generated until they are replaced.
    #[arg(long, conflicts_with = "mutations")]
    accept: bool,
    /// Also check that each change of a property of the published document is reported, exactly.
    #[arg(long)]
    mutations: bool,
}

/// Compares the documents, and prints the differences that are not intended.
///
/// # Errors
/// Returns an error if there are such differences, or entries for differences that do not exist.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let root = root()?;
    let spec = read_spec(&root)?;
    let upstream = read_upstream(&arguments.file)?;
    let intended = match fs::read_to_string(root.join(INTENDED)) {
        Ok(content) => Intended::parse(INTENDED, content)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Intended::default(),
        Err(error) => return Err(format!("error: cannot read {INTENDED}: {error}")),
    };
    if arguments.accept {
        return write(&root, spec, &upstream, &intended);
    }
    let found = compare::compare(&spec, &upstream)?;
    let operations = found.operations;
    let (open, expired) = intended.apply(&spec, found.differences);
    print!("{}", render(&spec, &upstream, &open));
    println!(
        "{operations} operations compared: {} intended differences, {} others",
        intended.len() - expired.len(),
        open.len()
    );
    if arguments.mutations {
        mutations::check(&spec, &upstream, &intended)?;
    }
    match (open.is_empty(), expired.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => Err(expired.join("\n")),
        (false, _) => Err(format!(
            "{}error: {SPEC} and {} differ\nhelp: change the spec, or run the command with --accept; list \
             a difference that is intended in {INTENDED}, with its reason",
            expired.iter().fold(String::new(), |all, one| all + one + "\n"),
            arguments.file.display(),
        )),
    }
}

/// Checks that no words are missing in the files of a document.
///
/// # Errors
/// Returns an error that lists the placeholders.
pub(crate) fn check_words<'s>(sources: impl IntoIterator<Item = &'s Source>) -> Result<(), String> {
    let files = sources.into_iter().map(|source| (source.name.as_str(), source.content.as_str()));
    placeholder::check(files)
}

/// Writes the differences into the spec.
fn write(
    root: &Path,
    spec: Document,
    upstream: &Document,
    intended: &Intended,
) -> Result<(), String> {
    let (files, written) = accept::accept(spec, upstream, intended)?;
    for (name, content) in &files {
        fs::write(root.join(name), content)
            .map_err(|error| format!("error: cannot write {name}: {error}"))?;
    }
    for sentence in &written {
        println!("written: {sentence}");
    }
    match written.is_empty() {
        true => println!("The spec does not change."),
        false => println!(
            "\nReplace `{}` in {}, then run `cargo xtask generate`.",
            placeholder::PLACEHOLDER,
            files.keys().cloned().collect::<Vec<_>>().join(", ")
        ),
    }
    Ok(())
}

fn read_spec(root: &Path) -> Result<Document, String> {
    let read = |name: &str| {
        let content = fs::read_to_string(root.join(name));
        let content = content.map_err(|error| format!("error: cannot read {name}: {error}"))?;
        Ok(Source::new(name, content))
    };
    Document::read(read(SPEC)?, &read)
}

fn read_upstream(path: &Path) -> Result<Document, String> {
    let read = |path: &Path| {
        let source = corpus::documents::read(path)?;
        Ok(Source::new(path.display().to_string(), source.content))
    };
    Document::read(read(path)?, &|name| read(Path::new(name)))
}

/// Renders differences, each with its location in both documents.
fn render(spec: &Document, upstream: &Document, differences: &[Difference]) -> String {
    let mut output = String::new();
    let layouts = [spec, upstream].map(|document| {
        let sources =
            if differences.is_empty() { Vec::new() } else { document.sources().collect() };
        sources.into_iter().map(|source| Part::read(&source.content)).collect::<Vec<_>>()
    });
    let position = |document: &Document, layouts: &[Option<Part>], at: &At| {
        let name = document.source(at).map_or("", |source| source.name.as_str());
        let part = layouts.get(at.file).and_then(Option::as_ref);
        let (line, column) = part.map_or((0, 0), |part| {
            let (part, _) = part.nearest(&at.pointer);
            (part.line, part.column)
        });
        format!("{name}:{}:{}", line + 1, column + 1)
    };
    for difference in differences {
        // Writing to a string cannot fail.
        let _ = writeln!(
            output,
            "{}: {}\n  {} at `{}`\n  upstream: {}",
            position(spec, &layouts[0], &difference.at),
            difference.sentence,
            difference.side,
            spec.shown(&difference.at),
            position(upstream, &layouts[1], &difference.upstream_at),
        );
    }
    output
}
