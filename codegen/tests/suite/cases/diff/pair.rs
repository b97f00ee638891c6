//! Documents and their edits.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use specwright::{Config, Difference, Input, Layout, Package, Source, diff};

/// A document with its edits.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) base: Value,
    pub(super) cases: Vec<Edit>,
}

/// One edit of a document, with the changes in both directions.
pub(super) struct Edit {
    pub(super) name: String,
    pub(super) edited: Value,
    pub(super) forward: Difference,
    pub(super) back: Difference,
}

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/diff")
}

/// Returns all groups, sorted by name. The tests share them.
pub(super) fn groups() -> &'static [Group] {
    static GROUPS: OnceLock<Vec<Group>> = OnceLock::new();
    GROUPS.get_or_init(read_groups)
}

fn read_groups() -> Vec<Group> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    paths.sort();
    paths.iter().map(|path| group(path)).collect()
}

fn group(path: &Path) -> Group {
    let content: Value = serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let base = content["base"].clone();
    let cases = content["cases"].as_array().unwrap().iter().map(|case| {
        let edited = edited(&base, case);
        Edit {
            name: case["name"].as_str().unwrap().to_owned(),
            forward: compare(&base, &edited),
            back: compare(&edited, &base),
            edited,
        }
    });
    Group {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        cases: cases.collect(),
        base: base.clone(),
    }
}

/// Applies the edits of a case: parts that are moved, removed, then set.
fn edited(base: &Value, case: &Value) -> Value {
    let mut document = base.clone();
    let entries = |key: &str| case[key].as_object().into_iter().flatten();
    for (from, to) in entries("move") {
        let value = remove(&mut document, from);
        set(&mut document, to.as_str().unwrap(), value);
    }
    for pointer in case["remove"].as_array().into_iter().flatten() {
        remove(&mut document, pointer.as_str().unwrap());
    }
    for (pointer, value) in entries("set") {
        set(&mut document, pointer, value.clone());
    }
    assert!(document != *base, "{} changes nothing", case["name"]);
    document
}

fn split(pointer: &str) -> (&str, String) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    (parent, last.replace("~1", "/").replace("~0", "~"))
}

fn remove(document: &mut Value, pointer: &str) -> Value {
    let (parent, last) = split(pointer);
    let parent = document.pointer_mut(parent).ok_or(pointer).unwrap();
    parent.as_object_mut().unwrap().remove(&last).ok_or(pointer).unwrap()
}

fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, last) = split(pointer);
    let parent = document.pointer_mut(parent).ok_or(pointer).unwrap();
    match parent {
        Value::Array(items) if last.parse() == Ok(items.len()) => items.push(value),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        parent => drop(parent.as_object_mut().unwrap().insert(last, value)),
    }
}

/// Returns the input of a document that is generated as a crate.
pub(super) fn input(document: &Value) -> Input {
    let source = Source::new("spec.json", serde_json::to_string_pretty(document).unwrap());
    let package = Package { name: "pets".to_owned(), ..Package::default() };
    let layout = Layout { package: Some(package), ..Layout::default() };
    let mut config = Config { layout, ..Config::default() };
    config.client.blocking = true;
    Input::new(source, config)
}

/// Compares two documents.
pub(super) fn compare(old: &Value, new: &Value) -> Difference {
    diff(&input(old), &input(new)).unwrap()
}
