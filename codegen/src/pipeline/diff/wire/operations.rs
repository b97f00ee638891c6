//! Operations, webhooks, and the whole API.

use std::collections::{BTreeSet, HashMap};

use super::parameters::{compare_bodies, compare_parameters};
use super::responses::compare_responses;
use super::setup::{compare_security, compare_servers, compare_setup};
use super::shapes::compare_use;
use super::site::{Site, Step, Subject};
use super::types::{compare_other_types, compare_pairs};
use super::walker::{Pairs, Walker};
use crate::ir::{Api, NextPage, Operation, Paging, Step as PagingStep, Webhook};
use crate::pipeline::diff::change::Direction;
use crate::pipeline::diff::found::Findings;
use crate::pipeline::diff::table::kinds;

/// Compares two APIs. Also returns which types are used instead of each other.
pub(in crate::pipeline::diff) fn compare(old: &Api, new: &Api) -> (Findings, Pairs) {
    let mut walker = Walker::new(old, new);
    compare_operations(&mut walker);
    compare_webhooks(&mut walker);
    compare_setup(&mut walker);
    compare_pairs(&mut walker);
    compare_other_types(&mut walker);
    (walker.findings, walker.pairs)
}

fn compare_operations(walker: &mut Walker<'_>) {
    let (old_api, new_api) = (walker.old, walker.new);
    let pairs = operation_pairs(old_api, new_api);
    for (index, (new, pair)) in new_api.operations.iter().zip(&pairs).enumerate() {
        match pair.and_then(|old| Some((old, old_api.operations.get(old)?))) {
            Some(old) => {
                walker.start(index);
                compare_operation(walker, old, (index, new));
            }
            None => {
                let message = format!("operation `{} {}` is added", new.method, new.path);
                let subject = Subject::Operation(None, Some(index));
                walker.within(Direction::Request, |walker| {
                    let pointers = [None, Some(new.pointer.as_str())];
                    walker.report_whole(kinds::OPERATION_ADDED, subject, pointers, message, None);
                });
            }
        }
    }
    for (index, old) in old_api.operations.iter().enumerate() {
        if !pairs.contains(&Some(index)) {
            let message = format!("operation `{} {}` is removed", old.method, old.path);
            let subject = Subject::Operation(Some(index), None);
            walker.within(Direction::Request, |walker| {
                let pointers = [Some(old.pointer.as_str()), None];
                walker.report_whole(kinds::OPERATION_REMOVED, subject, pointers, message, None);
            });
        }
    }
}

fn compare_operation(
    walker: &mut Walker<'_>,
    (old_index, old): (usize, &Operation),
    (new_index, new): (usize, &Operation),
) {
    let site = Site::new(Step::Operation((old_index, old), (new_index, new)));
    let site = &site;
    walker.compare_docs(site, [&old.docs, &new.docs], [old.deprecated, new.deprecated]);
    if old.summary != new.summary {
        walker.report(kinds::DOCUMENTATION, site, "has another summary");
    }
    if old.name != new.name || old.request != new.request {
        let predicate = format!("is called `{}` instead of `{}`", new.name.0, old.name.0);
        walker.report(kinds::OPERATION_RENAMED, site, &predicate);
    } else if old.id != new.id {
        let predicate = format!("has the id `{}` instead of `{}`", new.id, old.id);
        walker.report(kinds::OPERATION_ID_CHANGED, site, &predicate);
    }
    if old.tag != new.tag {
        let shown = |tag: &Option<String>| tag.clone().unwrap_or_else(|| "none".to_owned());
        let predicate =
            format!("has the tag `{}` instead of `{}`", shown(&new.tag), shown(&old.tag));
        walker.report(kinds::OPERATION_MOVED, site, &predicate);
    }
    if old.unstable != new.unstable {
        walker.report(kinds::STABILITY_CHANGED, site, "changes its stability");
    }
    if old.repeatable != new.repeatable {
        let predicate = match new.repeatable {
            true => "is repeated after any failure",
            false => "is not repeated any more after any failure",
        };
        walker.report(kinds::REPEATABLE_CHANGED, site, predicate);
    }
    compare_paging(walker, site, old.paging.as_ref(), new.paging.as_ref());
    walker.within(Direction::Request, |walker| {
        if normal_path(&old.path) != normal_path(&new.path) || old.method != new.method {
            let predicate = format!("was `{} {}`", old.method, old.path);
            walker.report(kinds::PATH_CHANGED, site, &predicate);
        }
        compare_parameters(walker, site, old, new);
        compare_bodies(walker, site, old.body.as_ref(), new.body.as_ref());
        compare_security(walker, site, old, new);
        compare_servers(walker, site, &old.servers, &new.servers);
    });
    walker.within(Direction::Response, |walker| compare_responses(walker, site, old, new));
}

fn compare_paging(
    walker: &mut Walker<'_>,
    site: &Site<'_>,
    old: Option<&Paging>,
    new: Option<&Paging>,
) {
    match (old, new) {
        (None, Some(_)) => {
            walker.report(kinds::PAGING_ADDED, site, "can be requested page by page");
        }
        (Some(_), None) => {
            walker.report(kinds::PAGING_REMOVED, site, "is not requested page by page any more");
        }
        (Some(old), Some(new)) if paging_shape(old) != paging_shape(new) => {
            walker.report(
                kinds::PAGING_CHANGED,
                site,
                "has pages that follow each other differently",
            );
        }
        _ => {}
    }
}

