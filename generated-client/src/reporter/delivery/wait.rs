//! Waiting for delivery.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::timeout_at;

use super::log::{EventSet, Log, lock};
use super::queue::Queue;
use super::report::Report;
use super::sink::Left;

/// The default of [`Reporter::delivery_timeout`](crate::Reporter::delivery_timeout).
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(10);

/// How late the worker may respond after a deadline.
const GRACE: Duration = Duration::from_millis(200);

/// Resolves when all events of a run or of a reporter are delivered, or when the timeout expires.
/// `.await` it, or call [`wait`](Self::wait) without an async runtime.
///
/// Events are sent even if no `Delivery` is awaited.
#[derive(Debug)]
#[must_use = "await it or call `wait()` to learn which events were not delivered"]
pub struct Delivery {
    wait: DeliveryWait,
    /// Keeps the guard alive, because dropping the last one waits, too.
    _guard: Arc<Guard>,
}

impl Delivery {
    pub(in crate::reporter) fn for_run(guard: Arc<Guard>, log: Arc<Log>) -> Self {
        Self { wait: DeliveryWait::new(&guard, EventSet::Run(log)), _guard: guard }
    }

    pub(in crate::reporter) fn for_all(guard: Arc<Guard>) -> Self {
        Self { wait: DeliveryWait::new(&guard, guard.queue.so_far()), _guard: guard }
    }

    /// Sets the timeout, from now on. Defaults to
    /// [`Reporter::delivery_timeout`](crate::Reporter::delivery_timeout).
    pub fn timeout(mut self, time: Duration) -> Self {
        self.wait.deadline = until(time);
        self
    }

    /// Blocks this thread until delivery. Use `.await` in async code.
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

/// Completes when no event of the set waits, or at the deadline. The worker keeps the time, so any
/// runtime can poll it, or none.
#[derive(Debug)]
struct DeliveryWait {
    queue: Arc<Queue>,
    set: EventSet,
    deadline: Instant,
    over: Option<oneshot::Receiver<Left>>,
    /// How much of what was sent is on disk and not yet delivered.
    pending: Left,
    /// Whether to wait for the events of the outbox, too.
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
            pending: Left::default(),
            until_delivered: true,
        }
    }

    /// Blocks this thread without a runtime. Gives up on a worker that hangs.
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
        report.pending = self.pending.events;
        report.pending_reason.clone_from(&self.pending.reason);
        report.accepted = report.accepted.saturating_sub(self.pending.events);
        report
    }
}

impl Future for DeliveryWait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Self { queue, set, deadline, over, pending, until_delivered } = &mut *self;
        let is_deferred = *until_delivered && queue.sink.is_deferred();
        if over.is_none() && (is_deferred || !queue.is_settled(set)) {
            *over = queue.worker().map(|worker| {
                let (over, receiver) = oneshot::channel();
                let settled = settle(Arc::clone(queue), set.clone(), *deadline, is_deferred);
                worker.spawn(async {
                    // The receiver may have been dropped.
                    let _ = over.send(settled.await);
                });
                receiver
            });
        }
        match over {
            // A stopped worker sends no result; its unsent events still wait.
            Some(over) => {
                Pin::new(over).poll(context).map(|left| *pending = left.unwrap_or_default())
            }
            None => Poll::Ready(()),
        }
    }
}

/// Returns the deadline of a timeout, which is limited to a year.
fn until(time: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    Instant::now() + time.min(YEAR)
}

/// Completes when no event of the set waits, or at the deadline. Returns how many events are left in
/// the outbox.
async fn settle(queue: Arc<Queue>, set: EventSet, deadline: Instant, is_deferred: bool) -> Left {
    queue.waiters.fetch_add(1, Ordering::AcqRel);
    queue.hurry.notify_waiters();
    loop {
        let mut settled = pin!(queue.settled.notified());
        // Registers now, so that no notification is missed.
        settled.as_mut().enable();
        if queue.is_settled(&set) || timeout_at(deadline.into(), settled).await.is_err() {
            break;
        }
    }
    let left = match is_deferred {
        true => queue.sink.flush(deadline.saturating_duration_since(Instant::now())).await,
        false => Left::default(),
    };
    queue.waiters.fetch_sub(1, Ordering::AcqRel);
    left
}

/// Wakes a blocked thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Shared by a reporter and its runs. Dropping the last reference waits for delivery, so that a
/// program that ends early loses no events.
#[derive(Debug)]
pub(in crate::reporter) struct Guard {
    pub(in crate::reporter) queue: Arc<Queue>,
    delivery_timeout: Mutex<Duration>,
}

impl Guard {
    pub(in crate::reporter) fn new(queue: Arc<Queue>) -> Self {
        Self { queue, delivery_timeout: Mutex::new(DELIVERY_TIMEOUT) }
    }

    pub(in crate::reporter) fn set_delivery_timeout(&self, timeout: Duration) {
        *lock(&self.delivery_timeout) = timeout;
    }

    fn delivery_timeout(&self) -> Duration {
        *lock(&self.delivery_timeout)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.queue.has_unreported() {
            // Events on disk are safe, and may be delivered by the runtime that this thread blocks.
            DeliveryWait { until_delivered: false, ..DeliveryWait::new(self, EventSet::ALL) }
                .block();
        }
        self.queue.close();
    }
}
