//! Work on all cores.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A stack for shallow work, in bytes: that of Rust's threads. The system keeps such small stacks for
/// the next threads; a large one costs a twelfth of the time of a small document.
pub(crate) const SMALL_STACK: usize = 2 << 20;

/// A stack for deeply nested types, in bytes.
pub(crate) const LARGE_STACK: usize = 64 << 20;

/// Applies a function to each item and returns the results in the order of the items. Each core takes
/// the next item when it is done with one, since some take a hundred times as long as others. `stack`
/// is the size of each thread's stack in bytes.
pub(crate) fn map<T: Sync, R: Send>(
    items: &[T],
    stack: usize,
    each: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(i) else { return done };
            done.push((i, each(item)));
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(stack).spawn_scoped(scope, work).ok();
        // Without memory for another worker, the caller does the work. Its stack is as large as the
        // input needs.
        let others: Vec<_> = (1..workers).filter_map(spawn).collect();
        let own = work();
        // A panic in a worker is passed on to the caller.
        let join = |other: thread::ScopedJoinHandle<'_, _>| {
            other.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        others.into_iter().map(join).chain([own]).flatten().collect()
    });
    done.sort_unstable_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::{SMALL_STACK, map};

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(
            map(&items, SMALL_STACK, |i| i * 2),
            items.iter().map(|i| i * 2).collect::<Vec<_>>()
        );
        assert_eq!(map(&[], SMALL_STACK, |(): &()| 1), Vec::<i32>::new());
    }
}
