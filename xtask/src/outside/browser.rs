//! `cargo xtask browser`: checks the pages of the intake, and what pages of other origins can do.
//!
//! The checks are in `tests/browser`; this module runs them.

use std::path::PathBuf;
use std::process::Command;

use super::row::finish;
use super::tools::intake::{API_KEY, APP_KEY, Intake};
use super::tools::script::check;
use super::tools::{Obstacle, npm};
use crate::workspace::root;

/// Names of Chromium and Chrome.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// How to run the checks.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Chromium or Chrome. By default, it is searched in PATH.
    #[arg(long, value_name = "PROGRAM")]
    browser: Option<PathBuf>,
    /// Pass if there is no browser, or Node.js or npm is not available.
    #[arg(long)]
    if_possible: bool,
}

/// Starts intakes, opens pages in a browser and prints the results.
///
/// # Errors
/// Returns an error if a check fails, or if they cannot run and `if_possible` is not set.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    match rows(arguments) {
        Ok(rows) => finish(&rows),
        Err(Obstacle::Machine(reason)) if arguments.if_possible => {
            println!("skipped: pages in a browser, because {reason}");
            Ok(())
        }
        Err(Obstacle::Machine(reason)) => {
            Err(format!("error: the checks cannot run here, because {reason}"))
        }
        Err(Obstacle::Failure(error)) => Err(error),
    }
}

fn rows(arguments: &Arguments) -> Result<Vec<super::row::Row>, Obstacle> {
    let browser = arguments.browser.clone().or_else(browser);
    let browser = browser.ok_or_else(|| {
        Obstacle::Machine(format!("PATH contains none of {}", BROWSERS.join(", ")))
    })?;
    let folder = npm::install("tests/browser/package.json", "target/browser/node")?;
    let program = |name: &str| {
        let mut node = Command::new("node");
        let program = root()?.join("tests/browser").join(name);
        node.current_dir(&folder).arg(program).arg(&browser);
        Ok::<_, String>(node)
    };
    let (pinned, open) = (Intake::start("pinned", &Intake::PINNED)?, Intake::start("open", &[])?);
    let keys_and_addresses = [API_KEY, APP_KEY, pinned.url(), open.url()];
    let mut rows = check(program("origins.mjs")?.args(keys_and_addresses))?;
    let shown = Intake::start("pages", &[])?;
    let screenshots = root()?.join("target/browser/screenshots");
    rows.extend(check(program("pages.mjs")?.arg(shown.url()).arg(&screenshots))?);
    println!("Screenshots of each page are in {}.", screenshots.display());
    Ok(rows)
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let all = BROWSERS
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)));
    all.into_iter().find(|program| program.is_file())
}
