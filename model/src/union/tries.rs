//! Unions of which nothing tells the variants apart: each is tried, in linear memory and bounded
//! time, however deep such unions lie in one another.
//!
//! A variant is decoded whole before it is known to fit. Where it holds a union of the same kind,
//! that one would be decoded for each variant around it, and so on: twice as often with each level.
//! So what came of a value is remembered for as long as the document that it lies in is decoded.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use serde::de::Error as _;

use super::{UnionError, Value};

/// The bytes of values that may be read while one value is decoded: those of the value this many
/// times, and as many more as take a moment. Only values that lie deep in one another come near.
const TIMES: usize = 64;
const AT_LEAST: usize = 64 << 20;

/// The bytes of the message of a value that no variant fits, which has those of the values within.
const MESSAGE: usize = 1000;

thread_local! {
    static ROOT: RefCell<Option<Root>> = const { RefCell::new(None) };
}

/// The outermost value that is being decoded by trying. Its text stays where it is meanwhile, so
/// the address of a value within says which one it is.
struct Root {
    text: Range<usize>,
    known: HashMap<Key, Outcome>,
    left: usize,
}

/// Where a value lies, and the union that it is read as.
type Key = (usize, usize, TypeId);

/// What came of trying.
#[derive(Clone)]
enum Outcome {
    /// The first variant that fits.
    Fits(usize),
    /// Why none does.
    None(String),
}

/// A variant's name, and how it is decoded.
pub(crate) type Candidate<'a, 'n, T> = (&'n str, fn(Value<'a>) -> Result<T, UnionError>);

/// Decodes the first variant that fits.
pub(crate) fn first_fit<'a, T: 'static>(
    value: Value<'a>,
    candidates: &[Candidate<'a, '_, T>],
) -> Result<T, UnionError> {
    let _restored = Restored(enter(value.written()));
    let key = key::<T>(value.written());
    match known(&key) {
        Some(Outcome::Fits(index)) => {
            if let Some((_, decode)) = candidates.get(index) {
                spend(value.written())?;
                return decode(value);
            }
        }
        Some(Outcome::None(message)) => return Err(UnionError::custom(message)),
        None => {}
    }
    let mut reasons = Vec::new();
    for (index, (name, decode)) in candidates.iter().enumerate() {
        spend(value.written())?;
        match decode(value) {
            Ok(decoded) => {
                remember(key, || Outcome::Fits(index));
                return Ok(decoded);
            }
            Err(error) => reasons.push(format!("{name}: {error}")),
        }
    }
    let message = no_variant_fits(&reasons);
    remember(key, || Outcome::None(message.clone()));
    Err(UnionError::custom(message))
}

/// Why each variant does not fit. Of several long reasons each has its part.
fn no_variant_fits(reasons: &[String]) -> String {
    let each = MESSAGE / reasons.len().max(1);
    let reasons: Vec<_> = reasons
        .iter()
        .map(|reason| match reason.char_indices().nth(each) {
            Some((end, _)) => format!("{}\u{2026}", &reason[..end]),
            None => reason.clone(),
        })
        .collect();
    format!("no variant fits ({})", reasons.join("; "))
}

/// Puts back what was being decoded when a value began that does not lie in it.
struct Restored(Option<Option<Root>>);

impl Drop for Restored {
    fn drop(&mut self) {
        if let Some(outer) = self.0.take() {
            ROOT.set(outer);
        }
    }
}

/// Begins a value; what has to be put back behind it, if it lies in none that is being decoded.
fn enter(text: &str) -> Option<Option<Root>> {
    let own = place(text);
    ROOT.with_borrow_mut(|root| match root {
        Some(root) if root.text.start <= own.start && own.end <= root.text.end => None,
        _ => {
            let left = text.len().saturating_mul(TIMES).saturating_add(AT_LEAST);
            Some(root.replace(Root { text: own, known: HashMap::new(), left }))
        }
    })
}

fn place(text: &str) -> Range<usize> {
    let start = text.as_ptr().addr();
    start..start + text.len()
}

fn key<T: 'static>(text: &str) -> Key {
    (text.as_ptr().addr(), text.len(), TypeId::of::<T>())
}

fn known(key: &Key) -> Option<Outcome> {
    ROOT.with_borrow(|root| root.as_ref()?.known.get(key).cloned())
}

/// Remembers what came of a value. The outermost one is tried only once.
fn remember(key: Key, outcome: impl FnOnce() -> Outcome) {
    ROOT.with_borrow_mut(|root| {
        if let Some(root) = root
            && (key.0..key.0 + key.1) != root.text
        {
            root.known.insert(key, outcome());
        }
    });
}

/// Counts the bytes that are read.
fn spend(text: &str) -> Result<(), UnionError> {
    ROOT.with_borrow_mut(|root| {
        let Some(root) = root else { return Ok(()) };
        root.left = root.left.checked_sub(text.len()).ok_or_else(|| {
            UnionError::custom("values of which any variant may fit lie too deep in one another")
        })?;
        Ok(())
    })
}
