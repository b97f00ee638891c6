//! Groups: events apart by the values of a facet, in their order.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;

use super::measure::Measure;
use super::table::{Key, Shown, Table, Words};

/// A facet to group by.
pub(super) struct Group {
    /// The name of the facet, as in the request.
    pub(super) facet: String,
    /// The lower bounds of a histogram.
    pub(super) ranges: Option<Vec<f64>>,
    /// The upper bound of a histogram.
    pub(super) upper: f64,
    /// How many groups are kept.
    pub(super) limit: usize,
    /// The group of events that lack the facet.
    pub(super) missing: Option<StandIn>,
    /// What the bucket of all groups together is called.
    pub(super) total: Option<Value>,
    /// What groups are ordered by, other than their values.
    pub(super) measure: Option<Measure>,
    /// Whether the greatest comes first.
    pub(super) descends: bool,
}

/// A value in place of one that is missing.
pub(super) enum StandIn {
    Text(String),
    Number(f64),
}

/// A group and its events.
pub(super) struct Part<'v> {
    pub(super) value: Shown<'v>,
    pub(super) rows: Vec<usize>,
}

impl Group {
    /// Takes events apart by their values in a column, and keeps as many groups as asked for.
    pub(super) fn parts<'a, 'v: 'a>(
        &'a self,
        level: usize,
        rows: &[usize],
        table: &Table,
        words: &Words<'v>,
    ) -> Vec<Part<'a>> {
        let Some(column) = table.groups.get(level) else { return Vec::new() };
        let stand_in = match &self.missing {
            Some(StandIn::Text(text)) => text,
            Some(StandIn::Number(_)) | None => "",
        };
        let mut places: HashMap<Key, usize> = HashMap::new();
        let mut parts: Vec<Part<'a>> = Vec::new();
        for row in rows {
            for key in column.of(*row) {
                let place = *places.entry(*key).or_insert_with(|| {
                    parts.push(Part { value: words.shown(*key, stand_in), rows: Vec::new() });
                    parts.len() - 1
                });
                if let Some(part) = parts.get_mut(place) {
                    part.rows.push(*row);
                }
            }
        }
        let mut measured: Vec<(Option<Shown<'a>>, Part<'a>)> = parts
            .into_iter()
            .map(|part| {
                let measure = self.measure.as_ref();
                let outcome = measure.and_then(|measure| measure.of(&part.rows, table, words));
                (outcome.map(|outcome| outcome.shown()), part)
            })
            .collect();
        measured.sort_by(|a, b| self.order(a, b));
        measured.truncate(self.limit);
        measured.into_iter().map(|(_, part)| part).collect()
    }

    /// By the measure, or else by value. What has no measure comes last; groups of one measure
    /// are ordered by value, smallest first.
    fn order(&self, a: &(Option<Shown>, Part), b: &(Option<Shown>, Part)) -> Ordering {
        let directed = |order: Ordering| if self.descends { order.reverse() } else { order };
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
