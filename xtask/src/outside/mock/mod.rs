//! `cargo xtask mock`: generated clients call Prism, a mock server that validates requests and makes
//! responses from the document. Every request must be accepted, and every response decoded.
//!
//! The documents and the calls are in `tests/mock`; this module runs them.
//!
//! | module | responsibility |
//! |---|---|
//! | `calls` | the program with the calls |
//! | `prism` | the mock server, installed and run |

mod calls;
mod prism;

use std::path::PathBuf;

use self::prism::{Prism, Server};
use super::row::table;
use super::tools::Obstacle;
use crate::workspace::root;

/// How to run the calls.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    /// Pass if Node.js or the package registry is not available.
    #[arg(long)]
    pub if_possible: bool,
}

/// The documents by name.
fn documents() -> Result<Vec<(&'static str, PathBuf)>, String> {
    let own = root()?.join("spec/openapi.yaml");
    let folder = root()?.join("tests/mock");
    let others = ["accounts", "library", "parcels", "uploads"];
    let others = others.map(|name| (name, folder.join(format!("{name}.yaml"))));
    Ok([("pipelines", own)].into_iter().chain(others).collect())
}

/// Starts a mock server for each document, runs the calls and prints their results.
///
/// # Errors
/// Returns an error if a call fails, or if they cannot run and `if_possible` is not set.
pub fn run(arguments: Arguments) -> Result<(), String> {
    let prism = match Prism::installed() {
        Ok(prism) => prism,
        Err(Obstacle::Machine(reason)) if arguments.if_possible => {
            println!("skipped: the mock server, because {reason}");
            return Ok(());
        }
        Err(Obstacle::Machine(reason)) => {
            return Err(format!("error: the mock server cannot run here, because {reason}"));
        }
        Err(Obstacle::Failure(error)) => return Err(error),
    };
    let documents = documents()?;
    let program = calls::build(&documents)?;
    let mut servers = Vec::new();
    for (name, path) in &documents {
        servers.push((*name, prism.start(name, path)?));
    }
    let urls: Vec<String> =
        servers.iter().map(|(name, server)| format!("{name}={}", Server::url(server))).collect();
    let rows = calls::run(&program, &urls)?;
    println!("{}", table(&rows));
    let failed = rows.iter().filter(|row| row.outcome != "passed").count();
    match (failed, rows.len()) {
        (_, 0) => Err("error: the program made no calls".to_owned()),
        (0, _) => Ok(()),
        (_, all) => Err(format!("error: {failed} of {all} calls failed")),
    }
}
