//! The values of the events that a request needs, in columns. Each name is looked up once per
//! request, and once per event, however often the values are used.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json::Value;

use crate::event::facts::{Fact, Facts, Row, Symbol, Vocabulary};

/// A value that identifies a group. A boolean and the string that represents it are the same key,
/// because responses show them alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// The bits of a number. Negative zero is normalised to zero.
    Number(u64),
    String(Symbol),
    /// A boolean, if no event contains the string that represents it.
    Boolean(bool),
    /// The string of `missing`, if no event contains it.
    Placeholder,
}

impl Key {
    pub(super) fn from_number(number: f64) -> Self {
        // Adding zero turns negative zero into zero.
        Self::Number((number + 0.0).to_bits())
    }

    pub(super) fn as_number(self) -> Option<f64> {
        match self {
            Self::Number(bits) => Some(f64::from_bits(bits)),
            Self::String(_) | Self::Boolean(_) | Self::Placeholder => None,
        }
    }
}

/// A value as it is ordered and returned. Numbers sort before strings, strings by their bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scalar<'v> {
    Number(f64),
    String(&'v str),
}

impl Scalar<'_> {
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Number(_), Self::String(_)) => Ordering::Less,
            (Self::String(_), Self::Number(_)) => Ordering::Greater,
        }
    }

    /// Converts to the value of a facet. A whole number has no fraction.
    pub(super) fn to_facet(self) -> Value {
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
    pub(super) fn max_length(&self) -> usize {
        self.strings.values().map(|string| string.len()).max().unwrap_or_default()
    }

    /// Returns the value of a key, given the placeholder for missing values.
    pub(super) fn scalar<'a>(&'a self, key: Key, placeholder: &'a str) -> Scalar<'a> {
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

/// The values of one name, by event.
#[derive(Default)]
pub(super) struct Column {
    values: Vec<Key>,
    /// Where the values of each event end.
    ends: Vec<usize>,
}

impl Column {
    /// Returns the values of an event.
    pub(super) fn row(&self, row: usize) -> &[Key] {
        let start = row.checked_sub(1).and_then(|previous| self.ends.get(previous)).unwrap_or(&0);
        let end = self.ends.get(row).unwrap_or(start);
        self.values.get(*start..*end).unwrap_or_default()
    }

    /// Returns an upper bound of the number of groups.
    pub(super) fn max_groups(&self) -> usize {
        self.values.len()
    }

    /// Returns where the values of the next event start.
    fn next_start(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    fn end_row(&mut self) {
        self.ends.push(self.values.len());
    }
}

/// A facet of `group_by`, and how events are assigned to its groups.
pub(super) struct Facet {
    /// The name as in the request.
    pub(super) name: String,
    /// The lower bounds of the ranges of a histogram.
    pub(super) ranges: Option<Vec<f64>>,
    /// The upper bound of a histogram.
    pub(super) upper: f64,
    /// The value for events that lack the facet.
    pub(super) missing: Option<Placeholder>,
}

/// A value for events that lack a facet.
pub(super) enum Placeholder {
    String(String),
    Number(f64),
}

/// The events of a request.
pub(crate) struct Table<'p> {
    /// The timestamp of each event, and its order among events with the same timestamp.
    pub(super) times: Vec<(i64, u64)>,
    /// Whether each event is a partial retry.
    pub(super) retries: Vec<bool>,
    /// For each facet of `group_by`, the groups that an event belongs to.
    pub(super) groups: Vec<Column>,
    /// For each metric, its values.
    pub(super) metrics: Vec<Column>,
    reader: Reader<'p>,
}

/// What is read of each event, looked up once.
struct Reader<'p> {
    facets: Vec<FacetReader<'p>>,
    metrics: Vec<Option<Symbol>>,
    booleans: [Key; 2],
    partial: Option<Symbol>,
    retry: Option<Fact>,
}

impl<'p> Table<'p> {
    /// Creates a table without events.
    pub(super) fn new(
        facets: impl Iterator<Item = &'p Facet>,
        metrics: &[String],
        vocabulary: &Vocabulary,
    ) -> Self {
        let name = |name: &str| vocabulary.names.find(name);
        let boolean = |value: bool| {
            let symbol = vocabulary.strings.find(bool_str(value));
            symbol.map_or(Key::Boolean(value), Key::String)
        };
        let facets: Vec<FacetReader<'_>> = facets
            .map(|facet| FacetReader {
                name: name(&facet.name),
                missing: facet.missing.as_ref().map(|missing| match missing {
                    Placeholder::String(string) => placeholder_key(string, vocabulary),
                    Placeholder::Number(number) => Key::from_number(*number),
                }),
                ranges: facet.ranges.as_deref(),
                upper: facet.upper,
            })
            .collect();
        let metrics: Vec<Option<Symbol>> = metrics.iter().map(|metric| name(metric)).collect();
        Self {
            times: Vec::new(),
            retries: Vec::new(),
            groups: facets.iter().map(|_| Column::default()).collect(),
            metrics: metrics.iter().map(|_| Column::default()).collect(),
            reader: Reader {
                facets,
                metrics,
                booleans: [boolean(false), boolean(true)],
                partial: name("@ci.partial_pipeline"),
                retry: vocabulary.strings.find("retry").map(Fact::String),
            },
        }
    }

    /// Adds the needed values of an event. One without a group for one of the facets is left out.
    pub(crate) fn add(&mut self, row: Row<'_>) {
        let Reader { facets, metrics, booleans, partial, retry } = &self.reader;
        let mut columns = facets.iter().zip(&mut self.groups);
        if !columns.all(|(facet, column)| facet.read(row.facts, booleans, column)) {
            for column in &mut self.groups {
                column.values.truncate(column.next_start());
            }
            return;
        }
        self.groups.iter_mut().for_each(Column::end_row);
        for (name, column) in metrics.iter().zip(&mut self.metrics) {
            column.values.extend(values(row.facts, *name).map(|fact| key(fact, booleans)));
            column.end_row();
        }
        self.times.push((row.timestamp, row.order));
        self.retries
            .push(retry.is_some_and(|retry| values(row.facts, *partial).any(|fact| fact == retry)));
    }

    /// Returns the distinct strings of the facets and of some metrics.
    pub(super) fn strings(&self, is_needed: impl Fn(usize) -> bool) -> Vec<Symbol> {
        let metrics = self.metrics.iter().enumerate().filter(|(metric, _)| is_needed(*metric));
        let columns = self.groups.iter().chain(metrics.map(|(_, column)| column));
        let (mut seen, mut strings) = (Vec::new(), Vec::new());
        for value in columns.flat_map(|column| &column.values) {
            let Key::String(symbol) = value else { continue };
            if seen.len() <= symbol.index() {
                seen.resize(symbol.index() + 1, false);
            }
            if let Some(seen) = seen.get_mut(symbol.index())
                && !std::mem::replace(seen, true)
            {
                strings.push(*symbol);
            }
        }
        strings
    }
}

fn key(fact: Fact, booleans: &[Key; 2]) -> Key {
    match fact {
        Fact::Number(number) => Key::from_number(number),
        Fact::String(symbol) => Key::String(symbol),
        Fact::Boolean(value) => booleans[usize::from(value)],
    }
}

/// Returns the key of a placeholder for missing values.
fn placeholder_key(placeholder: &str, vocabulary: &Vocabulary) -> Key {
    match (vocabulary.strings.find(placeholder), placeholder) {
        (Some(symbol), _) => Key::String(symbol),
        (None, "true") => Key::Boolean(true),
        (None, "false") => Key::Boolean(false),
        (None, _) => Key::Placeholder,
    }
}

fn values(facts: &Facts, name: Option<Symbol>) -> impl Iterator<Item = Fact> {
    name.into_iter().flat_map(|name| facts.values(name))
}

/// A facet with its names and values looked up.
struct FacetReader<'p> {
    name: Option<Symbol>,
    missing: Option<Key>,
    ranges: Option<&'p [f64]>,
    upper: f64,
}

impl FacetReader<'_> {
    /// Adds the distinct groups of an event. Returns whether there are any.
    fn read(&self, facts: &Facts, booleans: &[Key; 2], column: &mut Column) -> bool {
        let start = column.next_start();
        let mut is_missing = true;
        for fact in values(facts, self.name) {
            is_missing = false;
            let key = key(fact, booleans);
            match self.ranges {
                None => column.values.push(key),
                Some(ranges) => column.values.extend(self.range(key, ranges)),
            }
        }
        if is_missing {
            column.values.extend(self.missing);
        }
        let added = column.values.len().saturating_sub(start);
        if added > 1 {
            let mut distinct = column.values.split_off(start);
            distinct.sort_unstable();
            distinct.dedup();
            column.values.append(&mut distinct);
        }
        added > 0
    }

    /// Returns the range that contains a value. The upper bound belongs to the last range.
    fn range(&self, key: Key, ranges: &[f64]) -> Option<Key> {
        let number = key.as_number().filter(|number| *number <= self.upper)?;
        let index = ranges.partition_point(|lower| *lower <= number).checked_sub(1)?;
        ranges.get(index).copied().map(Key::from_number)
    }
}
