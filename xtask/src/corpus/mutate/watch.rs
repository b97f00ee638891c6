//! Runs rounds in one process per core. A process that crashes or exceeds a limit is replaced by
//! another one, which continues after the round that failed.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::corpus::process::{child, memory};

/// The time limit of a round.
const TIME: Duration = Duration::from_secs(10);

/// The memory limit of a process, in MiB.
const MEMORY: f64 = 2048.0;

/// The interval at which memory is checked.
const INTERVAL: Duration = Duration::from_millis(50);

/// The outcomes of the rounds.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    pub(super) generated: u64,
    pub(super) rejected: u64,
    /// The rounds that failed, and how.
    pub(super) failed: Vec<(u64, String)>,
}

/// Runs all rounds.
pub(super) fn all(specs: &[PathBuf], rounds: u64, seed: u64) -> Result<Outcomes, String> {
    let workers = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let seen: Vec<Result<Outcomes, String>> = thread::scope(|scope| {
        let watch = |worker| {
            Watch { specs, rounds, seed, step: workers, seen: Outcomes::default() }.run_from(worker)
        };
        let watched: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || watch(worker))).collect();
        let ended = watched.into_iter().map(|one| one.join());
        ended
            .map(|one| one.unwrap_or_else(|_| Err("error: a watching thread panicked".to_owned())))
            .collect()
    });
    let mut sum = Outcomes::default();
    for seen in seen {
        let seen = seen?;
        sum.generated += seen.generated;
        sum.rejected += seen.rejected;
        sum.failed.extend(seen.failed);
    }
    sum.failed.sort();
    Ok(sum)
}

struct Watch<'a> {
    specs: &'a [PathBuf],
    rounds: u64,
    seed: u64,
    step: u64,
    seen: Outcomes,
}

impl Watch<'_> {
    /// Runs every `step`th round from one on.
    fn run_from(mut self, mut next: u64) -> Result<Outcomes, String> {
        while next < self.rounds {
            match self.process(next)? {
                Some(failed) => next = failed + self.step,
                None => break,
            }
        }
        Ok(self.seen)
    }

    /// Runs one process to its end. Returns the round that failed, if one did.
    fn process(&mut self, from: u64) -> Result<Option<u64>, String> {
        let mut command = child("corpus-rounds")?;
        for (option, value) in
            [("--seed", self.seed), ("--from", from), ("--to", self.rounds), ("--step", self.step)]
        {
            command.arg(option).arg(value.to_string());
        }
        let mut child = command
            .args(self.specs)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("error: {error}"))?;
        let lines = lines(&mut child);
        let ended = self.listen(&child, &lines);
        if ended.is_some() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| format!("error: {error}"))?;
        match ended {
            Some((round, what)) => {
                self.seen.failed.push((
                    round,
                    what.unwrap_or_else(|| format!("the process exited with {status}")),
                ));
                Ok(Some(round))
            }
            None if status.success() => Ok(None),
            None => Err(format!("error: a process that runs rounds exited with {status}")),
        }
    }

    /// Follows a process. Returns the round in which it ended or exceeded a limit, and which
    /// limit; none if it ended between rounds.
    fn listen(&mut self, child: &Child, lines: &Receiver<String>) -> Option<(u64, Option<String>)> {
        let mut current: Option<(u64, Instant)> = None;
        loop {
            match lines.recv_timeout(INTERVAL) {
                Ok(line) => {
                    let (what, round) = line.split_once(' ').unwrap_or_default();
                    let round = round.parse().unwrap_or_default();
                    current = (what == "start").then(|| (round, Instant::now()));
                    match what {
                        "start" => {}
                        "generated" => self.seen.generated += 1,
                        "rejected" => self.seen.rejected += 1,
                        other => self.seen.failed.push((round, other.to_owned())),
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let Some((round, since)) = current else { continue };
                    if since.elapsed() > TIME {
                        return Some((round, Some(format!("more than {} s", TIME.as_secs()))));
                    }
                    let used = memory(&child.id().to_string(), "VmRSS:");
                    if used.is_some_and(|used| used > MEMORY) {
                        return Some((round, Some(format!("more than {MEMORY} MiB"))));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return current.map(|(round, _)| (round, None));
                }
            }
        }
    }
}

/// Returns the lines that a process prints.
fn lines(child: &mut Child) -> Receiver<String> {
    let (send, receive) = channel();
    if let Some(out) = child.stdout.take() {
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
    }
    receive
}
