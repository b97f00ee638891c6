//! What of the events matters to a request, in columns: every name is looked up once for all
//! events and once for each of them, however often the values are then looked at.

use std::cmp::Ordering;

use serde_json::Value;

use super::Plan;
use super::group::StandIn;
use crate::facts::{Fact, Facts, Row, Symbol, Vocabulary};

/// A value that tells groups apart. Values that answers show alike are alike: a truth value is
/// the text that spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// The bits of a number; there is one zero only.
    Number(u64),
    Text(Symbol),
    /// A truth value where no event has the text that spells it.
    Boolean(bool),
    /// The text of `missing` where no event has it.
    StandIn,
}

impl Key {
    pub(super) fn of_number(number: f64) -> Self {
        // Adding zero makes the negative zero a positive one.
        Self::Number((number + 0.0).to_bits())
    }

    pub(super) fn as_number(self) -> Option<f64> {
        match self {
            Self::Number(bits) => Some(f64::from_bits(bits)),
            Self::Text(_) | Self::Boolean(_) | Self::StandIn => None,
        }
    }
}

/// A value as it is ordered and shown: numbers stand before texts, texts byte by byte.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown<'v> {
    Number(f64),
    Text(&'v str),
}

impl Shown<'_> {
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        }
    }

    /// The value of a facet: a whole number has no fraction, as when it was sent.
    pub(super) fn facet(&self) -> Value {
        /// Up to here every whole number is a float of its own.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match *self {
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= EXACT => {
                Value::from(number as i64)
            }
            Self::Number(number) => Value::from(number),
            Self::Text(text) => Value::from(text),
        }
    }
}

/// What keys mean.
#[derive(Clone, Copy)]
pub(super) struct Words<'v> {
    vocabulary: &'v Vocabulary,
    truths: [Key; 2],
}

impl<'v> Words<'v> {
    pub(super) fn of(vocabulary: &'v Vocabulary) -> Self {
        let truth = |truth: bool| {
            let text = vocabulary.texts.find(spelled(truth));
            text.map_or(Key::Boolean(truth), Key::Text)
        };
        Self { vocabulary, truths: [truth(false), truth(true)] }
    }

    fn key(&self, fact: Fact) -> Key {
        match fact {
            Fact::Number(number) => Key::of_number(number),
            Fact::Text(text) => Key::Text(text),
            Fact::Boolean(truth) => self.truth(truth),
        }
    }

    fn truth(&self, truth: bool) -> Key {
        let [no, yes] = self.truths;
        if truth { yes } else { no }
    }

    /// The key of a text that stands for what is missing.
    fn key_of_text(&self, text: &str) -> Key {
        match (self.vocabulary.texts.find(text), text) {
            (Some(symbol), _) => Key::Text(symbol),
            (None, "true") => Key::Boolean(true),
            (None, "false") => Key::Boolean(false),
            (None, _) => Key::StandIn,
        }
    }

    /// What a key shows, given the text that stands for what is missing.
    pub(super) fn shown<'a>(&self, key: Key, stand_in: &'a str) -> Shown<'a>
    where
        'v: 'a,
    {
        match key {
            Key::Number(bits) => Shown::Number(f64::from_bits(bits)),
            Key::Text(symbol) => Shown::Text(self.vocabulary.texts.text(symbol)),
            Key::Boolean(truth) => Shown::Text(spelled(truth)),
            Key::StandIn => Shown::Text(stand_in),
        }
    }
}

fn spelled(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

/// The values of one name, event by event.
#[derive(Default)]
pub(super) struct Column {
    values: Vec<Key>,
    /// Where the values of each event end.
    ends: Vec<usize>,
}

impl Column {
    pub(super) fn of(&self, row: usize) -> &[Key] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).unwrap_or(&0);
        let end = self.ends.get(row).unwrap_or(start);
        self.values.get(*start..*end).unwrap_or_default()
    }

    /// Where the values of the event that is being added begin.
    fn begin(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    fn end_row(&mut self) {
        self.ends.push(self.values.len());
    }
}

