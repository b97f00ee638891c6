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

use super::queue::{EventSet, Log, Queue, lock};
use super::report::Report;

/// How long is waited for delivery, unless it is said otherwise.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(10);

/// By so much the worker may be late with what it has to say at a deadline.
const GRACE: Duration = Duration::from_millis(200);

/// Waits until everything is delivered, of a run or of a reporter, or until there is no more time
/// to wait: `.await` it, or where there is no runtime, [`wait`](Self::wait) for it.
///
/// What is to be sent is sent without it, too; only nobody waits for it then.
#[derive(Debug)]
#[must_use = "await it or call `wait()`, to learn what was delivered and what was not"]
pub struct Delivery {
    wait: DeliveryWait,
    /// Whose going would itself wait.
    _guard: Arc<Guard>,
}

impl Delivery {
    pub(super) fn of_run(guard: Arc<Guard>, log: Arc<Log>) -> Self {
        Self { wait: DeliveryWait::new(&guard, EventSet::OfRun(log)), _guard: guard }
    }

    pub(super) fn of_all(guard: Arc<Guard>) -> Self {
        Self { wait: DeliveryWait::new(&guard, guard.queue.so_far()), _guard: guard }
    }

    /// Waits for so long at most, from now on.
    pub fn within(mut self, time: Duration) -> Self {
        self.wait.deadline = until(time);
        self
    }

    /// Waits on this thread. In asynchronous code `.await` it instead, which blocks nobody.
    pub fn wait(mut self) -> Report {
        self.wait.block();
        self.wait.report()
    }
}

impl Future for Delivery {
    type Output = Report;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Report> {
        let polled = Pin::new(&mut self.wait).poll(context);
        polled.map(|()| self.wait.report())
    }
}

/// Ends when none of the events waits any more, or with the deadline. Time is pending by the worker, so this
/// can be polled by any runtime and by none.
#[derive(Debug)]
struct DeliveryWait {
    queue: Arc<Queue>,
    set: EventSet,
    deadline: Instant,
    over: Option<oneshot::Receiver<usize>>,
    /// How much of what was sent is on disk and not yet delivered.
    pending: usize,
    /// Whether that which is on disk is waited for, too.
    until_delivered: bool,
}

impl DeliveryWait {
    fn new(guard: &Guard, set: EventSet) -> Self {
        let deadline = until(guard.delivery_timeout());
        Self {
            queue: Arc::clone(&guard.queue),
            set,
            deadline,
            over: None,
            pending: 0,
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
        let mut report = self.queue.report(&self.set);
        report.pending = self.pending;
        report.accepted = report.accepted.saturating_sub(self.pending);
        report
    }
}

impl Future for DeliveryWait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Self { queue, set, deadline, over, pending, until_delivered } = &mut *self;
        let goes_on = *until_delivered && queue.sink.goes_on();
        if over.is_none() && (goes_on || !queue.is_settled(set)) {
            *over = queue.worker().map(|worker| {
                let (over, receiver) = oneshot::channel();
                let settled = settle(Arc::clone(queue), set.clone(), *deadline, goes_on);
                worker.spawn(async {
                    // Nobody may be waiting any more.
                    let _ = over.send(settled.await);
                });
                receiver
            });
        }
        match over {
            // A worker that is gone has nothing more to say: what it has not sent still waits.
            Some(over) => Pin::new(over).poll(context).map(|left| *pending = left.unwrap_or(0)),
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
async fn settle(queue: Arc<Queue>, set: EventSet, deadline: Instant, goes_on: bool) -> usize {
    queue.waiters.fetch_add(1, Ordering::AcqRel);
    queue.hurry.notify_waiters();
    loop {
        let mut settled = pin!(queue.settled.notified());
        // From here on it cannot be missed.
        settled.as_mut().enable();
        if queue.is_settled(&set) || timeout_at(deadline.into(), settled).await.is_err() {
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
    delivery_timeout: Mutex<Duration>,
}

impl Guard {
    pub(super) fn new(queue: Arc<Queue>) -> Self {
        Self { queue, delivery_timeout: Mutex::new(DELIVERY_TIMEOUT) }
    }

    pub(super) fn set_delivery_timeout(&self, delivery_timeout: Duration) {
        *lock(&self.delivery_timeout) = delivery_timeout;
    }

    fn delivery_timeout(&self) -> Duration {
        *lock(&self.delivery_timeout)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.queue.has_unreported() {
            // What is on disk is safe, and perhaps delivered by the very runtime that stands here.
            DeliveryWait { until_delivered: false, ..DeliveryWait::new(self, EventSet::ALL) }
                .block();
        }
        self.queue.close();
    }
}
