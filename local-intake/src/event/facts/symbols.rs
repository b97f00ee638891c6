//! Interned strings: each distinct string is kept once and compared by its number.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

/// The number of an interned string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(u32);

impl Symbol {
    /// Returns the position of the string among all interned strings.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of interned strings, in the order of their insertion.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    known: HashMap<Arc<str>, Symbol, RandomState>,
    strings: Vec<Arc<str>>,
}

impl Symbols {
    /// Returns the symbol of a string, and adds the string if it is new.
    pub(crate) fn intern(&mut self, string: &str) -> Symbol {
        if let Some(symbol) = self.find(string) {
            return symbol;
        }
        // More strings than a u32 can count do not fit into memory.
        let symbol = Symbol(u32::try_from(self.strings.len()).unwrap_or(u32::MAX));
        let string: Arc<str> = string.into();
        self.strings.push(Arc::clone(&string));
        self.known.insert(string, symbol);
        symbol
    }

    /// Returns the symbol of a string that has been interned.
    pub(crate) fn find(&self, string: &str) -> Option<Symbol> {
        self.known.get(string).copied()
    }

    /// Returns the string of a symbol.
    pub(crate) fn resolve(&self, symbol: Symbol) -> &str {
        self.strings.get(symbol.index()).map_or("", |string| string)
    }

    /// Returns all strings with their symbols.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        (0..).map(Symbol).zip(self.strings.iter().map(|string| &**string))
    }

    pub(crate) fn len(&self) -> usize {
        self.strings.len()
    }
}
