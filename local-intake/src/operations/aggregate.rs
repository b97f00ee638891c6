//! Aggregating events, and counting the values of facets. Several requests share one pass.

#[cfg(feature = "pages")]
use std::collections::{BTreeSet, HashSet};

use datadog_ci_pipelines::models::{
    AggregateBuckets, AggregateRequest, AggregateResponse, QueryFilter, ResponseMetadata,
    ResponseStatus,
};
#[cfg(feature = "pages")]
use serde_json::Value;

use super::intake::Intake;
use super::search::{elapsed, filter, request_id, stopped, zone};
#[cfg(feature = "pages")]
use crate::aggregate::FacetCounts;
use crate::aggregate::{Bucket, KeyMap, Plan, Table, Window};
use crate::common::{Granted, Problems, Stopped, Work};
#[cfg(feature = "pages")]
use crate::event::facts::Row;
use crate::event::facts::Symbol;
use crate::store::{Selection, View};
use crate::time::Zone;

/// The number of strings that are looked up while the store is locked.
const STRINGS: usize = 1024;

/// The results of several requests over the same events.
#[cfg(feature = "pages")]
pub(crate) struct Aggregated {
    /// The buckets of each request.
    pub(crate) buckets: Vec<Vec<Bucket>>,
    pub(crate) facets: Vec<Facet>,
    /// The number of events whose facets were counted.
    pub(crate) events: u64,
    /// The memory of the results.
    pub(crate) memory: Granted,
}

/// The facets whose values are to be counted.
#[cfg(feature = "pages")]
pub(crate) struct FacetRequest<'a> {
    pub(crate) filter: &'a QueryFilter,
    pub(crate) names: &'a [String],
    /// The maximum number of values of each.
    pub(crate) limit: usize,
}

/// A facet with its most frequent values.
#[cfg(feature = "pages")]
#[derive(Clone, Debug)]
pub(crate) struct Facet {
    pub(crate) name: String,
    /// The values, the most frequent first, with their numbers of events.
    pub(crate) values: Vec<(Value, u64)>,
}

impl Intake {
    /// Returns the buckets of an aggregation.
    ///
    /// # Errors
    /// Returns all problems of the request.
    pub(crate) fn aggregate(
        &self,
        request: &AggregateRequest,
        work: &Work,
    ) -> Result<(AggregateResponse, Granted), Vec<String>> {
        let (plan, selection) = self.plan(request, self.clock.nanoseconds())?;
        let (buckets, memory) = self.buckets(&plan, selection, work).map_err(stopped)?;
        let mut meta = ResponseMetadata::default();
        meta.elapsed = Some(elapsed(work));
        meta.request_id = Some(request_id());
        meta.status = Some(ResponseStatus::Done);
        let mut models = Vec::with_capacity(buckets.len());
        for bucket in &buckets {
            models.push(plan.to_model(bucket));
            work.check().map_err(stopped)?;
        }
        let mut data = AggregateBuckets::default();
        data.buckets = Some(models);
        let mut response = AggregateResponse::default();
        response.data = Some(data);
        response.meta = Some(Box::new(meta));
        Ok((response, memory))
    }

    /// Validates a request. Returns what to compute from which events.
    fn plan(&self, request: &AggregateRequest, now: i64) -> Result<(Plan, Selection), Vec<String>> {
        let mut problems = Problems::default();
        let zone = zone(request.options.as_ref(), &mut problems);
        let (query, range) = selected(request.filter.as_ref(), &zone, now, &mut problems);
        let window = Window { from: range.from, to: range.to };
        match Plan::new(request, window, &zone) {
            Ok(plan) if problems.0.is_empty() => Ok((plan, (query, range))),
            plan => {
                problems.0.extend(plan.err().into_iter().flatten());
                Err(problems.0)
            }
        }
    }

