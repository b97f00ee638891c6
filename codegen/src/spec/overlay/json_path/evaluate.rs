//! The evaluation of paths. Each visited value is counted.

use std::collections::HashMap;

use regex::Regex;
use serde_json::Value;

use super::syntax::{Condition, Operand, Query, Segment, Selector, Step};
use crate::text::{Budget, Exhausted};

/// A value that is selected, with its location.
pub(super) type Found<'v> = (Vec<Step>, &'v Value);

/// The last step to a value.
#[derive(Clone, Copy)]
enum Key<'v> {
    Index(usize),
    Name(&'v str),
}

impl Key<'_> {
    /// Returns the location of a value in the value at another location.
    fn after(self, at: &[Step]) -> Vec<Step> {
        let step = match self {
            Self::Index(index) => Step::Index(index),
            Self::Name(name) => Step::Name(name.to_owned()),
        };
        at.iter().cloned().chain([step]).collect()
    }
}

/// A result, unless the work is too much.
pub(super) type Counted<T> = Result<T, Exhausted>;

/// An evaluation in progress.
pub(super) struct Evaluation<'v, 'b> {
    pub(super) root: &'v Value,
    pub(super) budget: &'b mut Budget,
    /// Patterns as they were compiled; absent if they are invalid.
    pub(super) patterns: HashMap<String, Option<Regex>>,
}

