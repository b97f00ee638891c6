//! `cargo xtask tidy`: the structure and the words of this workspace, checked.
//!
//! | module | responsibility |
//! |---|---|
//! | `entries` | folders have few entries |
//! | `homes` | a wire rule is implemented in one file |
//! | `imports` | imports go down only |
//! | `length` | files are short |
//! | `methods` | the methods of a type are in few files |
//! | `module_tables` | the table of a module lists its modules |
//! | `report` | what was found, and how it is printed |
//! | `settings` | the tables in `tidy.toml` |
//! | `source` | reads the workspace |
//! | `words` | words of the glossary are avoided |

mod entries;
mod homes;
mod imports;
mod length;
mod methods;
mod module_tables;
mod report;
mod settings;
mod source;
mod words;

#[cfg(test)]
mod tests;

use report::Finding;
use settings::Settings;
use source::{Crate, Tree};

use crate::workspace::root;

/// Check the structure and the words of the workspace.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Arguments {
    /// Report only problems in these files and folders, relative to the root.
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Print all problems, not only the first of each file.
    #[arg(long)]
    pub all: bool,
    /// Check only the words.
    #[arg(long)]
    pub words: bool,
    /// Write the table of allowed imports into ARCHITECTURE.md.
    #[arg(long)]
    pub write: bool,
    /// Print the imports between modules, in the form of tidy.toml.
    #[arg(long)]
    pub imports: bool,
}

/// Runs all checks.
///
/// # Errors
/// Returns an error that lists the problems, or names a file that cannot be read.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let root = root()?;
    let settings = Settings::read(&root)?;
    let tree = Tree::read(&root, &settings)?;
    if arguments.imports {
        print!("{}", imports::found(&Crate::of_workspace(&tree)));
        return Ok(());
    }
    if arguments.write {
        return imports::write(&tree, &settings);
    }
    let found = match arguments.words {
        true => words::check(&tree)?,
        false => all(&tree, &settings)?,
    };
    let paths: Vec<String> =
        arguments.paths.iter().map(|path| path.trim_end_matches('/').to_owned()).collect();
    let found = report::below(found, &paths);
    match found.len() {
        0 => Ok(()),
        count => Err(format!(
            "{}error: {count} problems in structure or words",
            report::render(&found, arguments.all)
        )),
    }
}

fn all(tree: &Tree, settings: &Settings) -> Result<Vec<Finding>, String> {
    let crates = Crate::of_workspace(tree);
    let mut findings = imports::check(tree, &crates, settings);
    findings.extend(entries::check(tree, settings));
    findings.extend(length::check(tree, settings));
    findings.extend(module_tables::check(tree, &crates));
    findings.extend(methods::check(&crates));
    findings.extend(homes::check(tree, settings)?);
    findings.extend(words::check(tree)?);
    Ok(findings)
}
