//! Splitting events by the values of a facet.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde_json::Value;

use super::measure::Measure;
use super::table::{Facet, Groups, KeyMap, Placeholder, Scalar, Table};
use crate::common::{Stopped, Work};

/// A facet to group by, and which of its groups are kept.
pub(super) struct Group {
    pub(super) facet: Facet,
    /// The maximum number of groups.
    pub(super) limit: usize,
    /// The value of the bucket for all events together.
    pub(super) total: Option<Value>,
    /// The measure that groups are ordered by. `None` orders them by their values.
    pub(super) measure: Option<Measure>,
    pub(super) is_descending: bool,
}

/// The events of one group.
pub(super) struct Part<'v> {
    pub(super) value: Scalar<'v>,
    pub(super) rows: Vec<u32>,
}

impl Group {
    /// Splits events by their values in a column. Returns the groups in order, up to the limit.
    pub(super) fn split<'a>(
        &'a self,
        level: usize,
        rows: &[u32],
        table: &Table<'_>,
        keys: &'a KeyMap,
        work: &Work,
    ) -> Result<Vec<Part<'a>>, Stopped> {
        let Some(groups) = table.groups.get(level) else { return Ok(Vec::new()) };
        let placeholder = match &self.facet.missing {
            Some(Placeholder::String(string)) => string,
            Some(Placeholder::Number(_)) | None => "",
        };
        let mut measured: Vec<(Option<Scalar<'a>>, Part<'a>)> = Vec::new();
        for (group, rows) in split(rows, groups) {
            let Some(key) = groups.keys.get(group as usize) else { continue };
            let measure = self.measure.as_ref();
            let outcome = measure.and_then(|measure| measure.evaluate(&rows, table, keys));
            let part = Part { value: keys.scalar(*key, placeholder), rows };
            measured.push((outcome.map(|outcome| outcome.scalar()), part));
            if measure.is_some() {
                work.check()?;
            }
        }
        work.check()?;
        measured.sort_by(|a, b| self.order(a, b));
        work.check()?;
        measured.truncate(self.limit);
        Ok(measured.into_iter().map(|(_, part)| part).collect())
    }

    /// Compares groups by the measure or by value. Groups without a result come last; groups with
    /// equal results are in ascending order of their values.
    fn order(&self, a: &(Option<Scalar>, Part), b: &(Option<Scalar>, Part)) -> Ordering {
        let directed = |order: Ordering| if self.is_descending { order.reverse() } else { order };
        let by_value = a.1.value.compare(&b.1.value);
        if self.measure.is_none() {
            return directed(by_value);
        }
        match (a.0, b.0) {
            (Some(a), Some(b)) => directed(a.compare(&b)).then(by_value),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => by_value,
        }
    }
}

/// How many groups there may be for each event to have a list of all groups.
const SPARSE: usize = 4;

/// Splits events by their groups. The events of each group keep their order.
fn split(rows: &[u32], groups: &Groups) -> Vec<(u32, Vec<u32>)> {
    if groups.keys.len() / SPARSE <= rows.len() {
        split_with(rows, groups, &mut Dense(vec![0; groups.keys.len()]))
    } else {
        // A list would be much longer than the events.
        split_with(rows, groups, &mut Sparse::default())
    }
}

fn split_with(rows: &[u32], groups: &Groups, numbers: &mut impl Numbers) -> Vec<(u32, Vec<u32>)> {
    let mut parts: Vec<(u32, Vec<u32>)> = Vec::new();
    let mut counts: Vec<usize> = Vec::new();
    for group in rows.iter().flat_map(|row| groups.numbers.row(*row)) {
        let number = numbers.of(*group);
        if *number == 0 {
            parts.push((*group, Vec::new()));
            counts.push(0);
            // There are as many parts as groups at most.
            *number = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        }
        if let Some(count) = counts.get_mut(*number as usize - 1) {
            *count += 1;
        }
    }
    for ((_, rows), count) in parts.iter_mut().zip(counts) {
        rows.reserve_exact(count);
    }
    for row in rows {
        for group in groups.numbers.row(*row) {
            let number = (*numbers.of(*group) as usize).checked_sub(1);
            if let Some((_, rows)) = number.and_then(|number| parts.get_mut(number)) {
                rows.push(*row);
            }
        }
    }
    parts
}

/// The numbers of the parts by group, from 1 on. Zero: not numbered yet.
trait Numbers {
    fn of(&mut self, group: u32) -> &mut u32;
}

struct Dense(Vec<u32>);

#[derive(Default)]
struct Sparse(HashMap<u32, u32, RandomState>);

impl Numbers for Dense {
    fn of(&mut self, group: u32) -> &mut u32 {
        let index = group as usize;
        if index >= self.0.len() {
            self.0.resize(index + 1, 0);
        }
        &mut self.0[index]
    }
}

impl Numbers for Sparse {
    fn of(&mut self, group: u32) -> &mut u32 {
        self.0.entry(group).or_default()
    }
}
