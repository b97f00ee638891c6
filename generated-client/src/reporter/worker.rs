//! Sends what waits, in the background.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::time::{Instant, sleep, sleep_until};

use super::queue::{Next, Outcome, Queue};
use super::sink::Unsent;
use crate::MAX_BATCH;

/// How long the pause behind a failure is, at first and at most; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A call that has taken this long when somebody begins to wait is more likely to sit in a pause
/// between two tries than to be answered soon. It is made anew: sending twice is harmless.
const PATIENCE: Duration = Duration::from_secs(1);

/// Starts the worker of a queue, on a thread of its own. So there need be no runtime where events
/// are reported, and none that ends takes undelivered events with it.
pub(super) fn start(queue: &Arc<Queue>) -> Result<Handle, String> {
    let queue = Arc::clone(queue);
    let (started, handle) = mpsc::sync_channel(1);
    let run = move || match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            // Whoever starts it waits for this.
            let _ = started.send(Ok(runtime.handle().clone()));
            runtime.block_on(work(&queue));
            runtime.shutdown_background();
        }
        Err(error) => {
            let _ = started.send(Err(error.to_string()));
        }
    };
    let failed = |problem: &dyn std::fmt::Display| format!("nothing can be sent: {problem}");
    thread::Builder::new()
        .name("ci-reporter".to_owned())
        .spawn(run)
        .map_err(|error| failed(&error))?;
    handle.recv().map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

/// Sends what waits in the order in which it came, until the queue is closed. It runs on any
/// runtime that has time and I/O.
async fn work(queue: &Queue) {
    let (mut pause, mut limit) = (FIRST_PAUSE, MAX_BATCH);
    loop {
        let events = match queue.next(limit) {
            Next::End => return,
            Next::Wait => {
                queue.wake.notified().await;
                continue;
            }
            Next::Send(events) => events,
        };
        let Some(sent) = unless(queue.sink.send(&events), stalled(queue)).await else {
            queue.postpone(None);
            continue;
        };
        match sent {
            Ok(()) => {
                queue.settle(Outcome::Accepted);
                limit = limit.saturating_mul(2).min(MAX_BATCH);
                pause = FIRST_PAUSE;
            }
            // Who is at fault is found by sending fewer and fewer.
            Err(Unsent::ForOne(_)) if events.len() > 1 => {
                queue.postpone(None);
                limit = events.len() / 2;
            }
            Err(Unsent::ForOne(why) | Unsent::ForAll(why)) => {
                queue.settle(Outcome::Refused(&why));
                pause = FIRST_PAUSE;
            }
            Err(Unsent::Yet(why)) => {
                queue.postpone(Some(why));
                pause = rest(queue, pause).await;
            }
        }
    }
}

/// Makes a pause, and says how long the next one is to be. Whoever begins to wait ends it.
async fn rest(queue: &Queue, pause: Duration) -> Duration {
    let mut hurried = pin!(queue.hurry.notified());
    // From here on it cannot be missed.
    hurried.as_mut().enable();
    if queue.is_closed() {
        return FIRST_PAUSE;
    }
    let is_urgent = queue.waiters.load(Ordering::Acquire) > 0;
    let pause = if is_urgent { pause.min(PATIENCE) } else { pause };
    match unless(sleep(pause), hurried).await {
        Some(()) => pause.saturating_mul(2).min(LONGEST_PAUSE),
        None => FIRST_PAUSE,
    }
}

/// Ends when a call that is made now had better be made anew.
async fn stalled(queue: &Queue) {
    let begun = Instant::now();
    queue.hurry.notified().await;
    if !queue.is_closed() {
        sleep_until(begun + PATIENCE).await;
    }
}

/// The outcome of a future, unless another one ends before.
async fn unless<T>(wanted: impl Future<Output = T>, end: impl Future<Output = ()>) -> Option<T> {
    let (mut wanted, mut end) = (pin!(wanted), pin!(end));
    let outcome = poll_fn(|context| match wanted.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    });
    outcome.await
}
