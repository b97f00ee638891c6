//! The values that identify groups, and their strings.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json::Value;

use crate::event::facts::{Fact, Symbol, Vocabulary};

/// A value that identifies a group. A boolean and the string that represents it are the same key,
/// because responses show them alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::aggregate) enum Key {
    /// The bits of a number. Negative zero is normalised to zero.
    Number(u64),
    String(Symbol),
    /// A boolean, if no event contains the string that represents it.
    Boolean(bool),
    /// The string of `missing`, if no event contains it.
    Placeholder,
}

impl Key {
    pub(in crate::aggregate) fn from_number(number: f64) -> Self {
        // Adding zero turns negative zero into zero.
        Self::Number((number + 0.0).to_bits())
    }

    pub(in crate::aggregate) fn as_number(self) -> Option<f64> {
        match self {
            Self::Number(bits) => Some(f64::from_bits(bits)),
            Self::String(_) | Self::Boolean(_) | Self::Placeholder => None,
        }
    }
}

/// A value as it is ordered and returned. Numbers sort before strings, strings by their bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::aggregate) enum Scalar<'v> {
    Number(f64),
    String(&'v str),
}

impl Scalar<'_> {
    pub(in crate::aggregate) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Number(_), Self::String(_)) => Ordering::Less,
            (Self::String(_), Self::Number(_)) => Ordering::Greater,
        }
    }

    /// Converts to the value of a facet. A whole number has no fraction.
    pub(in crate::aggregate) fn to_facet(self) -> Value {
        /// All whole numbers up to this one have an exact representation as a float.
        const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= MAX_EXACT => {
                Value::from(number as i64)
            }
            Self::Number(number) => Value::from(number),
            Self::String(string) => Value::from(string),
        }
    }
}

/// The strings of keys, which are needed to order and return them.
#[derive(Debug, Default)]
pub(crate) struct KeyMap {
    strings: HashMap<Symbol, Arc<str>, RandomState>,
}

impl KeyMap {
    pub(crate) fn insert(&mut self, symbol: Symbol, string: Arc<str>) {
        self.strings.insert(symbol, string);
    }

    /// Returns the length of the longest string.
    pub(in crate::aggregate) fn max_length(&self) -> usize {
        self.strings.values().map(|string| string.len()).max().unwrap_or_default()
    }

    /// Returns the value of a key, given the placeholder for missing values.
    pub(in crate::aggregate) fn scalar<'a>(&'a self, key: Key, placeholder: &'a str) -> Scalar<'a> {
        match key {
            Key::Number(bits) => Scalar::Number(f64::from_bits(bits)),
            Key::String(symbol) => {
                Scalar::String(self.strings.get(&symbol).map_or("", |string| string))
            }
            Key::Boolean(value) => Scalar::String(bool_str(value)),
            Key::Placeholder => Scalar::String(placeholder),
        }
    }
}

fn bool_str(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// How booleans are represented: as strings, if an event contains such a string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Booleans([Key; 2]);

impl Booleans {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        Self([false, true].map(|value| {
            let symbol = vocabulary.strings.find(bool_str(value));
            symbol.map_or(Key::Boolean(value), Key::String)
        }))
    }

    /// Returns the key of a fact.
    pub(super) fn key(self, fact: Fact) -> Key {
        match fact {
            Fact::Number(number) => Key::from_number(number),
            Fact::String(symbol) => Key::String(symbol),
            Fact::Boolean(value) => self.0[usize::from(value)],
        }
    }
}

/// Returns the key of a placeholder for missing values.
pub(super) fn placeholder_key(placeholder: &str, vocabulary: &Vocabulary) -> Key {
    match (vocabulary.strings.find(placeholder), placeholder) {
        (Some(symbol), _) => Key::String(symbol),
        (None, "true") => Key::Boolean(true),
        (None, "false") => Key::Boolean(false),
        (None, _) => Key::Placeholder,
    }
}
