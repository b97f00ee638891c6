//! Functions that make one value of many events.

use std::collections::{HashMap, HashSet};

use super::table::{Key, Shown, Table, Words};

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Count,
    Cardinality,
    /// The median is the one of 50.
    Percentile(u32),
    Sum,
    Min,
    Max,
    Average,
    Latest,
    Earliest,
    MostFrequent,
    Delta,
}

/// A function of a metric.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    pub(super) function: Function,
    /// Its column; none to count events.
    pub(super) metric: Option<usize>,
    /// Partial retries would distort run times, so these are computed without them.
    pub(super) leaves_out_retries: bool,
}

/// A result.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome<'v> {
    /// How many of something; an integer.
    Count(usize),
    /// A value of an event, or a number computed from several.
    Value(Shown<'v>),
}

impl<'v> Outcome<'v> {
    /// The value by which groups are ordered.
    pub(super) fn shown(self) -> Shown<'v> {
        match self {
            Self::Count(count) => Shown::Number(count as f64),
            Self::Value(shown) => shown,
        }
    }
}

impl Measure {
    /// Whether there is a result even where there is no event.
    pub(super) fn counts(&self) -> bool {
        matches!(self.function, Function::Count | Function::Cardinality)
    }

    /// The result for some rows of a table; none if no event has a value, or if it is a
    /// number that JSON does not have.
    pub(super) fn of<'v>(
        &self,
        rows: &[usize],
        table: &Table,
        words: &Words<'v>,
    ) -> Option<Outcome<'v>> {
        let values = Values { measure: self, rows, table };
        let number = match self.function {
            Function::Count => return Some(Outcome::Count(values.count())),
            Function::Cardinality => {
                let distinct: HashSet<Key> = values.all().collect();
                return Some(Outcome::Count(distinct.len()));
            }
            Function::Latest => return value(values.latest()?, words),
            Function::Earliest => return value(values.earliest()?, words),
            Function::MostFrequent => return value(values.most_frequent(words)?, words),
            Function::Percentile(percent) => percentile(values.numbers().collect(), percent)?,
            Function::Sum => sum(values.numbers().collect())?,
            Function::Min => values.numbers().min_by(f64::total_cmp)?,
            Function::Max => values.numbers().max_by(f64::total_cmp)?,
            Function::Average => {
                let numbers: Vec<f64> = values.numbers().collect();
                let count = numbers.len();
                sum(numbers)? / count as f64
            }
            Function::Delta => values.delta()?,
        };
        number.is_finite().then_some(Outcome::Value(Shown::Number(number)))
    }
}

fn value<'v>(key: Key, words: &Words<'v>) -> Option<Outcome<'v>> {
    Some(Outcome::Value(words.shown(key, "")))
}

/// The values of a metric in some events.
struct Values<'t> {
    measure: &'t Measure,
    rows: &'t [usize],
    table: &'t Table,
}

impl<'t> Values<'t> {
    fn of(&self, row: usize) -> &'t [Key] {
        let column = self.measure.metric.and_then(|metric| self.table.metrics.get(metric));
        column.map_or(&[], |column| column.of(row))
    }

    fn rows(&self) -> impl Iterator<Item = usize> + use<'t> {
        let (rows, table) = (self.rows, self.table);
        let leaves_out_retries = self.measure.leaves_out_retries;
        rows.iter().copied().filter(move |row| {
            !(leaves_out_retries && table.retries.get(*row).is_some_and(|is_retry| *is_retry))
        })
    }

    fn all(&self) -> impl Iterator<Item = Key> {
        self.rows().flat_map(|row| self.of(row).iter().copied())
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.all().filter_map(Key::as_number)
    }

    fn count(&self) -> usize {
        match self.measure.metric {
            None => self.rows.len(),
            Some(_) => self.rows().filter(|row| !self.of(*row).is_empty()).count(),
        }
    }

    fn time(&self, row: usize) -> (i64, u64) {
        self.table.times.get(row).copied().unwrap_or_default()
    }

    /// The value in the newest event that has one; of several, the last.
    fn latest(&self) -> Option<Key> {
        let rows = self.rows().filter(|row| !self.of(*row).is_empty());
        self.of(rows.max_by_key(|row| self.time(*row))?).last().copied()
    }

    /// The value in the oldest event that has one; of several, the first.
    fn earliest(&self) -> Option<Key> {
        let rows = self.rows().filter(|row| !self.of(*row).is_empty());
        self.of(rows.min_by_key(|row| self.time(*row))?).first().copied()
    }

    /// The last number less the first.
    fn delta(&self) -> Option<f64> {
        let numbers = |row| self.of(row).iter().filter_map(|key| key.as_number());
        let rows = || self.rows().filter(|row| numbers(*row).next().is_some());
        let last = numbers(rows().max_by_key(|row| self.time(*row))?).next_back()?;
        let first = numbers(rows().min_by_key(|row| self.time(*row))?).next()?;
        Some(last - first)
    }

    /// The most frequent value; of several, the smallest.
    fn most_frequent(&self, words: &Words<'_>) -> Option<Key> {
        let mut counts: HashMap<Key, usize> = HashMap::new();
        for key in self.all() {
            *counts.entry(key).or_default() += 1;
        }
        let shown = |key: Key| words.shown(key, "");
        let most = counts.into_iter().max_by(|(a, count_a), (b, count_b)| {
            count_a.cmp(count_b).then_with(|| shown(*b).compare(&shown(*a)))
        });
        most.map(|(key, _)| key)
    }
}

/// The sum, the smallest number first: what it is rounded to must not depend on the order in
/// which events came.
fn sum(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.into_iter().reduce(|sum, number| sum + number)
}

/// The number at a percentage of the way from the smallest to the greatest. Between two of
/// them it lies as far from each as the place does: the median of an even count is the middle
/// between the two in the middle.
fn percentile(mut numbers: Vec<f64>, percent: u32) -> Option<f64> {
    // The place times 100, so that it is exact.
    let place = numbers.len().checked_sub(1)?.checked_mul(percent as usize)?;
    let (below, part) = (place / 100, place % 100);
    let (_, low, above) = numbers.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    if part == 0 {
        return Some(low);
    }
    let high = above.iter().copied().min_by(f64::total_cmp)?;
    Some(low + (high - low) * (part as f64 / 100.0))
}
