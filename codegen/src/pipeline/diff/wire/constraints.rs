//! Constraints of values: each that differs is tightened, loosened, or something else.

use std::cmp::Ordering;
use std::fmt::Display;

use super::site::Site;
use super::walker::Walker;
use crate::ir::{Bound, Constraints};
use crate::pipeline::diff::table::kinds;

/// Compares the constraints of two uses of a type, or of their definitions.
pub(super) fn compare_constraints(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: &Constraints,
    new: &Constraints,
) {
    if old == new {
        return;
    }
    limit(walker, site, "the minimum length", old.min_length, new.min_length, false);
    limit(walker, site, "the maximum length", old.max_length, new.max_length, true);
    limit(walker, site, "the minimum number of elements", old.min_count, new.min_count, false);
    limit(walker, site, "the maximum number of elements", old.max_count, new.max_count, true);
    bound(walker, site, "the minimum", old.minimum, new.minimum, false);
    bound(walker, site, "the maximum", old.maximum, new.maximum, true);
    let pattern = |constraints: &Constraints| {
        constraints.pattern.as_ref().map(|pattern| pattern.source.clone())
    };
    whole(walker, site, "the pattern", pattern(old), pattern(new));
    whole(walker, site, "the format", old.format, new.format);
    multiple(walker, site, old.multiple_of, new.multiple_of);
    let unique = |constraints: &Constraints| constraints.unique.then_some("distinct");
    whole(walker, site, "the rule for elements", unique(old), unique(new));
    compare_values(walker, site, &old.values, &new.values);
    // The values of an enum are rules, too.
    if old.values == new.values {
        compare_rules(walker, site, old.rules.as_deref(), new.rules.as_deref());
    }
}

/// Compares rules that no type expresses, as JSON Schema.
pub(super) fn compare_rules(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: Option<&str>,
    new: Option<&str>,
) {
    whole(walker, site, "the rule", old, new);
}

/// Compares the only values of a type that is not an enum.
fn compare_values(walker: &mut Walker<'_>, site: &Site<'_>, old: &[String], new: &[String]) {
    match (old.is_empty(), new.is_empty()) {
        (true, true) => {}
        (true, false) => {
            let predicate = format!("has only the values {}", list(new));
            walker.report(kinds::CONSTRAINT_TIGHTENED, site, &predicate);
        }
        (false, true) => {
            let predicate = format!("may have other values than {}", list(old));
            walker.report(kinds::CONSTRAINT_LOOSENED, site, &predicate);
        }
        (false, false) => {
            for value in new.iter().filter(|value| !old.contains(value)) {
                walker.report(kinds::VALUE_ADDED, site, &format!("may have the value `{value}`"));
            }
            for value in old.iter().filter(|value| !new.contains(value)) {
                let predicate = format!("no longer has the value `{value}`");
                walker.report(kinds::VALUE_REMOVED, site, &predicate);
            }
        }
    }
}

fn limit(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    what: &str,
    old: Option<usize>,
    new: Option<usize>,
    is_upper: bool,
) {
    ordered(walker, site, what, old, new, |old, new| toward(old.cmp(new), is_upper));
}

fn bound(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    what: &str,
    old: Option<Bound>,
    new: Option<Bound>,
    is_upper: bool,
) {
    let shown = |bound: Bound| match bound.exclusive {
        true => format!("{} (exclusive)", bound.value),
        false => bound.value.to_string(),
    };
    ordered_as(walker, site, what, old, new, shown, |old, new| {
        match old.value.partial_cmp(&new.value) {
            Some(Ordering::Equal) if old.exclusive == new.exclusive => Some(Ordering::Equal),
            // An exclusive bound admits fewer values than an inclusive one.
            Some(Ordering::Equal) if new.exclusive => Some(Ordering::Greater),
            Some(Ordering::Equal) => Some(Ordering::Less),
            other => other.and_then(|ordering| toward(ordering, is_upper)),
        }
    });
}

