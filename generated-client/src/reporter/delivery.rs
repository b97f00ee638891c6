//! Waiting until everything is delivered.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::timeout_at;

use super::queue::{Log, Queue, Which, lock};
use super::report::Report;

/// How long is waited for delivery, unless it is said otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// By so much the worker may be late with what it has to say at a deadline.
const GRACE: Duration = Duration::from_millis(200);

/// Waits until everything is delivered, of a run or of a reporter, or until there is no more time
/// to wait: `.await` it, or where there is no runtime, [`wait`](Self::wait) for it.
///
/// What is to be sent is sent without it, too; only nobody waits for it then.
#[derive(Debug)]
#[must_use = "await it or call `wait()`, to learn what was delivered and what was not"]
pub struct Delivery {
    settling: Settling,
    /// Whose going would itself wait.
    _guard: Arc<Guard>,
}

impl Delivery {
    pub(super) fn of_run(guard: Arc<Guard>, log: Arc<Log>) -> Self {
        Self { settling: Settling::new(&guard, Which::OfRun(log)), _guard: guard }
    }

    pub(super) fn of_all(guard: Arc<Guard>) -> Self {
        Self { settling: Settling::new(&guard, guard.queue.so_far()), _guard: guard }
    }

    /// Waits for so long at most, from now on.
    pub fn within(mut self, time: Duration) -> Self {
        self.settling.deadline = until(time);
        self
    }

    /// Waits on this thread. In asynchronous code `.await` it instead, which blocks nobody.
    pub fn wait(mut self) -> Report {
        self.settling.block();
        self.settling.report()
    }
}

impl Future for Delivery {
    type Output = Report;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Report> {
        let polled = Pin::new(&mut self.settling).poll(context);
        polled.map(|()| self.settling.report())
    }
}

/// Ends when none of the events waits any more, or with the deadline. Time is kept by the worker, so this
/// can be polled by any runtime and by none.
#[derive(Debug)]
struct Settling {
    queue: Arc<Queue>,
    which: Which,
    deadline: Instant,
    over: Option<oneshot::Receiver<usize>>,
    /// How much of what was sent is on disk and not yet delivered.
    kept: usize,
    /// Whether that which is on disk is waited for, too.
    until_delivered: bool,
}

impl Settling {
    fn new(guard: &Guard, which: Which) -> Self {
        let deadline = until(guard.patience());
        Self {
            queue: Arc::clone(&guard.queue),
            which,
            deadline,
            over: None,
            kept: 0,
            until_delivered: true,
        }
    }

    /// Waits on this thread, which needs no runtime. A worker that hangs is not waited for.
    fn block(&mut self) {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        while Pin::new(&mut *self).poll(&mut context).is_pending() {
            let end = self.deadline + GRACE;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            thread::park_timeout(left);
        }
    }

    fn report(&self) -> Report {
        let mut report = self.queue.report(&self.which);
        report.kept = self.kept;
        report.accepted = report.accepted.saturating_sub(self.kept);
        report
    }
}

impl Future for Settling {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Self { queue, which, deadline, over, kept, until_delivered } = &mut *self;
        let goes_on = *until_delivered && queue.sink.goes_on();
        if over.is_none() && (goes_on || !queue.is_settled(which)) {
            *over = queue.worker().map(|worker| {
                let (over, receiver) = oneshot::channel();
                let settled = settle(Arc::clone(queue), which.clone(), *deadline, goes_on);
                worker.spawn(async {
                    // Nobody may be waiting any more.
                    let _ = over.send(settled.await);
                });
                receiver
            });
        }
        match over {
            // A worker that is gone has nothing more to say: what it has not sent still waits.
            Some(over) => Pin::new(over).poll(context).map(|left| *kept = left.unwrap_or(0)),
            None => Poll::Ready(()),
        }
    }
}

/// The moment until which to wait. Who would wait forever waits for a year.
fn until(time: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    Instant::now() + time.min(YEAR)
}

/// Ends when none of the events waits any more, or with the deadline, and says how many are on
/// disk then and not yet delivered.
async fn settle(queue: Arc<Queue>, which: Which, deadline: Instant, goes_on: bool) -> usize {
    queue.waiters.fetch_add(1, Ordering::AcqRel);
    queue.hurry.notify_waiters();
    loop {
        let mut settled = pin!(queue.settled.notified());
        // From here on it cannot be missed.
        settled.as_mut().enable();
        if queue.is_settled(&which) || timeout_at(deadline.into(), settled).await.is_err() {
            break;
        }
    }
    let left = match goes_on {
        true => queue.sink.flush(deadline.saturating_duration_since(Instant::now())).await,
        false => 0,
    };
    queue.waiters.fetch_sub(1, Ordering::AcqRel);
    left
}

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What a reporter and its runs hold in common. The last of them to go waits for what is not yet
/// delivered: who ends early should not lose what led there.
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) queue: Arc<Queue>,
    patience: Mutex<Duration>,
}

impl Guard {
    pub(super) fn new(queue: Arc<Queue>) -> Self {
        Self { queue, patience: Mutex::new(PATIENCE) }
    }

    pub(super) fn set_patience(&self, patience: Duration) {
        *lock(&self.patience) = patience;
    }

    fn patience(&self) -> Duration {
        *lock(&self.patience)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.queue.has_untold() {
            // What is on disk is safe, and perhaps delivered by the very runtime that stands here.
            Settling { until_delivered: false, ..Settling::new(self, Which::ALL) }.block();
        }
        self.queue.close();
    }
}
