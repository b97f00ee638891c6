//! Enums and unions.

use super::shapes::compare_use;
use super::shapes::is_same_def;
use super::site::{Site, Step};
use super::walker::{Walker, first_by};
use crate::ir::{Enum, EnumValue, Shape, Type, Union, Variant};
use crate::pipeline::diff::table::kinds;

/// Returns whether two variants are the same one.
type Test<'t> = &'t dyn Fn(&Variant, &Variant) -> bool;

pub(super) fn compare_enums(walker: &mut Walker<'_>, site: &Site<'_>, old: &Enum, new: &Enum) {
    let is_open = old.is_open || new.is_open;
    let (added, removed) = match is_open {
        true => (kinds::OPEN_VALUE_ADDED, kinds::OPEN_VALUE_REMOVED),
        false => (kinds::VALUE_ADDED, kinds::VALUE_REMOVED),
    };
    let label = |value: &EnumValue| format!("value `{}`", value.wire);
    let old_values = first_by(&old.values, |value| value.wire.as_str());
    let new_values = first_by(&new.values, |value| value.wire.as_str());
    for b in &new.values {
        let label = label(b);
        match old_values.get(b.wire.as_str()) {
            Some(a) if a.name != b.name => {
                let site = site.part(Step::Part(&label, &["enum"], [&a.name.0, &b.name.0]));
                let predicate = format!("is called `{}` instead of `{}`", b.name.0, a.name.0);
                walker.quietly(|walker| walker.report(kinds::VALUE_RENAMED, &site, &predicate));
            }
            Some(_) => {}
            None => {
                let step = Step::Part(&label, &["enum"], ["", &b.name.0]);
                walker.report_added(added, &site.part(step));
            }
        }
    }
    for a in old.values.iter().filter(|a| !new_values.contains_key(a.wire.as_str())) {
        let label = label(a);
        let step = Step::Part(&label, &["enum"], [&a.name.0, ""]);
        walker.report_removed(removed, &site.part(step));
    }
    match (old.is_open, new.is_open) {
        (false, true) => walker.report(kinds::ENUM_OPENED, site, "may have other values"),
        (true, false) => walker.report(kinds::ENUM_CLOSED, site, "has declared values only"),
        _ => {}
    }
}

pub(super) fn compare_unions(walker: &mut Walker<'_>, site: &Site<'_>, old: &Union, new: &Union) {
    let mut matched = vec![false; old.variants.len()];
    let mut pairs: Vec<Option<usize>> = vec![None; new.variants.len()];
    let tests: [Test<'_>; 3] = [
        &|a, b| is_same_type(walker, &a.ty, &b.ty),
        &|a, b| a.name == b.name && is_same_shape(&a.ty, &b.ty),
        &|a, b| a.name == b.name,
    ];
    for test in tests {
        for (b, pair) in new.variants.iter().zip(&mut pairs).filter(|(_, pair)| pair.is_none()) {
            let mut candidates = old.variants.iter().enumerate();
            *pair = candidates.find(|(i, a)| !matched[*i] && test(a, b)).map(|(i, _)| i);
            if let Some(old) = *pair {
                matched[old] = true;
            }
        }
    }
    let label = |variant: &Variant| format!("variant `{}`", variant.name.0);
    for (b, pair) in new.variants.iter().zip(&pairs) {
        let label = label(b);
        let Some(a) = pair.and_then(|index| old.variants.get(index)) else {
            let step = Step::Part(&label, &["oneOf"], ["", &b.name.0]);
            walker.report_added(kinds::VARIANT_ADDED, &site.part(step));
            continue;
        };
        let site = site.part(Step::Part(&label, &["oneOf"], [&a.name.0, &b.name.0]));
        if a.name != b.name {
            let predicate = format!("is called `{}` instead of `{}`", b.name.0, a.name.0);
            walker.quietly(|walker| walker.report(kinds::VARIANT_RENAMED, &site, &predicate));
        }
        compare_use(walker, &site, &a.ty, &b.ty);
    }
    for (a, _) in old.variants.iter().zip(&matched).filter(|(_, matched)| !**matched) {
        let label = label(a);
        let step = Step::Part(&label, &["oneOf"], [&a.name.0, ""]);
        walker.report_removed(kinds::VARIANT_REMOVED, &site.part(step));
    }
    let is_same_list = pairs.iter().enumerate().all(|(new, old)| *old == Some(new))
        && old.variants.len() == new.variants.len();
    // With other variants, the decision always differs.
    if is_same_list && old.decision != new.decision {
        walker.report(kinds::DECISION_CHANGED, site, "decides on its variants differently");
    }
}

/// Returns whether two types are the same named type.
fn is_same_type(walker: &Walker<'_>, old: &Type, new: &Type) -> bool {
    match (&old.shape, &new.shape) {
        (Shape::Named(a), Shape::Named(b)) => is_same_def(walker.old.def(*a), walker.new.def(*b)),
        _ => false,
    }
}

/// Returns whether two types are of the same kind.
fn is_same_shape(old: &Type, new: &Type) -> bool {
    std::mem::discriminant(&old.shape) == std::mem::discriminant(&new.shape)
}