    /// Reads the events of a plan in slices, and computes its buckets without the store.
    fn buckets(
        &self,
        plan: &Plan,
        selection: Selection,
        work: &Work,
    ) -> Result<(Vec<Bucket>, Granted), Stopped> {
        let mut table = None;
        let slot = &mut table;
        let view = self.store().rows(vec![selection], work, move |vocabulary| {
            let table = slot.insert(plan.table(vocabulary));
            move |_, row| table.add(row)
        })?;
        let tables: Vec<(&Plan, Table<'_>)> =
            table.map(|table| (plan, table)).into_iter().collect();
        let (mut buckets, memory) = self.compute(&tables, &view, work)?;
        Ok((buckets.pop().unwrap_or_default(), memory))
    }

    /// Computes the buckets of several plans without the store.
    fn compute(
        &self,
        tables: &[(&Plan, Table<'_>)],
        view: &View,
        work: &Work,
    ) -> Result<(Vec<Vec<Bucket>>, Granted), Stopped> {
        let (mut keys, mut memory) = (Vec::new(), 0_usize);
        for (plan, table) in tables {
            let own = self.keys(&plan.strings(table), view, work)?;
            memory = memory.saturating_add(plan.memory(table, &own));
            keys.push(own);
        }
        // At once: queries that wait for more than they have might wait for each other.
        let memory = self.memory.grant(memory, work)?;
        let mut buckets = Vec::with_capacity(tables.len());
        for ((plan, table), keys) in tables.iter().zip(&keys) {
            buckets.push(plan.run(table, keys, work)?);
        }
        Ok((buckets, memory))
    }

    /// Looks strings up.
    fn keys(&self, symbols: &[Symbol], view: &View, work: &Work) -> Result<KeyMap, Stopped> {
        let mut keys = KeyMap::default();
        for symbols in symbols.chunks(STRINGS) {
            let strings = self.store().strings(view, symbols)?;
            symbols.iter().zip(strings).for_each(|(symbol, it)| keys.insert(*symbol, it));
            work.check()?;
        }
        Ok(keys)
    }
}

#[cfg(feature = "pages")]
impl Intake {
    /// Computes the buckets of several requests, and counts the values of facets, in one pass.
    ///
    /// # Errors
    /// Returns all problems of the requests.
    pub(crate) fn aggregate_all(
        &self,
        requests: &[AggregateRequest],
        facets: Option<&FacetRequest<'_>>,
        work: &Work,
    ) -> Result<Aggregated, Vec<String>> {
        let now = self.clock.nanoseconds();
        let (mut plans, mut selections) = (Vec::new(), Vec::new());
        for request in requests {
            let (plan, selection) = self.plan(request, now)?;
            plans.push(plan);
            selections.push(selection);
        }
        if let Some(facets) = facets {
            let mut problems = Problems::default();
            let zone = Zone::default();
            selections.push(selected(Some(facets.filter), &zone, now, &mut problems));
            if !problems.0.is_empty() {
                return Err(problems.0);
            }
        }
        self.computed(&plans, facets, selections, work).map_err(stopped)
    }

    /// Returns the names of attributes and tags of some events that contain a string: first those that
    /// start with it, in alphabetical order.
    ///
    /// # Errors
    /// Returns all problems of the filter.
    pub(crate) fn names(
        &self,
        requested: &QueryFilter,
        contained: &str,
        limit: usize,
        work: &Work,
    ) -> Result<Vec<String>, Vec<String>> {
        let mut problems = Problems::default();
        let now = self.clock.nanoseconds();
        let selection = selected(Some(requested), &Zone::default(), now, &mut problems);
        if !problems.0.is_empty() {
            return Err(problems.0);
        }
        // Most events have the same names, and share the list of them.
        let (mut symbols, mut lists) = (BTreeSet::new(), HashSet::new());
        let found = (&mut symbols, &mut lists);
        let view = self.store().rows(vec![selection], work, move |_| {
            let (symbols, lists) = found;
            let mut last = None;
            move |_, row: Row<'_>| {
                let names = row.facts.names();
                let address = names.as_ptr() as usize;
                if last != Some(address) && lists.insert(address) {
                    symbols.extend(names.iter().copied());
                }
                last = Some(address);
            }
        });
        let view = view.map_err(stopped)?;
        let mut names = Vec::new();
        for symbols in symbols.into_iter().collect::<Vec<_>>().chunks(STRINGS) {
            let found = self.store().names(&view, symbols).map_err(stopped)?;
            let found = found.iter().filter(|name| name.contains(contained));
            names.extend(found.map(|name| name.to_string()));
            work.check().map_err(stopped)?;
        }
        names.sort_unstable_by_key(|name| (!name.starts_with(contained), name.clone()));
        names.truncate(limit);
        Ok(names)
    }

    fn computed(
        &self,
        plans: &[Plan],
        facets: Option<&FacetRequest<'_>>,
        selections: Vec<Selection>,
        work: &Work,
    ) -> Result<Aggregated, Stopped> {
        let (mut tables, mut counts) = (Vec::new(), None);
        let slots = (&mut tables, &mut counts);
        let view = self.store().rows(selections, work, move |vocabulary| {
            let (tables, counts) = slots;
            tables.extend(plans.iter().map(|plan| plan.table(vocabulary)));
            *counts = facets.map(|facets| FacetCounts::new(facets.names, vocabulary));
            move |number, row: Row<'_>| match (tables.get_mut(number), &mut *counts) {
                (Some(table), _) => table.add(row),
                (None, Some(counts)) => counts.add(row),
                (None, None) => {}
            }
        })?;
        let tables: Vec<(&Plan, Table<'_>)> = plans.iter().zip(tables).collect();
        let (buckets, memory) = self.compute(&tables, &view, work)?;
        let mut values = (Vec::new(), 0);
        if let (Some(facets), Some(mut counts)) = (facets, counts) {
            let keys = self.keys(&counts.keep(facets.limit), &view, work)?;
            let facets = facets.names.iter().cloned().zip(counts.values(&keys));
            let facets = facets.map(|(name, values)| Facet { name, values });
            values = (facets.collect(), counts.events);
        }
        let (facets, events) = values;
        Ok(Aggregated { buckets, facets, events, memory })
    }
}

/// Returns the events of a filter.
fn selected(
    requested: Option<&QueryFilter>,
    zone: &Zone,
    now: i64,
    problems: &mut Problems,
) -> Selection {
    let empty = QueryFilter::default();
    let requested = requested.unwrap_or(&empty);
    let parts = [&requested.query, &requested.from, &requested.to].map(|part| part.as_deref());
    filter(parts, zone, None, now, problems)
}
