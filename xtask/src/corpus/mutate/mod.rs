//! Random mutations of documents, which must not make the generator panic or exceed its limits of
//! time and memory. The same seed gives the same rounds.
//!
//! | module | responsibility |
//! |---|---|
//! | `mutation` | the mutations |
//! | `random` | reproducible random numbers |
//! | `trim` | selects a few operations of a document |
//! | `watch` | runs rounds in processes with limits |

mod mutation;
mod random;
mod trim;
mod watch;

use std::io::Write as _;
use std::panic;
use std::path::PathBuf;

use serde_json::Value;
use specwright::{Config, Input, Layout, Source, Target};

pub use mutation::{JUNK, KEYWORDS, Mutation};
pub use random::Random;

use super::documents::{self, Document};
use super::process;

/// The maximum number of mutations of one round.
const MUTATIONS: usize = 8;

/// The arguments of a process that runs some of the rounds.
#[derive(Clone, Debug, clap::Args)]
pub struct Rounds {
    /// The documents.
    specs: Vec<PathBuf>,
    #[arg(long)]
    seed: u64,
    /// The first round.
    #[arg(long)]
    from: u64,
    /// The end of the rounds, exclusive.
    #[arg(long)]
    to: u64,
    /// The distance between two rounds of this process.
    #[arg(long)]
    step: u64,
}

/// Runs all rounds and prints those that failed.
pub(super) fn run(documents: &[Document], rounds: u64, seed: u64) -> Result<(), String> {
    let paths: Vec<PathBuf> = documents.iter().map(|one| one.path.clone()).collect();
    let seen = watch::all(&paths, rounds, seed)?;
    println!(
        "{rounds} mutated parts of {} documents, seed {seed}: {} generated, {} rejected, {} failed",
        paths.len(),
        seen.generated,
        seen.rejected,
        seen.failed.len()
    );
    if seen.failed.is_empty() {
        return Ok(());
    }
    let trees = trees(&paths)?;
    let mut errors = String::new();
    for (round, what) in &seen.failed {
        let file = process::directory()?.join("mutated").join(format!("{seed}-{round}.json"));
        let spec = mutated(&trees, seed, *round).spec;
        crate::timed::write(&file, &spec.content)?;
        errors += &format!("error: round {round} of seed {seed}: {what}\n  {}\n", file.display());
    }
    Err(errors)
}

/// Runs some of the rounds, in a separate process.
///
/// Prints a line before and after each: `start N`, then `generated N`, `rejected N` or `panic N`.
///
/// # Errors
/// Returns an error if a document cannot be read or the output is closed.
pub fn rounds(arguments: &Rounds) -> Result<(), String> {
    let trees = trees(&arguments.specs)?;
    let print = |what: &str, round: u64| {
        let mut out = std::io::stdout();
        writeln!(out, "{what} {round}")
            .and_then(|()| out.flush())
            .map_err(|error| error.to_string())
    };
    let mut round = arguments.from;
    while round < arguments.to {
        print("start", round)?;
        let input = mutated(&trees, arguments.seed, round);
        let outcome = panic::catch_unwind(|| outcome_of(&input));
        print(outcome.unwrap_or("panic"), round)?;
        round += arguments.step.max(1);
    }
    Ok(())
}

/// Generates from a document and renders its diagnostics.
///
/// Returns `generated`, `rejected`, or `internal` if the generator reports an internal error.
#[must_use]
pub fn outcome_of(input: &Input) -> &'static str {
    let (what, shown) = match specwright::generate(input) {
        Ok(output) => ("generated", output.warnings.render(false)),
        Err(found) => ("rejected", found.render(false)),
    };
    if shown.contains("error[internal-error]") { "internal" } else { what }
}

fn trees(paths: &[PathBuf]) -> Result<Vec<Value>, String> {
    paths.iter().map(|path| documents::read(path)?.tree()).collect()
}

/// Returns the input of a round: a mutated part of one of the documents.
#[must_use]
pub fn mutated(trees: &[Value], seed: u64, round: u64) -> Input {
    let mut random = Random::new(seed, round);
    let mut root = trees
        .get(random.below(trees.len()))
        .map_or(Value::Null, |tree| trim::trim(tree, &mut random));
    for _ in 0..=random.below(MUTATIONS) {
        Mutation::any(&mut random).apply(&mut root);
    }
    let mut config = Config { skip_unsupported: random.below(2) == 0, ..Config::default() };
    if random.below(4) == 0 {
        let target = Target::Server { models: "models".to_owned() };
        config.layout = Layout { target, ..Layout::default() };
    }
    config.client.blocking = random.below(4) == 0;
    // JSON is YAML.
    Input::new(Source::new("mutated.json", root.to_string()), config)
}
