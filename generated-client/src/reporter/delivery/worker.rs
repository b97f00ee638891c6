//! The thread that sends waiting events.

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

/// The first and the maximum pause after a failure. Each pause is twice as long as the previous one.
const INITIAL_PAUSE: Duration = Duration::from_millis(250);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// How long a request may take after a delivery has started to wait. A slower request may be on a
/// dead connection; it is cancelled and sent again, which is harmless. The limit grows each time,
/// so that a slow service can respond in the end.
const STALL_TIMEOUT: Duration = Duration::from_secs(1);

/// Starts the worker of a queue on its own thread. Events can then be reported without a runtime,
/// and a runtime that ends loses no events.
pub(in crate::reporter) fn start(queue: &Arc<Queue>) -> Result<Handle, String> {
    let queue = Arc::clone(queue);
    let (started, handle) = mpsc::sync_channel(1);
    let run = move || match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            // The caller of `start` waits for this.
            let _ = started.send(Ok(runtime.handle().clone()));
            runtime.block_on(work(&queue));
            runtime.shutdown_background();
        }
        Err(error) => {
            let _ = started.send(Err(error.to_string()));
        }
    };
    let failed =
        |problem: &dyn std::fmt::Display| format!("cannot start the reporter thread: {problem}");
    thread::Builder::new()
        .name("ci-reporter".to_owned())
        .spawn(run)
        .map_err(|error| failed(&error))?;
    handle.recv().map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

/// Sends waiting events in order until the queue is closed. Needs a runtime with time and I/O.
async fn work(queue: &Queue) {
    let (mut pause, mut stall_timeout) = (INITIAL_PAUSE, STALL_TIMEOUT);
    loop {
        let events = match queue.next() {
            Next::End => return,
            Next::Wait => {
                queue.wake.notified().await;
                continue;
            }
            Next::Send(events) => events,
        };
        match unless(queue.sink.send(events, &queue.background), stalled(queue, stall_timeout))
            .await
        {
            Some(outcomes) => {
                stall_timeout = STALL_TIMEOUT;
                let is_stuck = queue.settle(outcomes);
                pause = if is_stuck { pause_for(queue, pause).await } else { INITIAL_PAUSE };
            }
            None => {
                queue.postpone(format!("no response within {stall_timeout:?}"));
                stall_timeout = stall_timeout.saturating_mul(2).min(MAX_PAUSE);
            }
        }
    }
}

/// Pauses, and returns the length of the next pause. A delivery that starts to wait ends the pause.
async fn pause_for(queue: &Queue, pause: Duration) -> Duration {
    let mut hurried = pin!(queue.hurry.notified());
    // Registers now, so that no notification is missed.
    hurried.as_mut().enable();
    if queue.is_closed() {
        return INITIAL_PAUSE;
    }
    let is_urgent = queue.waiters.load(Ordering::Acquire) > 0;
    let pause = if is_urgent { pause.min(STALL_TIMEOUT) } else { pause };
    match unless(sleep(pause), hurried).await {
        Some(()) => pause.saturating_mul(2).min(MAX_PAUSE),
        None => INITIAL_PAUSE,
    }
}

/// Completes when a request that starts now should be cancelled and sent again.
async fn stalled(queue: &Queue, stall_timeout: Duration) {
    let started = Instant::now();
    loop {
        queue.hurry.notified().await;
        if queue.is_closed() {
            return;
        }
        // Writes to disk are not repeated: the event would be stored twice.
        if !queue.sink.is_deferred() {
            return sleep_until(started + stall_timeout).await;
        }
    }
}

/// Returns the output of `wanted`, or `None` if `end` completes first.
async fn unless<T>(wanted: impl Future<Output = T>, end: impl Future<Output = ()>) -> Option<T> {
    let (mut wanted, mut end) = (pin!(wanted), pin!(end));
    let outcome = poll_fn(|context| match wanted.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    });
    outcome.await
}
