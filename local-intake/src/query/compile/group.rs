//! Tests that are evaluated together: at most once per event.

use super::bits::Bits;
use super::cache::Cache;
use super::existence::Existence;
use super::field::Scalars;
use super::matcher::Matcher;
use super::steps::Steps;
use crate::common::Stopped;
use crate::event::facts::{Fact, Facts, Span, Symbol, Vocabulary};

/// The maximum number of steps to match a string while the store is locked.
const MAX_STEPS: usize = 1 << 18;

/// A string that takes long to match, so that the store must not be locked meanwhile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unmatched {
    pub(super) group: usize,
    pub(crate) symbol: Symbol,
}

/// An event to evaluate.
pub(super) struct Evaluation<'e> {
    /// The number of the evaluation.
    pub(super) number: u64,
    pub(super) facts: &'e Facts,
    pub(super) vocabulary: &'e Vocabulary,
    /// Where the values of single tests are.
    pub(super) spans: &'e [Span],
    /// The steps of matching its strings so far.
    pub(super) steps: usize,
}

/// What the tests of a group look at.
#[derive(Debug)]
pub(super) enum Subject {
    /// All strings of an event.
    Strings(Matcher),
    /// The values of one name.
    Field(Option<Symbol>, Scalars, Matcher),
    /// The names of an event.
    Names(Existence),
}

/// Tests that are evaluated together.
#[derive(Debug)]
pub(super) struct Group {
    number: usize,
    subject: Subject,
    cache: Cache,
    /// The result for the current event.
    found: Bits,
    /// The event of `found`.
    event: u64,
    /// The results for strings of the current event that were matched without a lock.
    matched: Vec<(Symbol, Bits)>,
    scratch: Bits,
}

impl Group {
    pub(super) fn new(number: usize, mut subject: Subject, bits: usize, cache: Cache) -> Self {
        if let Subject::Strings(matcher) | Subject::Field(_, _, matcher) = &mut subject {
            matcher.prepare();
        }
        let found = Bits::new(bits);
        let scratch = found.clone();
        Self { number, subject, cache, found, event: 0, matched: Vec::new(), scratch }
    }

    /// Returns the tests that an event passes.
    pub(super) fn found(&mut self, event: &mut Evaluation<'_>) -> Result<&Bits, Unmatched> {
        if self.event != event.number {
            self.found.clear();
            self.find(event)?;
            self.event = event.number;
            self.matched.clear();
        }
        Ok(&self.found)
    }

    fn find(&mut self, event: &mut Evaluation<'_>) -> Result<(), Unmatched> {
        let facts = event.facts;
        match &mut self.subject {
            Subject::Names(existence) => {
                // Their address, because events with the same names share them.
                let key = facts.names().as_ptr() as usize as u64;
                match self.cache.get(key) {
                    Some(known) => self.found.add_all(known),
                    None => {
                        existence.find(facts, event.vocabulary, &mut self.found);
                        self.cache.insert(key, &self.found);
                    }
                }
            }
            Subject::Strings(_) => {
                for (_, fact) in facts.iter() {
                    if let Fact::String(symbol) = fact {
                        self.find_string(symbol, event)?;
                        if self.found.is_full() {
                            break;
                        }
                    }
                }
            }
            Subject::Field(name, ..) => {
                let Some(name) = *name else { return Ok(()) };
                for fact in facts.values(name) {
                    match fact {
                        Fact::String(symbol) => self.find_string(symbol, event)?,
                        scalar => self.find_scalar(scalar),
                    }
                }
            }
        }
        Ok(())
    }

    fn find_string(&mut self, symbol: Symbol, event: &mut Evaluation<'_>) -> Result<(), Unmatched> {
        let key = symbol.index() as u64;
        if let Some(known) = self.cache.get(key) {
            self.found.add_all(known);
            return Ok(());
        }
        if let Some((_, known)) = self.matched.iter().find(|(matched, _)| *matched == symbol) {
            self.found.add_all(known);
            return Ok(());
        }
        let (Subject::Strings(matcher) | Subject::Field(_, _, matcher)) = &mut self.subject else {
            return Ok(());
        };
        let string = event.vocabulary.strings.resolve(symbol);
        let steps = matcher.steps(string.len());
        if steps > MAX_STEPS {
            return Err(Unmatched { group: self.number, symbol });
        }
        event.steps += steps;
        self.scratch.clear();
        // Never stopped: the string is short.
        let _ = matcher.find(string, &mut self.scratch, &mut Steps::new(&mut || Ok(())));
        self.cache.insert(key, &self.scratch);
        self.found.add_all(&self.scratch);
        Ok(())
    }

    fn find_scalar(&mut self, fact: Fact) {
        let Subject::Field(_, scalars, matcher) = &mut self.subject else { return };
        match fact {
            Fact::Number(number) => scalars.find_number(number, matcher, &mut self.found),
            Fact::Boolean(value) => scalars.find_boolean(value, matcher, &mut self.found),
            Fact::String(_) => {}
        }
    }

    /// Matches a string while the store is not locked.
    pub(super) fn learn(
        &mut self,
        symbol: Symbol,
        string: &str,
        check: &mut dyn FnMut() -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        let (Subject::Strings(matcher) | Subject::Field(_, _, matcher)) = &mut self.subject else {
            return Ok(());
        };
        self.scratch.clear();
        matcher.find(string, &mut self.scratch, &mut Steps::new(check))?;
        self.cache.insert(symbol.index() as u64, &self.scratch);
        // The cache may lose it before the event is evaluated.
        self.matched.push((symbol, self.scratch.clone()));
        Ok(())
    }
}
