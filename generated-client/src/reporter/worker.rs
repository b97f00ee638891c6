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

use super::queue::{Next, Queue};

/// How long the pause behind a failure is, at first and at most; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A call that has taken this long when somebody begins to wait may be on a connection that nobody
/// answers any more. It is made anew: sending twice is harmless. Each time it may take twice as
/// long, so that in the end a service that is only slow can answer.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(1);

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
    let (mut pause, mut delivery_timeout) = (FIRST_PAUSE, DELIVERY_TIMEOUT);
    loop {
        let events = match queue.next() {
            Next::End => return,
            Next::Wait => {
                queue.wake.notified().await;
                continue;
            }
            Next::Send(events) => events,
        };
        match unless(queue.sink.send(events), stalled(queue, delivery_timeout)).await {
            Some(outcomes) => {
                delivery_timeout = DELIVERY_TIMEOUT;
                let is_stuck = queue.settle(outcomes);
                pause = if is_stuck { rest(queue, pause).await } else { FIRST_PAUSE };
            }
            None => {
                delivery_timeout = delivery_timeout.saturating_mul(2).min(LONGEST_PAUSE);
                queue.postpone();
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
    let pause = if is_urgent { pause.min(DELIVERY_TIMEOUT) } else { pause };
    match unless(sleep(pause), hurried).await {
        Some(()) => pause.saturating_mul(2).min(LONGEST_PAUSE),
        None => FIRST_PAUSE,
    }
}

/// Ends when a call that is made now had better be made anew.
async fn stalled(queue: &Queue, delivery_timeout: Duration) {
    let begun = Instant::now();
    loop {
        queue.hurry.notified().await;
        if queue.is_closed() {
            return;
        }
        // A disk is not hurried: what was on its way to it would go there twice.
        if !queue.sink.goes_on() {
            return sleep_until(begun + delivery_timeout).await;
        }
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
