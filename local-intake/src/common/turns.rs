//! Turns: a few queries run at a time, and the others wait in line.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};

use super::sync::lock;

/// The turns of all queries of an intake.
#[derive(Debug)]
pub(crate) struct Turns(Mutex<Line>);

#[derive(Debug)]
struct Line {
    free: usize,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    thread: Thread,
    has_turn: Arc<AtomicBool>,
}

impl Default for Turns {
    /// Leaves a processor for everything else, if there are several.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self(Mutex::new(Line {
            free: processors.saturating_sub(1).max(1),
            waiting: VecDeque::new(),
        }))
    }
}

impl Turns {
    /// Waits for a turn. Those who wait get it in the order in which they came.
    pub(super) fn acquire(&self) {
        let has_turn = Arc::new(AtomicBool::new(false));
        {
            let mut line = lock(&self.0);
            if line.free > 0 {
                line.free -= 1;
                return;
            }
            let (thread, has_turn) = (thread::current(), Arc::clone(&has_turn));
            line.waiting.push_back(Waiting { thread, has_turn });
        }
        while !has_turn.load(Ordering::Acquire) {
            thread::park();
        }
    }

    /// Ends a turn.
    pub(super) fn release(&self) {
        let mut line = lock(&self.0);
        match line.waiting.pop_front() {
            Some(next) => {
                next.has_turn.store(true, Ordering::Release);
                next.thread.unpark();
            }
            None => line.free += 1,
        }
    }

    /// Ends a turn and waits for the next one, if others wait.
    pub(super) fn pass(&self) {
        if !lock(&self.0).waiting.is_empty() {
            self.release();
            self.acquire();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::Turns;

    #[test]
    fn a_few_run_at_a_time_and_all_get_their_turn() {
        let turns = Arc::new(Turns::default());
        let max = super::lock(&turns.0).free;
        let running = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = (0..20)
            .map(|_| {
                let (turns, running) = (Arc::clone(&turns), Arc::clone(&running));
                thread::spawn(move || {
                    turns.acquire();
                    for _ in 0..100 {
                        assert!(running.fetch_add(1, Ordering::SeqCst) < max);
                        thread::yield_now();
                        running.fetch_sub(1, Ordering::SeqCst);
                        turns.pass();
                    }
                    turns.release();
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(super::lock(&turns.0).free, max);
    }
}
