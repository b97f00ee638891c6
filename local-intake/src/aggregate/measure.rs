//! Functions that compute one value from many events.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::table::{Key, KeyMap, Scalar, Table};

/// An aggregation function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Count,
    Cardinality,
    /// A percentile; the median is 50.
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

/// A function and its metric.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    pub(super) function: Function,
    /// The column of the metric. `None` to count events.
    pub(super) metric: Option<usize>,
    /// Whether to skip partial retries, which would distort run times.
    pub(super) excludes_retries: bool,
}

/// The result of a function.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome<'v> {
    /// An integer count.
    Count(usize),
    /// A value of an event, or a number computed from several events.
    Value(Scalar<'v>),
}

impl<'v> Outcome<'v> {
    /// Returns the value that groups are ordered by.
    pub(super) fn scalar(self) -> Scalar<'v> {
        match self {
            Self::Count(count) => Scalar::Number(count as f64),
            Self::Value(scalar) => scalar,
        }
    }
}

impl Measure {
    /// Returns whether the function has a result for an empty interval.
    pub(super) fn counts(&self) -> bool {
        matches!(self.function, Function::Count | Function::Cardinality)
    }

    /// Returns the column whose strings may be results.
    pub(super) fn strings(&self) -> Option<usize> {
        let function = self.function;
        self.metric.filter(|_| {
            matches!(function, Function::Latest | Function::Earliest | Function::MostFrequent)
        })
    }

    /// Computes the result for some events. Returns `None` if no event has a value, or if the
    /// result is not a finite number.
    pub(super) fn evaluate<'v>(
        &self,
        rows: &[u32],
        table: &Table<'_>,
        keys: &'v KeyMap,
    ) -> Option<Outcome<'v>> {
        let values = Values { measure: self, rows, table };
        let number = match self.function {
            Function::Count => return Some(Outcome::Count(values.count())),
            Function::Cardinality => {
                let distinct: HashSet<Key, RandomState> = values.all().collect();
                return Some(Outcome::Count(distinct.len()));
            }
            Function::Latest => return value(values.latest()?, keys),
            Function::Earliest => return value(values.earliest()?, keys),
            Function::MostFrequent => return value(values.most_frequent(keys)?, keys),
            Function::Percentile(percent) => percentile(values.all_numbers(), percent)?,
            Function::Sum => sum(values.all_numbers())?,
            Function::Min => values.numbers().min_by(f64::total_cmp)?,
            Function::Max => values.numbers().max_by(f64::total_cmp)?,
            Function::Average => {
                let numbers = values.all_numbers();
                let count = numbers.len();
                sum(numbers)? / count as f64
            }
            Function::Delta => values.delta()?,
        };
        number.is_finite().then_some(Outcome::Value(Scalar::Number(number)))
    }
}

fn value<'v>(key: Key, keys: &'v KeyMap) -> Option<Outcome<'v>> {
    Some(Outcome::Value(keys.scalar(key, "")))
}

/// The values of a metric in some events.
struct Values<'t> {
    measure: &'t Measure,
    rows: &'t [u32],
    table: &'t Table<'t>,
}

impl<'t> Values<'t> {
    fn row(&self, row: u32) -> &'t [Key] {
        let column = self.measure.metric.and_then(|metric| self.table.metrics.get(metric));
        column.map_or(&[], |column| column.row(row))
    }

    fn rows(&self) -> impl Iterator<Item = u32> + use<'t> {
        let (rows, table) = (self.rows, self.table);
        let excludes_retries = self.measure.excludes_retries;
        rows.iter().copied().filter(move |row| {
            !(excludes_retries
                && table.retries.get(*row as usize).is_some_and(|is_retry| *is_retry))
        })
    }

    fn all(&self) -> impl Iterator<Item = Key> {
        self.rows().flat_map(|row| self.row(row).iter().copied())
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.all().filter_map(Key::as_number)
    }

    fn all_numbers(&self) -> Vec<f64> {
        let mut numbers = Vec::with_capacity(self.rows.len());
        numbers.extend(self.numbers());
        numbers
    }

    fn count(&self) -> usize {
        match self.measure.metric {
            None => self.rows.len(),
            Some(_) => self.rows().filter(|row| !self.row(*row).is_empty()).count(),
        }
    }

    fn time(&self, row: u32) -> (i64, u64) {
        self.table.times.get(row as usize).copied().unwrap_or_default()
    }

    /// Returns the last value in the newest event that has one.
    fn latest(&self) -> Option<Key> {
        let rows = self.rows().filter(|row| !self.row(*row).is_empty());
        self.row(rows.max_by_key(|row| self.time(*row))?).last().copied()
    }

    /// Returns the first value in the oldest event that has one.
    fn earliest(&self) -> Option<Key> {
        let rows = self.rows().filter(|row| !self.row(*row).is_empty());
        self.row(rows.min_by_key(|row| self.time(*row))?).first().copied()
    }

    /// Returns the difference between the last and the first number.
    fn delta(&self) -> Option<f64> {
        let numbers = |row| self.row(row).iter().filter_map(|key| key.as_number());
        let rows = || self.rows().filter(|row| numbers(*row).next().is_some());
        let last = numbers(rows().max_by_key(|row| self.time(*row))?).next_back()?;
        let first = numbers(rows().min_by_key(|row| self.time(*row))?).next()?;
        Some(last - first)
    }

    /// Returns the most frequent value; if there are several, the smallest of them.
    fn most_frequent(&self, keys: &KeyMap) -> Option<Key> {
        let mut counts: HashMap<Key, usize, RandomState> = HashMap::default();
        for key in self.all() {
            *counts.entry(key).or_default() += 1;
        }
        let scalar = |key: Key| keys.scalar(key, "");
        let most = counts.into_iter().max_by(|(a, count_a), (b, count_b)| {
            count_a.cmp(count_b).then_with(|| scalar(*b).compare(&scalar(*a)))
        });
        most.map(|(key, _)| key)
    }
}

/// All whole numbers up to this one have an exact representation as a float.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the sum. Its rounding does not depend on the order of the events: whole numbers, such as
/// durations, are added without rounding, others in ascending order.
fn sum(mut numbers: Vec<f64>) -> Option<f64> {
    let whole = |sum: i128, number: &f64| {
        let is_whole = number.fract() == 0.0 && number.abs() <= MAX_EXACT;
        is_whole.then(|| sum + i128::from(*number as i64))
    };
    if let (false, Some(sum)) = (numbers.is_empty(), numbers.iter().try_fold(0, whole)) {
        return Some(sum as f64);
    }
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.into_iter().reduce(|sum, number| sum + number)
}

/// Returns a percentile, interpolated linearly between the two closest ranks. The median of an
/// even count is the mean of the two middle numbers.
fn percentile(mut numbers: Vec<f64>, percent: u32) -> Option<f64> {
    // The rank times 100, as an exact integer.
    let rank = numbers.len().checked_sub(1)?.checked_mul(percent as usize)?;
    let (below, part) = (rank / 100, rank % 100);
    let (_, low, above) = numbers.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    if part == 0 {
        return Some(low);
    }
    let high = above.iter().copied().min_by(f64::total_cmp)?;
    Some(low + (high - low) * (part as f64 / 100.0))
}