fn multiple(walker: &mut Walker<'_>, site: &Site<'_>, old: Option<f64>, new: Option<f64>) {
    ordered(walker, site, "the divisor", old, new, |old, new| {
        if (new % old) == 0.0 {
            Some(Ordering::Greater)
        } else if (old % new) == 0.0 {
            Some(Ordering::Less)
        } else {
            None
        }
    });
}

/// Compares a constraint that is either the same or another one.
fn whole<T: Display + PartialEq>(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    what: &str,
    old: Option<T>,
    new: Option<T>,
) {
    ordered(walker, site, what, old, new, |_, _| None);
}

fn ordered<T: Display + PartialEq>(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    what: &str,
    old: Option<T>,
    new: Option<T>,
    is_tighter: impl Fn(&T, &T) -> Option<Ordering>,
) {
    ordered_as(walker, site, what, old, new, |value| value.to_string(), is_tighter);
}

/// Compares a constraint. `Greater` is a new one that is tighter.
fn ordered_as<T: PartialEq>(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    what: &str,
    old: Option<T>,
    new: Option<T>,
    shown: impl Fn(T) -> String,
    tightness: impl Fn(&T, &T) -> Option<Ordering>,
) {
    if old == new {
        return;
    }
    let (kind, predicate) = match (old, new) {
        (None, None) => return,
        (None, Some(new)) => {
            (kinds::CONSTRAINT_TIGHTENED, format!("is constrained: {what} is `{}`", shown(new)))
        }
        (Some(old), None) => (
            kinds::CONSTRAINT_LOOSENED,
            format!("is less constrained: {what} was `{}`", shown(old)),
        ),
        (Some(old), Some(new)) => {
            let kind = match tightness(&old, &new) {
                Some(Ordering::Greater) => kinds::CONSTRAINT_TIGHTENED,
                Some(Ordering::Less) => kinds::CONSTRAINT_LOOSENED,
                _ => kinds::CONSTRAINT_CHANGED,
            };
            let (old, new) = (shown(old), shown(new));
            (kind, format!("is constrained otherwise: {what} changes from `{old}` to `{new}`"))
        }
    };
    walker.report(kind, site, &predicate);
}

/// Returns whether a limit that compares like this is tighter.
fn toward(old_to_new: Ordering, is_upper: bool) -> Option<Ordering> {
    // A lower limit that rises is tighter; an upper one that falls is, too.
    Some(if is_upper { old_to_new } else { old_to_new.reverse() })
}

fn list(values: &[String]) -> String {
    let shown: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    shown.join(", ")
}

/// Returns the constraints of several declarations of one value together.
pub(super) fn together<'c>(all: impl IntoIterator<Item = &'c Constraints>) -> Constraints {
    let mut together = Constraints::default();
    for one in all {
        let lower = |a: Option<usize>, b: Option<usize>| a.max(b);
        let upper = |a: Option<usize>, b: Option<usize>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        together.min_length = lower(together.min_length, one.min_length);
        together.max_length = upper(together.max_length, one.max_length);
        together.min_count = lower(together.min_count, one.min_count);
        together.max_count = upper(together.max_count, one.max_count);
        together.minimum = tighter(together.minimum, one.minimum, |a, b| a > b);
        together.maximum = tighter(together.maximum, one.maximum, |a, b| a < b);
        together.unique |= one.unique;
        together.multiple_of = together.multiple_of.or(one.multiple_of);
        together.format = together.format.or(one.format);
        if together.pattern.is_none() {
            together.pattern.clone_from(&one.pattern);
        }
        if together.rules.is_none() {
            together.rules.clone_from(&one.rules);
        }
        if together.values.is_empty() {
            together.values.clone_from(&one.values);
        }
    }
    together
}

fn tighter(
    a: Option<Bound>,
    b: Option<Bound>,
    is_tighter: impl Fn(f64, f64) -> bool,
) -> Option<Bound> {
    match (a, b) {
        (Some(a), Some(b)) if is_tighter(b.value, a.value) => Some(b),
        (Some(a), Some(b)) if a.value == b.value && b.exclusive => Some(b),
        (a, b) => a.or(b),
    }
}
