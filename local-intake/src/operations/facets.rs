//! The values of facets, and the names of attributes.

use datadog_ci_pipelines::models::QueryFilter;
use serde_json::Value;

use super::intake::Intake;
use super::search::{filter, stopped};
use crate::aggregate::{FacetCounts, KeyMap};
use crate::common::{Problems, Work};
use crate::time::Zone;

/// The number of strings that are looked up while the store is locked.
const STRINGS: usize = 1024;

/// A facet with its most frequent values.
#[derive(Clone, Debug)]
pub(crate) struct Facet {
    pub(crate) name: String,
    /// The values, the most frequent first, with their numbers of events.
    pub(crate) values: Vec<(Value, u64)>,
}

impl Intake {
    /// Counts the events of each value of some facets, in one pass. Returns at most `limit` values of
    /// each, and the number of all events.
    ///
    /// # Errors
    /// Returns all problems of the filter.
    pub(crate) fn facets(
        &self,
        requested: &QueryFilter,
        names: &[String],
        limit: usize,
        work: &Work,
    ) -> Result<(Vec<Facet>, u64), Vec<String>> {
        let mut problems = Problems::default();
        let parts = [&requested.query, &requested.from, &requested.to].map(|part| part.as_deref());
        let now = self.clock.nanoseconds();
        let (query, range) = filter(parts, &Zone::default(), None, now, &mut problems);
        if !problems.0.is_empty() {
            return Err(problems.0);
        }
        let mut counts = None;
        let slot = &mut counts;
        let view = self
            .store()
            .rows(&query, range, work, move |vocabulary| {
                let counts = slot.insert(FacetCounts::new(names, vocabulary));
                move |row| counts.add(row)
            })
            .map_err(stopped)?;
        let Some(mut counts) = counts else { return Ok((Vec::new(), 0)) };
        let mut keys = KeyMap::default();
        for symbols in counts.keep(limit).chunks(STRINGS) {
            let strings = self.store().strings(&view, symbols).map_err(stopped)?;
            symbols.iter().zip(strings).for_each(|(symbol, it)| keys.insert(*symbol, it));
        }
        let values = counts.values(&keys).into_iter();
        let facets = names.iter().cloned().zip(values).map(|(name, values)| Facet { name, values });
        Ok((facets.collect(), counts.events))
    }
}
