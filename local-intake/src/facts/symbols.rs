//! Texts as numbers: each distinct one is kept once and compared by its number.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

/// A text of a [`Symbols`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

impl Symbol {
    /// Its place among all texts.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Every distinct text, in the order in which they came.
#[derive(Debug, Default)]
pub struct Symbols {
    known: HashMap<Arc<str>, Symbol, RandomState>,
    texts: Vec<Arc<str>>,
}

impl Symbols {
    /// The symbol of a text, new or known.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.find(text) {
            return symbol;
        }
        // More texts than that would not fit into memory.
        let symbol = Symbol(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.known.insert(text, symbol);
        symbol
    }

    /// The symbol of a text that is known.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Symbol> {
        self.known.get(text).copied()
    }

    /// The text of a symbol.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.index()).map_or("", |text| text)
    }

    /// All texts with their symbols.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        (0..).map(Symbol).zip(self.texts.iter().map(|text| &**text))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}
