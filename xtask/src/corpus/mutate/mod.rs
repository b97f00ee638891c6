//! Descriptions mutilated at random places, which the generator must survive: no panic, no
//! more than some seconds, no more than some memory. The same seed gives the same rounds.

mod cut;
mod random;
mod trim;
mod watch;

use std::io::Write as _;
use std::panic;
use std::path::PathBuf;

use serde_json::Value;
use specwright::{Config, Input, Layout, Source, Target};

pub use cut::{Cut, JUNK, KEYS};
pub use random::Random;

use super::descriptions::{self, Description};

/// The greatest number of cuts of one round.
const CUTS: usize = 8;

/// What a process is told that makes some of the rounds.
#[derive(Clone, Debug, clap::Args)]
pub struct Rounds {
    /// The descriptions.
    specs: Vec<PathBuf>,
    #[arg(long)]
    seed: u64,
    /// The first round.
    #[arg(long)]
    from: u64,
    /// The first round that is not made any more.
    #[arg(long)]
    to: u64,
    /// How many rounds lie between two of this process.
    #[arg(long)]
    step: u64,
}

/// Makes all rounds, watched, and says which the generator did not survive.
pub(super) fn run(descriptions: &[Description], rounds: u64, seed: u64) -> Result<(), String> {
    let paths: Vec<PathBuf> = descriptions.iter().map(|one| one.path.clone()).collect();
    let seen = watch::all(&paths, rounds, seed)?;
    println!(
        "{rounds} mutilated parts of {} descriptions, seed {seed}: {} generated, {} refused, {} not survived",
        paths.len(),
        seen.generated,
        seen.refused,
        seen.failed.len()
    );
    if seen.failed.is_empty() {
        return Ok(());
    }
    let trees = trees(&paths)?;
    let mut text = String::new();
    for (round, what) in &seen.failed {
        let file = super::workplace()?.join("mutated").join(format!("{seed}-{round}.json"));
        let spec = mutilated(&trees, seed, *round).spec;
        crate::timed::write(&file, &spec.content)?;
        text += &format!("error: round {round} of seed {seed}: {what}\n  {}\n", file.display());
    }
    Err(text)
}

/// Some of the rounds, in a process of its own.
///
/// Prints a line before and after each: `start N`, then `generated N`, `refused N` or `panic N`.
///
/// # Errors
/// Fails where a description cannot be read, or nobody listens.
pub fn rounds(arguments: &Rounds) -> Result<(), String> {
    let trees = trees(&arguments.specs)?;
    let say = |what: &str, round: u64| {
        let mut out = std::io::stdout();
        writeln!(out, "{what} {round}")
            .and_then(|()| out.flush())
            .map_err(|error| error.to_string())
    };
    let mut round = arguments.from;
    while round < arguments.to {
        say("start", round)?;
        let input = mutilated(&trees, arguments.seed, round);
        let outcome = panic::catch_unwind(|| survive(&input));
        say(outcome.unwrap_or("panic"), round)?;
        round += arguments.step.max(1);
    }
    Ok(())
}

/// Generates from a description, whatever it is, and shows what there is to show.
///
/// Gives `generated`, `refused`, or `internal` where the generator blames itself.
#[must_use]
pub fn survive(input: &Input) -> &'static str {
    let (what, shown) = match specwright::generate(input) {
        Ok(output) => ("generated", output.warnings.render(false)),
        Err(found) => ("refused", found.render(false)),
    };
    if shown.contains("error[internal-error]") { "internal" } else { what }
}

fn trees(paths: &[PathBuf]) -> Result<Vec<Value>, String> {
    paths.iter().map(|path| descriptions::read(path)?.tree()).collect()
}

/// The input of a round: part of one of the descriptions, mutilated.
#[must_use]
pub fn mutilated(trees: &[Value], seed: u64, round: u64) -> Input {
    let mut random = Random::new(seed, round);
    let mut root = trees
        .get(random.below(trees.len()))
        .map_or(Value::Null, |tree| trim::trim(tree, &mut random));
    for _ in 0..=random.below(CUTS) {
        Cut::any(&mut random).mutilate(&mut root);
    }
    let mut config = Config { skip_unsupported: random.below(2) == 0, ..Config::default() };
    if random.below(4) == 0 {
        let target = Target::Server { models: "models".to_owned() };
        config.layout = Layout { target, ..Layout::default() };
    }
    config.client.blocking = random.below(4) == 0;
    // JSON is YAML.
    Input::new(Source::new("mutilated.json", root.to_string()), config)
}
