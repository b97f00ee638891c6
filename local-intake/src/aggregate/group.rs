//! Splitting events by the values of a facet.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;

use super::measure::Measure;
use super::table::{Facet, Key, KeyMap, Placeholder, Scalar, Table};
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
    pub(super) rows: Vec<usize>,
}

impl Group {
    /// Splits events by their values in a column. Returns the groups in order, up to the limit.
    pub(super) fn split<'a>(
        &'a self,
        level: usize,
        rows: &[usize],
        table: &Table<'_>,
        keys: &'a KeyMap,
        work: &Work,
    ) -> Result<Vec<Part<'a>>, Stopped> {
        let Some(column) = table.groups.get(level) else { return Ok(Vec::new()) };
        let placeholder = match &self.facet.missing {
            Some(Placeholder::String(string)) => string,
            Some(Placeholder::Number(_)) | None => "",
        };
        let mut indexes: HashMap<Key, usize> = HashMap::new();
        let mut parts: Vec<Part<'a>> = Vec::new();
        for row in rows {
            for key in column.row(*row) {
                let index = *indexes.entry(*key).or_insert_with(|| {
                    parts.push(Part { value: keys.scalar(*key, placeholder), rows: Vec::new() });
                    parts.len() - 1
                });
                if let Some(part) = parts.get_mut(index) {
                    part.rows.push(*row);
                }
            }
        }
        work.check()?;
        let mut measured: Vec<(Option<Scalar<'a>>, Part<'a>)> = Vec::with_capacity(parts.len());
        for part in parts {
            let measure = self.measure.as_ref();
            let outcome = measure.and_then(|measure| measure.evaluate(&part.rows, table, keys));
            measured.push((outcome.map(|outcome| outcome.scalar()), part));
            if measure.is_some() {
                work.check()?;
            }
        }
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
