//! Rounds in processes of their own, one for each core, and an eye on each: one that dies, takes
//! too long or too much memory ends, and another goes on behind the round that did it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::corpus::{child, one};

/// How long a round may take.
const TIME: Duration = Duration::from_secs(10);

/// How much memory a process may have, in MiB.
const MEMORY: f64 = 2048.0;

/// How often memory is looked at while a round takes its time.
const LOOK: Duration = Duration::from_millis(50);

/// What became of the rounds.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) generated: u64,
    pub(super) refused: u64,
    /// The rounds that were not survived, and how they ended.
    pub(super) failed: Vec<(u64, String)>,
}

/// Makes all rounds.
pub(super) fn all(specs: &[PathBuf], rounds: u64, seed: u64) -> Result<Seen, String> {
    let workers = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let seen: Vec<Result<Seen, String>> = thread::scope(|scope| {
        let watch = |worker| {
            Watch { specs, rounds, seed, step: workers, seen: Seen::default() }.from(worker)
        };
        let watched: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || watch(worker))).collect();
        let ended = watched.into_iter().map(|one| one.join());
        ended.map(|one| one.unwrap_or_else(|_| Err("error: a watch failed".to_owned()))).collect()
    });
    let mut sum = Seen::default();
    for seen in seen {
        let seen = seen?;
        sum.generated += seen.generated;
        sum.refused += seen.refused;
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
    seen: Seen,
}

impl Watch<'_> {
    /// Every `step`th round from one on.
    fn from(mut self, mut next: u64) -> Result<Seen, String> {
        while next < self.rounds {
            match self.process(next)? {
                Some(failed) => next = failed + self.step,
                None => break,
            }
        }
        Ok(self.seen)
    }

    /// One process, until it ends. Gives the round at which it failed, if it did.
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
        // It has ended, or has to.
        if ended.is_some() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| format!("error: {error}"))?;
        match ended {
            Some((round, what)) => {
                self.seen
                    .failed
                    .push((round, what.unwrap_or_else(|| format!("it ended with {status}"))));
                Ok(Some(round))
            }
            None if status.success() => Ok(None),
            None => Err(format!("error: a process that makes rounds ended with {status}")),
        }
    }

    /// Follows a process. Gives the round under way when it stopped or had to be stopped, and
    /// why that had to be; none if it ended between rounds.
    fn listen(&mut self, child: &Child, lines: &Receiver<String>) -> Option<(u64, Option<String>)> {
        let mut under_way: Option<(u64, Instant)> = None;
        loop {
            match lines.recv_timeout(LOOK) {
                Ok(line) => {
                    let (what, round) = line.split_once(' ').unwrap_or_default();
                    let round = round.parse().unwrap_or_default();
                    under_way = (what == "start").then(|| (round, Instant::now()));
                    match what {
                        "start" => {}
                        "generated" => self.seen.generated += 1,
                        "refused" => self.seen.refused += 1,
                        other => self.seen.failed.push((round, other.to_owned())),
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let Some((round, since)) = under_way else { continue };
                    if since.elapsed() > TIME {
                        return Some((round, Some(format!("more than {} s", TIME.as_secs()))));
                    }
                    let memory = one::memory(&child.id().to_string(), "VmRSS:");
                    if memory.is_some_and(|memory| memory > MEMORY) {
                        return Some((round, Some(format!("more than {MEMORY} MiB"))));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return under_way.map(|(round, _)| (round, None));
                }
            }
        }
    }
}

/// What a process prints, line by line.
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
