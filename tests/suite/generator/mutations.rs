//! No input makes the generator panic: descriptions are mutilated, as text and as trees, and
//! whatever comes of it must be files or diagnostics that can be shown.

use proptest::prelude::*;
use serde_json::{Map, Value};
use specwright::{Config, Input, Source};
use xtask::generate;

use super::fixture;

/// Generating from the whole description takes long where nothing is optimised, so that it is
/// mutilated less often than the small ones.
const ROUNDS: u32 = 24;
const ROUNDS_OF_SMALL: u32 = 192;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// One mutilation; the numbers are reduced to what there is.
#[derive(Clone, Debug)]
enum Cut {
    Drop(usize),
    Twice(usize),
    Swap(usize, usize),
    Retype(usize, usize),
    Rename(usize, usize),
    /// Puts a reference to a node in the place of another: circles come of it.
    Refer(usize, usize),
}

fn cuts() -> impl Strategy<Value = Vec<Cut>> {
    let any = any::<usize>;
    let cut = prop_oneof![
        any().prop_map(Cut::Drop),
        any().prop_map(Cut::Twice),
        (any(), any()).prop_map(|(a, b)| Cut::Swap(a, b)),
        (any(), any()).prop_map(|(a, b)| Cut::Retype(a, b)),
        (any(), any()).prop_map(|(a, b)| Cut::Rename(a, b)),
        (any(), any()).prop_map(|(a, b)| Cut::Refer(a, b)),
    ];
    prop::collection::vec(cut, 1..8)
}

/// What a node or the rest of a line is replaced by.
const JUNK: [&str; 12] = [
    "null",
    "true",
    "-1",
    "1e400",
    "''",
    "'\u{0}\u{e9}\u{1f600}'",
    "[]",
    "{}",
    "[[{}]]",
    "{$ref: '#/paths'}",
    "{$ref: '#'}",
    "99999999999999999999",
];

/// Keys that mean something to the generator.
const KEYS: [&str; 14] = [
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "items",
    "properties",
    "additionalProperties",
    "enum",
    "discriminator",
    "required",
    "type",
    "x-pagination",
    "",
];

fn mutilate_text(text: &str, cuts: &[Cut]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for cut in cuts {
        let count = lines.len().max(1);
        match cut {
            _ if lines.is_empty() => {}
            Cut::Drop(at) => drop(lines.remove(at % count)),
            Cut::Twice(at) => {
                let line = lines[at % count].clone();
                lines.insert(at % count, line);
            }
            Cut::Swap(a, b) => lines.swap(a % count, b % count),
            Cut::Retype(at, junk) => {
                let line = &mut lines[at % count];
                let end = line.find(':').map_or(0, |colon| colon + 1);
                line.truncate(end);
                line.push(' ');
                line.push_str(JUNK[junk % JUNK.len()]);
            }
            // A line has no pointer: one is put into another, which breaks it in its own way.
            Cut::Refer(at, other) => {
                let (from, at) = (lines[other % count].trim().to_owned(), at % count);
                let middle = lines[at].char_indices().nth(lines[at].chars().count() / 2);
                let middle = middle.map_or(0, |(byte, _)| byte);
                lines[at].insert_str(middle, &from);
            }
            Cut::Rename(at, key) => {
                let line = &mut lines[at % count];
                let indent = line.len() - line.trim_start().len();
                let rest = line.find(':').map_or(String::new(), |colon| line[colon..].to_owned());
                *line = format!("{}{}{rest}", " ".repeat(indent), KEYS[key % KEYS.len()]);
            }
        }
    }
    lines.join("\n")
}

fn count(node: &Value) -> usize {
    1 + match node {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(entries) => entries.values().map(count).sum(),
        _ => 0,
    }
}

/// The node with a number, counted from the root.
fn node_at(node: &mut Value, mut at: usize) -> Option<&mut Value> {
    if at == 0 {
        return Some(node);
    }
    at -= 1;
    let children: Vec<&mut Value> = match node {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(entries) => entries.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let size = count(child);
        if at < size {
            return node_at(child, at);
        }
        at -= size;
    }
    None
}

/// Where references may lead: the pointers of all nodes.
fn pointers(root: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = all.get(at).cloned() {
        let child = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        match root.pointer(&pointer) {
            Some(Value::Object(entries)) => all.extend(entries.keys().map(|key| child(key))),
            Some(Value::Array(items)) => {
                all.extend((0..items.len()).map(|i| child(&i.to_string())))
            }
            _ => {}
        }
        at += 1;
    }
    all
}

