//! The values of the events that a request needs, in columns. Each name is looked up once per
//! request, and once per list of names, however often the values are used.
//!
//! | module | responsibility |
//! |---|---|
//! | `column` | the values of one name |
//! | `key` | values that identify groups |

mod column;
mod key;

pub(super) use column::{Column, Groups};
pub(crate) use key::KeyMap;
pub(super) use key::{Key, Scalar};

use crate::event::facts::{Fact, Positions, Row, Symbol, Vocabulary};
use key::{Booleans, placeholder_key};

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
    /// Whether each event is a partial retry. Empty if no function asks.
    pub(super) retries: Vec<bool>,
    /// For each facet of `group_by`, the groups that an event belongs to.
    pub(super) groups: Vec<Groups>,
    /// For each metric, its values.
    pub(super) metrics: Vec<Column<Key>>,
    reader: Reader<'p>,
}

/// What is read of each event, looked up once.
struct Reader<'p> {
    facets: Vec<FacetReader<'p>>,
    /// The positions of the facets, the metrics, and the kind of a partial run.
    positions: Positions,
    booleans: Booleans,
    /// The value of a partial retry, if functions exclude them.
    retry: Option<Fact>,
}

impl<'p> Table<'p> {
    /// Creates a table without events.
    pub(super) fn new(
        facets: impl Iterator<Item = &'p Facet>,
        metrics: &[String],
        excludes_retries: bool,
        vocabulary: &Vocabulary,
    ) -> Self {
        let name = |name: &str| vocabulary.names.find(name);
        let (names, facets): (Vec<Option<Symbol>>, Vec<FacetReader<'_>>) = facets
            .map(|facet| {
                let reader = FacetReader {
                    missing: facet.missing.as_ref().map(|missing| match missing {
                        Placeholder::String(string) => placeholder_key(string, vocabulary),
                        Placeholder::Number(number) => Key::from_number(*number),
                    }),
                    ranges: facet.ranges.as_deref(),
                    upper: facet.upper,
                };
                (name(&facet.name), reader)
            })
            .unzip();
        let names = names.into_iter().chain(metrics.iter().map(|metric| name(metric)));
        let retry = vocabulary.strings.find("retry").map(Fact::String);
        Self {
            times: Vec::new(),
            retries: Vec::new(),
            groups: facets.iter().map(|_| Groups::default()).collect(),
            metrics: metrics.iter().map(|_| Column::default()).collect(),
            reader: Reader {
                facets,
                positions: Positions::new(names.chain([name("@ci.partial_pipeline")])),
                booleans: Booleans::new(vocabulary),
                retry: retry.filter(|_| excludes_retries),
            },
        }
    }

    /// Adds the needed values of an event. One without a group for one of the facets is left out.
    pub(crate) fn add(&mut self, row: Row<'_>) {
        let Reader { facets, positions, booleans, retry } = &mut self.reader;
        let mut spans = positions.find(row.facts).iter();
        let mut values = || spans.next().map(|span| row.facts.at(*span)).unwrap_or_default();
        let mut has_groups = true;
        for (facet, groups) in facets.iter().zip(&mut self.groups) {
            let facts = values();
            has_groups = has_groups && facet.read(facts, *booleans, groups);
        }
        if !has_groups {
            self.groups.iter_mut().for_each(|groups| groups.numbers.truncate_next(0));
            return;
        }
        self.groups.iter_mut().for_each(|groups| groups.numbers.end_row());
        for column in &mut self.metrics {
            values().iter().for_each(|fact| column.push(booleans.key(*fact)));
            column.end_row();
        }
        if let Some(retry) = retry {
            self.retries.push(values().contains(retry));
        }
        self.times.push((row.timestamp, row.order));
    }

    /// Returns the distinct strings of the facets and of some metrics.
    pub(super) fn strings(&self, is_needed: impl Fn(usize) -> bool) -> Vec<Symbol> {
        let metrics = self.metrics.iter().enumerate().filter(|(metric, _)| is_needed(*metric));
        let metrics = metrics.flat_map(|(_, column)| column.all());
        let keys = self.groups.iter().flat_map(|groups| &groups.keys).chain(metrics);
        let (mut seen, mut strings) = (Vec::new(), Vec::new());
        for key in keys {
            let Key::String(symbol) = key else { continue };
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

    /// Returns the events in chronological order.
    pub(super) fn rows(&self) -> Vec<u32> {
        // More events than a u32 can count do not fit into memory.
        let mut rows: Vec<u32> = (0_u32..).take(self.times.len()).collect();
        // They are usually read in this order.
        if !self.times.is_sorted() {
            rows.sort_by_key(|row| self.times.get(*row as usize).copied());
        }
        rows
    }
}

/// A facet with its values looked up.
struct FacetReader<'p> {
    missing: Option<Key>,
    ranges: Option<&'p [f64]>,
    upper: f64,
}

impl FacetReader<'_> {
    /// Adds the distinct groups of an event with these values. Returns whether there are any.
    fn read(&self, facts: &[Fact], booleans: Booleans, groups: &mut Groups) -> bool {
        for fact in facts {
            let key = booleans.key(*fact);
            match self.ranges {
                None => groups.push(key),
                Some(ranges) => {
                    if let Some(key) = self.range(key, ranges) {
                        groups.push(key);
                    }
                }
            }
        }
        if let ([], Some(missing)) = (facts, self.missing) {
            groups.push(missing);
        }
        groups.deduplicate()
    }

    /// Returns the range that contains a value. The upper bound belongs to the last range.
    fn range(&self, key: Key, ranges: &[f64]) -> Option<Key> {
        let number = key.as_number().filter(|number| *number <= self.upper)?;
        let index = ranges.partition_point(|lower| *lower <= number).checked_sub(1)?;
        ranges.get(index).copied().map(Key::from_number)
    }
}
