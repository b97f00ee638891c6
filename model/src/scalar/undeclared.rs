//! Values of enums that a caller gave as strings, although they are not declared.
//!
//! A type tracks no location, so such values are found while a whole value is encoded: each is
//! replaced by a placeholder, whose location is then found in the JSON. This costs nothing until the
//! first such value was created.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether there has been any such value.
static ANY: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// What is wrong with each value that was found, while they are collected.
    static FOUND: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// The number of declared values up to which a message lists all.
const MAX_LISTED: usize = 30;

/// Notes that there is a value of an enum that is not declared.
pub(super) fn note() {
    ANY.store(true, Ordering::Relaxed);
}

/// Returns the string to encode in place of a value that is not declared, if they are collected.
pub(super) fn collect(value: &str, declared: &[&str], other: &str) -> Option<String> {
    FOUND.with_borrow_mut(|found| {
        let found = found.as_mut()?;
        found.push(message(value, declared, other));
        Some(placeholder(found.len() - 1))
    })
}

/// Returns the placeholder of the value at an index.
pub(crate) fn placeholder(index: usize) -> String {
    format!("\0specwright: value {index} that is not declared")
}

/// Describes a value as the end of a sentence.
fn message(value: &str, declared: &[&str], other: &str) -> String {
    let listed = declared.get(..MAX_LISTED).unwrap_or(declared).join("`, `");
    let one_of = if declared.len() == 1 { "" } else { "one of " };
    let mut message = format!("must be {one_of}`{listed}`");
    if declared.len() > MAX_LISTED {
        _ = write!(message, " or {} others", declared.len() - MAX_LISTED);
    }
    _ = write!(message, ", is `{value}`");
    if let Some(similar) = similar(value, declared) {
        _ = write!(message, "; did you mean `{similar}`?");
    }
    // Otherwise a caller who means it would not know how to write it.
    _ = write!(message, " (use the variant `{other}` for a value that is not declared)");
    message
}

/// Returns whether there has been any such value.
pub(crate) fn is_any() -> bool {
    ANY.load(Ordering::Relaxed)
}

/// Collects what is wrong with each value that is encoded, until it is dropped.
pub(crate) struct Collecting;

impl Collecting {
    pub(crate) fn start() -> Self {
        FOUND.set(Some(Vec::new()));
        Self
    }

    /// Returns what was found; the placeholder of each has its index.
    pub(crate) fn finish(self) -> Vec<String> {
        FOUND.take().unwrap_or_default()
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        FOUND.set(None);
    }
}

/// Returns the declared value that was probably meant.
fn similar<'d>(value: &str, declared: &[&'d str]) -> Option<&'d str> {
    let folded: Vec<char> = value.to_lowercase().chars().collect();
    // One edit per three characters is accepted, and at least one.
    let max = (folded.len() / 3).max(1);
    let distances = declared.iter().filter_map(|other| {
        let other_folded: Vec<char> = other.to_lowercase().chars().collect();
        let is_candidate = folded.len().abs_diff(other_folded.len()) <= max && folded.len() > 1;
        is_candidate.then(|| (distance(&folded, &other_folded), *other))
    });
    distances.filter(|(distance, _)| *distance <= max).min().map(|(_, other)| other)
}

/// Returns the number of characters to insert, remove, replace or swap.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut next = vec![i + 1];
        for j in 0..b.len() {
            let replaced = row[j] + usize::from(a[i] != b[j]);
            let mut least = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_that_was_meant_is_suggested() {
        let declared = ["open", "closed", "in-progress"];
        for (value, expected) in [
            ("opne", Some("open")),
            ("OPEN", Some("open")),
            ("close", Some("closed")),
            ("in_progress", Some("in-progress")),
            ("new", None),
            ("", None),
        ] {
            assert_eq!(similar(value, &declared), expected, "{value}");
        }
    }
}
