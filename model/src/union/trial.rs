//! Limits for unions whose variants cannot be distinguished: they are decoded by trial, in linear
//! memory and bounded time, however deeply such unions are nested.
//!
//! A variant is decoded as a whole before it is known to fit. A union of the same kind inside of
//! it would be decoded once per variant around it, so twice as often with each level. So results
//! are memoised while the document around them is decoded.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

/// The bytes that may be read while one value is decoded: those of the value this many times,
/// and as many more as are read in little time. Only deeply nested values come near.
const TIMES: usize = 64;
const AT_LEAST: usize = 64 << 20;

thread_local! {
    static ROOT: RefCell<Option<Root>> = const { RefCell::new(None) };
}

/// The outermost value that is decoded by trial. Its JSON does not move meanwhile, so the
/// address of a value inside identifies it.
struct Root {
    range: Range<usize>,
    results: HashMap<Key, Outcome>,
    bytes_left: usize,
}

/// The address and length of a value, the union that it is decoded as, and the rule of the union.
type Key = (usize, usize, TypeId, usize);

/// The result of decoding a value by trial.
#[derive(Clone)]
pub(super) enum Outcome {
    /// The variant that fits best.
    Fits(usize),
    /// Each variant that decodes forbids properties that the value has.
    Unknown,
    /// No variant fits, for these reasons.
    None(String),
}

/// A value that is decoded by trial.
pub(super) struct Trial {
    key: Key,
    /// The outermost value before this one, if this one is not inside of it.
    outer: Option<Option<Root>>,
}

impl Trial {
    /// Starts decoding a value as the union `T`, by one of its rules.
    pub(super) fn start<T: 'static>(json: &str, rule: usize) -> Self {
        let start = json.as_ptr().addr();
        let range = start..start + json.len();
        let outer = ROOT.with_borrow_mut(|root| match root {
            Some(root) if root.range.start <= range.start && range.end <= root.range.end => None,
            _ => {
                let bytes_left = json.len().saturating_mul(TIMES).saturating_add(AT_LEAST);
                Some(root.replace(Root { range, results: HashMap::new(), bytes_left }))
            }
        });
        Self { key: (start, json.len(), TypeId::of::<T>(), rule), outer }
    }

    /// The result, if the value was decoded before.
    pub(super) fn known(&self) -> Option<Outcome> {
        ROOT.with_borrow(|root| root.as_ref()?.results.get(&self.key).cloned())
    }

    /// Memoises the result. The outermost value is decoded only once.
    pub(super) fn remember(&self, outcome: impl FnOnce() -> Outcome) {
        let (start, length, ..) = self.key;
        ROOT.with_borrow_mut(|root| {
            if let Some(root) = root
                && (start..start + length) != root.range
            {
                root.results.insert(self.key, outcome());
            }
        });
    }

    /// Counts the bytes of one variant.
    pub(super) fn spend<E: serde::de::Error>(&self) -> Result<(), E> {
        let (_, length, ..) = self.key;
        ROOT.with_borrow_mut(|root| {
            let Some(root) = root else { return Ok(()) };
            root.bytes_left = root.bytes_left.checked_sub(length).ok_or_else(|| {
                E::custom("values of unions that are decoded by trial are nested too deeply")
            })?;
            Ok(())
        })
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Some(outer) = self.outer.take() {
            ROOT.set(outer);
        }
    }
}
