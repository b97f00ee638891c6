//! Where the values of some names are in the facts of an event.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::symbols::Symbol;
use super::values::{Fact, Facts};

/// The maximum number of lists of names to remember.
const MAX_SHAPES: usize = 4096;

/// Finds the values of some names. Most events have the same names, so they are searched once for all
/// events that share their list. Valid while a [`Reading`](super::Reading) keeps these lists.
#[derive(Debug)]
pub(crate) struct Positions {
    names: Box<[Option<Symbol>]>,
    /// Where the spans of an event start in `spans`, by the address of its names.
    known: HashMap<usize, usize, RandomState>,
    spans: Vec<Span>,
    /// The last event's names and spans.
    last: Option<(usize, usize)>,
}

/// Where the values of one name are in the facts of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Positions {
    pub(crate) fn new(names: impl Iterator<Item = Option<Symbol>>) -> Self {
        let (known, spans) = (HashMap::default(), Vec::new());
        Self { names: names.collect(), known, spans, last: None }
    }

    /// Returns where the values of each name are.
    pub(crate) fn find(&mut self, facts: &Facts) -> &[Span] {
        let address = facts.names().as_ptr() as usize;
        let start = match self.last {
            Some((last, start)) if last == address => start,
            _ => self.start(address, facts),
        };
        self.last = Some((address, start));
        self.spans.get(start..start + self.names.len()).unwrap_or_default()
    }

    fn start(&mut self, address: usize, facts: &Facts) -> usize {
        if let Some(start) = self.known.get(&address) {
            return *start;
        }
        if self.known.len() >= MAX_SHAPES {
            self.known.clear();
            self.spans.clear();
        }
        let start = self.spans.len();
        self.spans.extend(self.names.iter().map(|name| {
            let Some(name) = name else { return Span { start: 0, end: 0 } };
            let start = facts.names().partition_point(|other| other < name);
            let end = facts.names().partition_point(|other| other <= name);
            // An event has fewer values than a u32 can count.
            let [start, end] = [start, end].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
            Span { start, end }
        }));
        self.known.insert(address, start);
        start
    }
}

impl Facts {
    /// Returns the values in a span.
    pub(crate) fn at(&self, span: Span) -> &[Fact] {
        self.all().get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MAX_SHAPES, Positions};
    use crate::event::facts::{Facts, Vocabulary};

    #[test]
    fn spans_are_those_of_each_list_of_names() {
        let mut vocabulary = Vocabulary::default();
        let mut facts = |name: &str, values: &[&str]| {
            let attributes = json!({ name: values, "m": "m" });
            Facts::from_json(attributes.as_object().unwrap(), [], &mut vocabulary)
        };
        let mut all = vec![facts("a", &["1", "2"]), facts("z", &["3"]), facts("a", &["4"])];
        let others = (0..MAX_SHAPES + 10).map(|i| facts(&format!("n{i}"), &["5"]));
        all.extend(others.collect::<Vec<_>>());
        let names = ["@a", "@m", "@missing", "@z"].map(|name| vocabulary.names.find(name));
        let mut positions = Positions::new(names.into_iter());
        for _ in 0..2 {
            for facts in &all {
                let found = positions.find(facts).to_vec();
                let expected = names.map(|name| match name {
                    Some(name) => facts.values(name).collect::<Vec<_>>(),
                    None => Vec::new(),
                });
                assert_eq!(
                    found.iter().map(|it| facts.at(*it).to_vec()).collect::<Vec<_>>(),
                    expected
                );
            }
        }
    }
}