fn compare_webhooks(walker: &mut Walker<'_>) {
    let (old_api, new_api) = (walker.old, walker.new);
    for (index, new) in new_api.webhooks.iter().enumerate() {
        walker.start(new_api.operations.len() + index);
        match old_api.webhooks.iter().position(|old| old.id == new.id) {
            Some(old) => {
                let Some(webhook) = old_api.webhooks.get(old) else { continue };
                compare_webhook(walker, (old, webhook), (index, new));
            }
            None => {
                let message = format!("webhook `{}` is added", new.id);
                let subject = Subject::Webhook(None, Some(index));
                let member = Some([String::new(), new.name.0.clone()]);
                walker.within(Direction::Response, |walker| {
                    let pointers = [None, Some(new.pointer.as_str())];
                    walker.report_whole(kinds::WEBHOOK_ADDED, subject, pointers, message, member);
                });
            }
        }
    }
    for (index, old) in old_api.webhooks.iter().enumerate() {
        if new_api.webhooks.iter().all(|new| new.id != old.id) {
            let message = format!("webhook `{}` is removed", old.id);
            let subject = Subject::Webhook(Some(index), None);
            let member = Some([old.name.0.clone(), String::new()]);
            walker.within(Direction::Response, |walker| {
                let pointers = [Some(old.pointer.as_str()), None];
                walker.report_whole(kinds::WEBHOOK_REMOVED, subject, pointers, message, member);
            });
        }
    }
}

fn compare_webhook(walker: &mut Walker<'_>, old: (usize, &Webhook), new: (usize, &Webhook)) {
    let site = Site::new(Step::Webhook(old, new));
    let (site, (_, old), (_, new)) = (&site, old, new);
    walker.compare_docs(site, [&old.docs, &new.docs], [old.deprecated, new.deprecated]);
    if old.summary != new.summary {
        walker.report(kinds::DOCUMENTATION, site, "has another summary");
    }
    if old.name != new.name {
        let predicate = format!("is called `{}` instead of `{}`", new.name.0, old.name.0);
        walker.report(kinds::WEBHOOK_RENAMED, site, &predicate);
    }
    walker.within(Direction::Response, |walker| {
        if old.method != new.method || old.callback != new.callback {
            walker.report(kinds::WEBHOOK_CHANGED, site, "is sent with another method or URL");
        }
        let keys = ["requestBody", "content", "application/json", "schema"];
        let names = [old.name.0.as_str(), new.name.0.as_str()];
        let part = site.part(Step::Part("the body", &keys, names));
        match (&old.body, &new.body) {
            (Some(a), Some(b)) => compare_use(walker, &part, a, b),
            (None, Some(_)) => walker.report_added(kinds::WEBHOOK_BODY_ADDED, &part),
            (Some(_), None) => walker.report_removed(kinds::WEBHOOK_BODY_REMOVED, &part),
            (None, None) => {}
        }
    });
}

/// Returns the index of the old operation for each new one: with the same method and path, or else
/// with the same id.
pub(super) fn operation_pairs(old: &Api, new: &Api) -> Vec<Option<usize>> {
    let key = |operation: &Operation| (operation.method.clone(), normal_path(&operation.path));
    let mut by_path = HashMap::new();
    let mut by_id = HashMap::new();
    for (i, operation) in old.operations.iter().enumerate() {
        by_path.entry(key(operation)).or_insert(i);
        by_id.entry(operation.id.as_str()).or_insert(i);
    }
    let mut pairs: Vec<Option<usize>> =
        new.operations.iter().map(|operation| by_path.get(&key(operation)).copied()).collect();
    let mut taken: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
    for (pair, operation) in
        pairs.iter_mut().zip(&new.operations).filter(|(pair, _)| pair.is_none())
    {
        let found = by_id.get(operation.id.as_str()).copied();
        *pair = found.filter(|found| taken.insert(*found));
    }
    pairs
}

/// Returns the webhooks that both APIs have.
pub(super) fn webhook_pairs(old: &Api, new: &Api) -> Vec<(usize, usize)> {
    let pairs = new.webhooks.iter().enumerate().filter_map(|(index, new)| {
        Some((old.webhooks.iter().position(|old| old.id == new.id)?, index))
    });
    pairs.collect()
}

/// Returns a path without the names of its parameters.
fn normal_path(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let mut is_name = false;
    for c in path.chars() {
        match c {
            '{' => is_name = true,
            '}' => {
                is_name = false;
                normal.push_str("{}");
            }
            c if !is_name => normal.push(c),
            _ => {}
        }
    }
    normal
}

/// Returns how pages follow each other, as far as it is not a matter of types.
fn paging_shape(paging: &Paging) -> (Vec<&str>, u8, Vec<&str>, Vec<&str>, i64, bool) {
    let (kind, from, to, first) = match &paging.next {
        NextPage::Cursor { from, to } => (0, names(from), names(to), 0),
        NextPage::Offset { to, .. } => (1, Vec::new(), names(to), 0),
        NextPage::Page { to, first } => (2, Vec::new(), names(to), *first),
    };
    (names(&paging.results), kind, from, to, first, paging.ends_empty)
}

fn names(steps: &[PagingStep]) -> Vec<&str> {
    steps.iter().map(|step| step.name.0.as_str()).collect()
}
