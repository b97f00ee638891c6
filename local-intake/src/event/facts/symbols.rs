//! Interned strings: each distinct string is kept once and compared by its number.

use std::sync::Arc;

use crate::common::{Chunks, Index};

/// The number of an interned string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(u32);

impl Symbol {
    /// Returns the position of the string among all interned strings.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of interned strings. The number of a string that is no longer used is used again.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    known: Index,
    strings: Chunks<Entry>,
    free: Vec<Symbol>,
}

#[derive(Debug)]
struct Entry {
    string: Arc<str>,
    /// How often the string is used, or `FREE`.
    uses: u32,
}

/// The number of uses of a number that has no string.
const FREE: u32 = u32::MAX;

impl Symbols {
    /// Returns the symbol of a string, and adds the string if it is new.
    pub(crate) fn intern(&mut self, string: &str) -> Symbol {
        let hash = self.known.hash(string);
        if let Some(symbol) = self.find_hashed(hash, string) {
            return symbol;
        }
        let entry = Entry { string: string.into(), uses: 0 };
        let symbol = match self.free.pop() {
            Some(symbol) => {
                if let Some(free) = self.strings.get_mut(symbol.index()) {
                    *free = entry;
                }
                symbol
            }
            None => {
                // More strings than a u32 can count do not fit into memory.
                let symbol = Symbol(u32::try_from(self.strings.end()).unwrap_or(u32::MAX));
                self.strings.push(entry);
                symbol
            }
        };
        self.known.insert(hash, symbol.0);
        symbol
    }

    /// Counts a use of a string.
    pub(crate) fn retain(&mut self, symbol: Symbol) {
        if let Some(entry) = self.strings.get_mut(symbol.index()) {
            entry.uses = entry.uses.saturating_add(1).min(FREE - 1);
        }
    }

    /// Ends a use of a string. Returns whether it was the last one.
    pub(crate) fn release(&mut self, symbol: Symbol) -> bool {
        let Some(entry) = self.strings.get_mut(symbol.index()) else { return false };
        entry.uses = entry.uses.saturating_sub(1);
        entry.uses == 0
    }

    /// Removes a string that is not used.
    pub(crate) fn remove_unused(&mut self, symbol: Symbol) {
        let Some(entry) = self.strings.get_mut(symbol.index()) else { return };
        if entry.uses != 0 {
            return;
        }
        let string = std::mem::replace(&mut entry.string, Arc::from(""));
        entry.uses = FREE;
        self.known.remove(self.known.hash(&*string), symbol.0);
        self.free.push(symbol);
    }

    /// Returns the symbol of a string that has been interned.
    pub(crate) fn find(&self, string: &str) -> Option<Symbol> {
        self.find_hashed(self.known.hash(string), string)
    }

    fn find_hashed(&self, hash: u64, string: &str) -> Option<Symbol> {
        self.known.find(hash, |number| self.resolve(Symbol(number)) == string).map(Symbol)
    }

    /// Returns the string of a symbol.
    pub(crate) fn resolve(&self, symbol: Symbol) -> &str {
        self.strings.get(symbol.index()).map_or("", |entry| &entry.string)
    }

    /// Returns the string of a symbol, to use it without the store.
    pub(crate) fn shared(&self, symbol: Symbol) -> Arc<str> {
        let entry = self.strings.get(symbol.index());
        entry.map_or_else(|| Arc::from(""), |entry| Arc::clone(&entry.string))
    }

    /// Returns the number of strings that are kept.
    pub(crate) fn len(&self) -> usize {
        self.strings.len() - self.free.len()
    }
}