fn mutilate_tree(root: &mut Value, cuts: &[Cut]) {
    for cut in cuts {
        let total = count(root);
        let (Cut::Drop(at)
        | Cut::Twice(at)
        | Cut::Swap(at, _)
        | Cut::Retype(at, _)
        | Cut::Rename(at, _)
        | Cut::Refer(at, _)) = cut;
        let copy = match cut {
            Cut::Swap(_, other) => node_at(root, other % total).cloned(),
            Cut::Refer(_, other) => {
                let all = pointers(root);
                Some(serde_json::json!({ "$ref": format!("#{}", all[other % all.len()]) }))
            }
            _ => None,
        };
        let Some(node) = node_at(root, at % total) else { continue };
        match cut {
            Cut::Drop(_) => match node {
                Value::Object(entries) => {
                    *entries = std::mem::take(entries).into_iter().skip(1).collect()
                }
                Value::Array(items) => drop(items.pop()),
                other => *other = Value::Null,
            },
            Cut::Twice(_) => {
                let copy = node.clone();
                match node {
                    Value::Object(entries) => drop(entries.insert("copy".to_owned(), copy)),
                    Value::Array(items) => items.extend(items.first().cloned()),
                    other => *other = Value::Array(vec![copy]),
                }
            }
            Cut::Swap(..) | Cut::Refer(..) => *node = copy.unwrap_or_default(),
            Cut::Retype(_, junk) => {
                *node = serde_yaml::from_str(JUNK[junk % JUNK.len()]).unwrap_or_default()
            }
            Cut::Rename(_, key) => {
                if let Value::Object(entries) = node {
                    let mut renamed = Map::new();
                    for (i, (name, value)) in std::mem::take(entries).into_iter().enumerate() {
                        let name = if i == 0 { KEYS[key % KEYS.len()].to_owned() } else { name };
                        renamed.insert(name, value);
                    }
                    *entries = renamed;
                }
            }
        }
    }
}

/// Generates, and shows what there is to show.
fn survives(spec: String, config: &Config) {
    let input = Input::new(Source::new("mutilated.yaml", spec), config.clone());
    let shown = match specwright::generate(&input) {
        Ok(output) => output.warnings.render(false),
        Err(found) => found.render(false),
    };
    assert!(!shown.contains("error[internal]"), "{shown}\n{}", input.spec.text);
}

fn small() -> Vec<Input> {
    let descriptions = fixture::descriptions(&fixture::folder("generate")).unwrap_or_default();
    descriptions.iter().filter_map(|path| fixture::input(path).ok()).collect()
}

#[test]
fn there_are_small_descriptions_to_mutilate() {
    assert!(small().len() > 20);
}

proptest! {
    #![proptest_config(config(ROUNDS))]

    #[test]
    fn the_whole_description_mutilated_as_text(cuts in cuts()) {
        let input = generate::own_input().unwrap();
        survives(mutilate_text(&input.spec.text, &cuts), &input.config);
    }

    #[test]
    fn the_whole_description_mutilated_as_a_tree(cuts in cuts()) {
        let input = generate::own_input().unwrap();
        let mut root: Value = serde_yaml::from_str(&input.spec.text).unwrap();
        mutilate_tree(&mut root, &cuts);
        // JSON is YAML. Without the names of the configuration, which many cuts would miss.
        survives(root.to_string(), &Config::default());
    }
}

proptest! {
    #![proptest_config(config(ROUNDS_OF_SMALL))]

    #[test]
    fn small_descriptions_mutilated_as_text(which in any::<prop::sample::Index>(), cuts in cuts()) {
        let all = small();
        let input = which.get(&all);
        survives(mutilate_text(&input.spec.text, &cuts), &input.config);
    }

    #[test]
    fn small_descriptions_mutilated_as_trees(which in any::<prop::sample::Index>(), cuts in cuts()) {
        let all = small();
        let input = which.get(&all);
        let mut root: Value = serde_yaml::from_str(&input.spec.text).unwrap();
        mutilate_tree(&mut root, &cuts);
        survives(root.to_string(), &input.config);
    }

    #[test]
    fn configurations_mutilated_as_text(which in any::<prop::sample::Index>(), cuts in cuts()) {
        let all: Vec<Input> = small().into_iter().filter(|input| !input.config.source.text.is_empty()).collect();
        let input = which.get(&all);
        let text = mutilate_text(&input.config.source.text, &cuts);
        match Config::parse(Source::new("mutilated.toml", text)) {
            Ok(config) => survives(input.spec.text.clone(), &config),
            Err(found) => prop_assert!(found.render(false).contains("error[bad-config]")),
        }
    }

    #[test]
    fn any_bytes(text in "(?s).{0,200}") {
        survives(text, &Config::default());
    }
}