/// The events of a request.
pub(super) struct Table {
    /// When each event happened.
    pub(super) times: Vec<(i64, u64)>,
    /// Which of them are partial retries.
    pub(super) retries: Vec<bool>,
    /// A column for every facet of `group_by`: the groups that an event belongs to.
    pub(super) groups: Vec<Column>,
    /// A column for every metric.
    pub(super) metrics: Vec<Column>,
}

impl Table {
    /// Takes what matters out of events. One that is in no group of some facet is left out.
    pub(super) fn of<'s>(
        plan: &Plan,
        rows: impl Iterator<Item = Row<'s>>,
        vocabulary: &Vocabulary,
        words: &Words<'_>,
    ) -> Self {
        let name = |name: &str| vocabulary.names.find(name);
        let facets: Vec<Facet<'_>> = plan
            .groups
            .iter()
            .map(|group| Facet {
                name: name(&group.facet),
                missing: group.missing.as_ref().map(|missing| match missing {
                    StandIn::Text(text) => words.key_of_text(text),
                    StandIn::Number(number) => Key::of_number(*number),
                }),
                ranges: group.ranges.as_deref(),
                upper: group.upper,
            })
            .collect();
        let metrics: Vec<Option<Symbol>> = plan.metrics.iter().map(|metric| name(metric)).collect();
        let partial = name("@ci.partial_pipeline");
        let retry = vocabulary.texts.find("retry").map(Fact::Text);

        let mut table = Self {
            times: Vec::new(),
            retries: Vec::new(),
            groups: facets.iter().map(|_| Column::default()).collect(),
            metrics: metrics.iter().map(|_| Column::default()).collect(),
        };
        for row in rows {
            let mut columns = facets.iter().zip(&mut table.groups);
            if !columns.all(|(facet, column)| facet.read(row.facts, words, column)) {
                for column in &mut table.groups {
                    column.values.truncate(column.begin());
                }
                continue;
            }
            table.groups.iter_mut().for_each(Column::end_row);
            for (name, column) in metrics.iter().zip(&mut table.metrics) {
                column.values.extend(under(row.facts, *name).map(|fact| words.key(fact)));
                column.end_row();
            }
            table.times.push((row.timestamp, row.order));
            table.retries.push(
                retry.is_some_and(|retry| under(row.facts, partial).any(|fact| fact == retry)),
            );
        }
        table
    }
}

fn under(facts: &Facts, name: Option<Symbol>) -> impl Iterator<Item = Fact> {
    name.into_iter().flat_map(|name| facts.under(name))
}

/// Where the groups of an event are found.
struct Facet<'p> {
    name: Option<Symbol>,
    missing: Option<Key>,
    /// The lower bounds of a histogram.
    ranges: Option<&'p [f64]>,
    upper: f64,
}

impl Facet<'_> {
    /// Adds the groups of an event, each once. `false` if there are none.
    fn read(&self, facts: &Facts, words: &Words<'_>, column: &mut Column) -> bool {
        let begin = column.begin();
        let mut is_missing = true;
        for fact in under(facts, self.name) {
            is_missing = false;
            let key = words.key(fact);
            match self.ranges {
                None => column.values.push(key),
                Some(ranges) => column.values.extend(self.range(key, ranges)),
            }
        }
        if is_missing {
            column.values.extend(self.missing);
        }
        let added = column.values.len().saturating_sub(begin);
        if added > 1 {
            let mut distinct = column.values.split_off(begin);
            distinct.sort_unstable();
            distinct.dedup();
            column.values.append(&mut distinct);
        }
        added > 0
    }

    /// The range that a value lies in. The upper bound belongs to the last one.
    fn range(&self, key: Key, ranges: &[f64]) -> Option<Key> {
        let number = key.as_number().filter(|number| *number <= self.upper)?;
        let place = ranges.partition_point(|lower| *lower <= number).checked_sub(1)?;
        ranges.get(place).copied().map(Key::of_number)
    }
}