impl<'v> Evaluation<'v, '_> {
    /// Returns what a query selects, each location once and in their order.
    pub(super) fn select(&mut self, query: &Query) -> Counted<Vec<Found<'v>>> {
        let mut found = vec![(Vec::new(), self.root)];
        for segment in &query.segments {
            let mut next = Vec::new();
            let mut outer: Option<Vec<Step>> = None;
            for (location, value) in found {
                // What is in another location is searched with it, and comes after it.
                if segment.is_descendant {
                    if outer.as_ref().is_some_and(|outer| location.starts_with(outer)) {
                        continue;
                    }
                    outer = Some(location.clone());
                }
                self.locate(segment, &location, value, &mut next)?;
            }
            next.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            next.dedup_by(|(a, _), (b, _)| a == b);
            found = next;
        }
        Ok(found)
    }

    /// Adds what a segment selects from a value.
    fn locate(
        &mut self,
        segment: &Segment,
        at: &[Step],
        value: &'v Value,
        found: &mut Vec<Found<'v>>,
    ) -> Counted<()> {
        for selector in &segment.selectors {
            self.selected(selector, value, &mut |run, key, value| {
                // The location is copied.
                run.budget.work(1 + at.len() as u64)?;
                found.push((key.after(at), value));
                Ok(true)
            })?;
        }
        if segment.is_descendant {
            self.selected(&Selector::Wildcard, value, &mut |run, key, value| {
                run.locate(segment, &key.after(at), value, found)?;
                Ok(true)
            })?;
        }
        Ok(())
    }

    /// Calls a function with each value that a query of a filter selects, until it returns false.
    /// Returns whether it never did.
    pub(super) fn visit(
        &mut self,
        query: &Query,
        current: &'v Value,
        visit: &mut dyn FnMut(&'v Value) -> bool,
    ) -> Counted<bool> {
        let start = if query.is_absolute { self.root } else { current };
        self.visit_segments(&query.segments, start, visit)
    }

    fn visit_segments(
        &mut self,
        segments: &[Segment],
        value: &'v Value,
        visit: &mut dyn FnMut(&'v Value) -> bool,
    ) -> Counted<bool> {
        let Some((segment, rest)) = segments.split_first() else { return Ok(visit(value)) };
        for selector in &segment.selectors {
            let goes_on = self.selected(selector, value, &mut |run, _, value| {
                run.visit_segments(rest, value, visit)
            })?;
            if !goes_on {
                return Ok(false);
            }
        }
        if segment.is_descendant {
            return self.selected(&Selector::Wildcard, value, &mut |run, _, value| {
                run.visit_segments(segments, value, visit)
            });
        }
        Ok(true)
    }

    /// Calls a function with each value that a selector selects, until it returns false. Returns
    /// whether it never did.
    fn selected(
        &mut self,
        selector: &Selector,
        value: &'v Value,
        visit: &mut dyn FnMut(&mut Self, Key<'v>, &'v Value) -> Counted<bool>,
    ) -> Counted<bool> {
        self.budget.work(1)?;
        match (selector, value) {
            (Selector::Name(name), Value::Object(entries)) => match entries.get_key_value(name) {
                Some((name, value)) => visit(self, Key::Name(name), value),
                None => Ok(true),
            },
            (Selector::Index(index), Value::Array(items)) => {
                let index = from_end(*index, items.len());
                match usize::try_from(index).ok().and_then(|i| Some((i, items.get(i)?))) {
                    Some((index, value)) => visit(self, Key::Index(index), value),
                    None => Ok(true),
                }
            }
            (Selector::Slice(start, end, step), Value::Array(items)) => {
                for index in slice(*start, *end, *step, items.len()) {
                    let Some(value) = items.get(index) else { continue };
                    self.budget.work(1)?;
                    if !visit(self, Key::Index(index), value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Selector::Wildcard | Selector::Filter(_), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    if self.fits(selector, value)? && !visit(self, Key::Index(index), value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Selector::Wildcard | Selector::Filter(_), Value::Object(entries)) => {
                for (name, value) in entries {
                    if self.fits(selector, value)? && !visit(self, Key::Name(name), value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Ok(true),
        }
    }

    fn fits(&mut self, selector: &Selector, value: &'v Value) -> Counted<bool> {
        self.budget.work(1)?;
        match selector {
            Selector::Filter(condition) => self.holds(condition, value),
            _ => Ok(true),
        }
    }

    /// Returns whether a condition holds for a value.
    fn holds(&mut self, condition: &Condition, current: &'v Value) -> Counted<bool> {
        self.budget.work(1)?;
        match condition {
            Condition::Or(all) => {
                for condition in all {
                    if self.holds(condition, current)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::And(all) => {
                for condition in all {
                    if !self.holds(condition, current)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Not(condition) => Ok(!self.holds(condition, current)?),
            Condition::Exists(query) => Ok(!self.visit(query, current, &mut |_| false)?),
            Condition::Call(call) => self.logical(call, current),
            Condition::Compare(left, operator, right) => {
                let left = self.value(left, current)?;
                let right = self.value(right, current)?;
                self.compare(left.as_deref(), *operator, right.as_deref())
            }
        }
    }

    /// Returns the only value that a query selects.
    pub(super) fn only(&mut self, query: &Query, current: &'v Value) -> Counted<Option<&'v Value>> {
        let mut found = None;
        let is_only = self.visit(query, current, &mut |value| found.replace(value).is_none())?;
        Ok(found.filter(|_| is_only))
    }

    /// Returns how many values a query selects, repeated ones included.
    pub(super) fn count(&mut self, operand: &Operand, current: &'v Value) -> Counted<u64> {
        let mut count = 0;
        if let Operand::Query(query) = operand {
            self.visit(query, current, &mut |_| {
                count += 1;
                true
            })?;
        }
        Ok(count)
    }
}

/// Returns an index that may be counted from the end.
fn from_end(index: i64, length: usize) -> i64 {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    if index < 0 { index.saturating_add(length) } else { index }
}

/// Returns the indices of a slice.
fn slice(
    start: Option<i64>,
    end: Option<i64>,
    step: i64,
    length: usize,
) -> Box<dyn Iterator<Item = usize>> {
    let last = i64::try_from(length).unwrap_or(i64::MAX);
    let stride = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    let at = |index: i64| usize::try_from(index).unwrap_or_default();
    match step {
        0 => Box::new(std::iter::empty()),
        1.. => {
            let bound = |index| from_end(index, length).clamp(0, last);
            let (from, to) = (start.map_or(0, bound), end.map_or(last, bound));
            Box::new((at(from)..at(to)).step_by(stride))
        }
        _ => {
            let bound = |index| from_end(index, length).clamp(-1, last - 1);
            let (from, to) = (start.map_or(last - 1, bound), end.map_or(-1, bound));
            // The bounds are one more, because -1 is before the first index.
            let indices = (at(to + 1)..at(from + 1)).rev();
            Box::new(indices.step_by(stride))
        }
    }
}
