//! Generated code without comments, and how the code of two documents differs.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use similar::{ChangeTag, TextDiff};
use specwright::files::load;
use specwright::{Input, Layout, Target};

use crate::corpus::documents;

/// The lines of each file.
pub(super) type Output = BTreeMap<String, Vec<String>>;

/// How a file differs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// Only the document has it.
    OnlyOurs,
    /// Only the converted document has it.
    OnlyTheirs,
    /// These lines differ.
    Lines { ours: Vec<String>, theirs: Vec<String> },
}

/// Generates the client and the server of a document. Comments are removed: converters change prose.
pub(super) fn generated(path: &Path) -> Result<Output, String> {
    let is_compressed = path.extension().is_some_and(|end| end == "gz");
    let mut input = match is_compressed {
        true => Input::new(documents::read(path)?, specwright::Config::default()),
        false => {
            let folder = path.parent().unwrap_or(path);
            load(folder, path, None, &[]).map_err(|failure| format!("error: {failure}"))?.input
        }
    };
    let mut all = Output::new();
    let targets = [Target::default(), Target::Server { models: "crate::api::models".to_owned() }];
    for (side, target) in ["client", "server"].into_iter().zip(targets) {
        let module = format!("crate::{side}");
        input.config.layout = Layout { module, target, ..Layout::default() };
        let output = specwright::generate(&input).map_err(|found| found.render(false))?;
        for (file, source) in output.files.iter() {
            all.insert(format!("{side}/{file}"), without_comments(source));
        }
    }
    Ok(all)
}

fn without_comments(source: &str) -> Vec<String> {
    let prefixes = ["//", "#[doc"];
    let is_code =
        |line: &&str| !line.is_empty() && !prefixes.iter().any(|one| line.starts_with(one));
    source.lines().map(str::trim).filter(is_code).map(str::to_owned).collect()
}

/// Returns how two files differ, if they do.
pub(super) fn difference(
    ours: Option<&Vec<String>>,
    theirs: Option<&Vec<String>>,
) -> Option<Difference> {
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        (Some(_), None) => return Some(Difference::OnlyOurs),
        (None, Some(_)) => return Some(Difference::OnlyTheirs),
        (None, None) => return None,
    };
    if ours == theirs {
        return None;
    }
    let joined =
        |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let (ours, theirs) = (joined(ours), joined(theirs));
    let diff = TextDiff::from_lines(&ours, &theirs);
    let lines = |tag: ChangeTag| {
        let changes = diff.iter_all_changes().filter(move |change| change.tag() == tag);
        changes.map(|change| change.value().trim().to_owned()).collect()
    };
    Some(Difference::Lines { ours: lines(ChangeTag::Delete), theirs: lines(ChangeTag::Insert) })
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnlyOurs => write!(f, "  only the document has this file"),
            Self::OnlyTheirs => write!(f, "  only the converted document has this file"),
            Self::Lines { ours, theirs } => {
                for line in ours {
                    writeln!(f, "  - {line}")?;
                }
                for line in theirs {
                    writeln!(f, "  + {line}")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_compared() {
        let ours =
            without_comments("//! A.\n\n    /// B.\n    let a = 1;\n#[doc(alias = \"c\")]\nb();\n");
        let theirs = without_comments("// C.\nlet a = 2;\nb();\n");
        let lines = |line: &str| vec![line.to_owned()];
        let found = difference(Some(&ours), Some(&theirs));
        let expected = Difference::Lines { ours: lines("let a = 1;"), theirs: lines("let a = 2;") };
        assert_eq!(found, Some(expected));
        assert_eq!(difference(Some(&ours), Some(&ours)), None);
        assert_eq!(difference(None, Some(&ours)), Some(Difference::OnlyTheirs));
    }
}
