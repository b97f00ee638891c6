//! From two APIs to the changes between them.

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use super::attach::{Attached, attach, release};
use super::change::{ApiChange, Change, Difference, Direction, Release, Wire};
use super::found::Found;
use super::locate::Locator;
use super::surface::{self, Origin, Surface};
use super::table::{ChangeKind, kinds};
use super::wire::{self, Pairs, Subject, Target};
use crate::diagnostics::{Diagnostics, Position};
use crate::ir::Api;
use crate::spec::Document;

/// A document that is compared.
pub(super) struct Side {
    pub(super) api: Api,
    pub(super) document: Document,
}

/// Compares two documents, of which the public APIs are given. Their diagnostics know the files of
/// each.
pub(super) fn compare(
    sides: [&Side; 2],
    surfaces: &[Surface; 2],
    diagnostics: [&Diagnostics; 2],
) -> Difference {
    let [old, new] = sides;
    let (mut findings, pairs) = wire::compare(&old.api, &new.api);
    wire::compare_unsent(&mut findings, &pairs, sides.map(|side| (&side.api, &side.document)));
    let found = findings.all;
    let names = renames(&found, &old.api, &new.api);
    let [old_surface, new_surface] = surfaces;
    let differences = surface::compare(old_surface, new_surface, &names);
    let apis = [&old.api, &new.api];
    let Attached { by_change, others } = attach(&found, differences, apis);
    let mut drafts: Vec<Draft> = found
        .into_iter()
        .zip(by_change)
        .map(|(found, api)| Draft::of_change(found, api, apis, &pairs))
        .collect();
    drafts
        .extend(others.into_iter().map(|(change, origins)| Draft::of_item(change, origins, apis)));
    locate(drafts, sides, diagnostics)
}

/// Returns the new name of each type that is renamed, and of its builder.
fn renames(found: &[Found], old: &Api, new: &Api) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for found in found.iter().filter(|found| found.kind == kinds::TYPE_RENAMED) {
        let Subject::Type(Some(a), Some(b)) = found.subject else { continue };
        let (a, b) = (&old.def(a).name.0, &new.def(b).name.0);
        names.insert(a.clone(), b.clone());
        names.insert(format!("{a}Builder"), format!("{b}Builder"));
    }
    names
}

/// A change without its positions.
struct Draft {
    change: Change,
    targets: [Option<Target>; 2],
}

impl Draft {
    fn of_change(found: Found, api: Vec<ApiChange>, apis: [&Api; 2], pairs: &Pairs) -> Self {
        let wire = found.wire();
        let is_sent = found.directions.contains(&Direction::Request);
        let least = if is_sent { found.kind.least } else { found.kind.least.min(Release::Patch) };
        let rust = release(&api).max(least);
        let own = item(&found, apis);
        let is_own = |change: &&ApiChange| Some(&change.item) == own.as_ref();
        let item = api.iter().find(is_own).or_else(|| api.first());
        let item = item.map(|change| change.item.clone()).or(own);
        let operations = match found.subject {
            Subject::Type(Some(old), Some(new)) => pairs.operations(old, new),
            Subject::Operation(..) | Subject::Webhook(..) => 1,
            Subject::Type(..) | Subject::Api => 0,
        };
        Self {
            change: Change {
                id: found.kind.id,
                wire,
                rust,
                directions: found.directions,
                old: None,
                new: None,
                item,
                message: found.message,
                advice: advice(found.kind, wire, rust),
                operations,
                api,
            },
            targets: [found.old, found.new],
        }
    }

    fn of_item(change: ApiChange, origins: [Option<Origin>; 2], apis: [&Api; 2]) -> Self {
        let kind = match (&change.old, &change.new) {
            (None, _) => kinds::ITEM_ADDED,
            (_, None) => kinds::ITEM_REMOVED,
            _ => kinds::ITEM_CHANGED,
        };
        let base = |api: &Api, origin: Option<Origin>| {
            let base = match origin? {
                Origin::Type(id) => api.def(id).pointer.clone(),
                Origin::Operation(index) => api.operations.get(index)?.pointer.clone(),
                Origin::Api => String::new(),
            };
            Some(Target { base, steps: Vec::new() })
        };
        let targets = [base(apis[0], origins[0]), base(apis[1], origins[1])];
        let rust = change.release;
        Self {
            change: Change {
                id: kind.id,
                wire: Wire::None,
                rust,
                directions: Vec::new(),
                old: None,
                new: None,
                item: Some(change.item.clone()),
                message: change.to_string(),
                advice: advice(kind, Wire::None, rust),
                operations: 0,
                api: vec![change],
            },
            targets,
        }
    }
}

/// Returns what users have to do: nothing, if nothing can fail.
fn advice(kind: &ChangeKind, wire: Wire, rust: Release) -> String {
    let matters = rust >= Release::Major || wire > Wire::Compatible || kind == kinds::DEPRECATED;
    if matters { kind.advice.to_owned() } else { String::new() }
}

/// Returns the Rust item that a change affects, if its API does not change.
fn item(found: &Found, apis: [&Api; 2]) -> Option<String> {
    let [old, new] = apis;
    let path = match found.subject {
        Subject::Type(_, Some(id)) => type_path(new, id.0)?,
        Subject::Type(Some(id), None) => type_path(old, id.0)?,
        Subject::Operation(_, Some(index)) => {
            return Some(format!("Client::{}", new.operations.get(index)?.name.0));
        }
        Subject::Operation(Some(index), None) => {
            return Some(format!("Client::{}", old.operations.get(index)?.name.0));
        }
        Subject::Webhook(_, Some(index)) => {
            let name = &new.webhooks.get(index)?.name.0;
            return Some(format!("webhooks::{}::{name}", new.webhook_enum.0));
        }
        _ => return None,
    };
    match &found.member {
        Some([_, name]) if !name.is_empty() => Some(format!("{path}::{name}")),
        Some([name, _]) if !name.is_empty() => Some(format!("{path}::{name}")),
        _ => Some(path),
    }
}

fn type_path(api: &Api, index: usize) -> Option<String> {
    let def = api.types.get(index)?;
    Some(format!("models::{}", def.name.0))
}

/// Adds the positions of all changes. Each document is searched once.
fn locate(drafts: Vec<Draft>, sides: [&Side; 2], diagnostics: [&Diagnostics; 2]) -> Difference {
    let pointers = [0, 1].map(|side: usize| -> Vec<Option<String>> {
        let mut locator = Locator::new(&sides[side].document);
        let of = |draft: &Draft| draft.targets[side].as_ref().map(|target| locator.pointer(target));
        drafts.iter().map(of).collect()
    });
    let positions = |side: usize| -> Vec<Option<Position>> {
        let known: Vec<&str> = pointers[side].iter().flatten().map(String::as_str).collect();
        let mut found = diagnostics[side].positions(&known).into_iter();
        let position =
            |pointer: &Option<String>| pointer.as_ref().and_then(|_| found.next()).flatten();
        pointers[side].iter().map(position).collect()
    };
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| positions(0));
        let new = positions(1);
        (old.join().unwrap_or_else(|panic| resume_unwind(panic)), new)
    });
    let located = drafts.into_iter().zip(old).zip(new).map(|((draft, old), new)| Change {
        old,
        new,
        ..draft.change
    });
    Difference::new(located.collect())
}
