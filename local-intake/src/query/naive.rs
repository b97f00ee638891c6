//! What queries ask for, said as plainly as possible, beside the evaluator that is used.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::value::number;
use super::{Bound, Field, Piece, Query, Test};
use crate::facts::{Facts, Vocabulary};
use crate::testing::{Event, cases};

pub(crate) fn asks_for(query: &Query, event: &Event) -> bool {
    match query {
        Query::All => true,
        Query::And(parts) => parts.iter().all(|part| asks_for(part, event)),
        Query::Or(parts) => parts.iter().any(|part| asks_for(part, event)),
        Query::Not(part) => !asks_for(part, event),
        Query::Text(pattern) => {
            let mut all = tag_values(event, None);
            leaves(&Value::Object(event.attributes.clone()), &mut all);
            all.iter().filter_map(Value::as_str).any(|text| has_words(text, pattern.pieces()))
        }
        Query::Field(Field::Tag(name), test) => {
            tag_values(event, Some(name)).iter().any(|value| passes(value, test))
        }
        Query::Field(Field::Attribute(path), test) => {
            let (mut found, root) = (Vec::new(), Value::Object(event.attributes.clone()));
            under(&root, path, *test == Test::Exists, &mut found);
            found.iter().any(|value| passes(value, test))
        }
    }
}

fn tag_values(event: &Event, name: Option<&str>) -> Vec<Value> {
    let level = format!("ci_level:{}", event.level);
    let pairs = event.tags.iter().chain([&level]).filter_map(|tag| tag.split_once(':'));
    pairs.filter(|(key, _)| name.is_none_or(|name| name == *key)).map(|(_, v)| json!(v)).collect()
}

/// The values at a path; with `below`, also those of paths that go on from there.
fn under(value: &Value, path: &str, below: bool, found: &mut Vec<Value>) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                if name == path {
                    if below { leaves(value, found) } else { elements(value, found) }
                } else if let Some(rest) = path.strip_prefix(&format!("{name}.")) {
                    under(value, rest, below, found);
                } else if below && name.starts_with(&format!("{path}.")) {
                    leaves(value, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, path, below, found)),
        _ => {}
    }
}

/// A value, or those of an array; objects have paths of their own.
fn elements(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Null | Value::Object(_) => {}
        Value::Array(items) => items.iter().for_each(|item| elements(item, found)),
        leaf => found.push(leaf.clone()),
    }
}

fn leaves(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(entries) => entries.values().for_each(|value| leaves(value, found)),
        leaf => found.push(leaf.clone()),
    }
}

fn passes(value: &Value, test: &Test) -> bool {
    let spelled = match value {
        Value::String(text) => text.clone(),
        Value::Number(n) => n.as_f64().unwrap_or_default().to_string(),
        other => other.to_string(),
    };
    match test {
        Test::Exists => true,
        Test::Is(pattern) => match (value, pattern.as_literal()) {
            (Value::Number(n), Some(text)) => n.as_f64() == number(text),
            _ => fits(pattern.pieces(), &spelled.chars().collect::<Vec<_>>()),
        },
        Test::Compare(comparison, bound) => value
            .as_f64()
            .and_then(|value| value.partial_cmp(bound))
            .is_some_and(|order| comparison.holds(order)),
        Test::Range { low, high } => {
            lies(value, low, |order| order.is_gt()) && lies(value, high, |order| order.is_lt())
        }
    }
}

fn lies(
    value: &Value,
    bound: &Option<(Bound, bool)>,
    beyond: impl Fn(std::cmp::Ordering) -> bool,
) -> bool {
    let Some((bound, within)) = bound else { return true };
    let order = match (value, bound) {
        (Value::String(text), Bound::Text(bound)) => Some(text.as_str().cmp(bound)),
        (Value::Number(n), Bound::Number(bound)) => n.as_f64().and_then(|n| n.partial_cmp(bound)),
        _ => None,
    };
    order.is_some_and(|order| beyond(order) || *within && order.is_eq())
}

/// The plainest way to say what a pattern matches.
pub(super) fn fits(pieces: &[Piece], text: &[char]) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Any, rest @ ..] => (0..=text.len()).any(|i| fits(rest, &text[i..])),
        [Piece::One, rest @ ..] => !text.is_empty() && fits(rest, &text[1..]),
        [Piece::Literal(literal), rest @ ..] => {
            let literal: Vec<char> = literal.chars().collect();
            text.starts_with(&literal) && fits(rest, &text[literal.len()..])
        }
    }
}

fn has_words(text: &str, pieces: &[Piece]) -> bool {
    let split = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let words = split(text);
    match pieces {
        [] => true,
        [Piece::Literal(phrase)] => {
            let phrase = split(phrase);
            (0..=words.len()).any(|i| words[i..].starts_with(&phrase))
        }
        pieces => {
            let lower: Vec<Piece> = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => Piece::Literal(text.to_lowercase()),
                    other => other.clone(),
                })
                .collect();
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            fits(&lower, &chars(&text.to_lowercase()))
                || words.iter().any(|word| fits(&lower, &chars(word)))
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2..3_i32).prop_map(Value::from),
        Just(json!(0.5)),
        "[aAb1]{1,2}( [aB])?".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[xy](\\.[xy])?", inner, 0..3)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn event() -> impl Strategy<Value = Event> {
    (
        prop::collection::btree_map("[xy](\\.[xy])?", value(), 0..4),
        prop::collection::vec("[xy](:[ab1]{1,2})?", 0..3),
        prop::sample::select(vec!["job", "step"]),
    )
        .prop_map(|(attributes, tags, level)| Event {
            attributes: attributes.into_iter().collect(),
            tags,
            level,
        })
}

/// Queries that have a chance to find something.
fn query() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[aAb1*?]{1,2}".boxed(),
        "\"[aAb1]{1,2}( [aB])?\"".boxed(),
        "[<>]=?-?[012]".boxed(),
        "[\\[{](\\*|-1|0|a|1) TO (\\*|1|2|b)[\\]}]".boxed(),
        prop::sample::select(vec!["true", "0.5", "-1", "*"]).prop_map(str::to_owned).boxed(),
    ];
    let leaf = prop_oneof![
        "[aAb1*?]{1,2}",
        "\"[aAb] [aB]\"",
        ("@?[xy](\\.[xy]){0,2}", value).prop_map(|(field, value)| format!("{field}:{value}")),
        prop::sample::select(vec!["ci_level:job", "-ci_level:j*", "_missing_:@x", "_exists_:y"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("-({a})")),
        ]
    })
}

#[test]
fn the_elements_of_arrays_within_arrays_are_elements() {
    let attributes = json!({"x": [[-2], {"x": 3}]});
    let mut vocabulary = Vocabulary::default();
    let facts = Facts::of_parts(attributes.as_object().unwrap(), [], &mut vocabulary);
    for (query, expected) in [("@x:<0", true), ("@x:3", false), ("@x.x:3", true), ("@x.y:*", false)]
    {
        let query: Query = query.parse().unwrap();
        assert_eq!(query.compile(&vocabulary).matches(&facts), expected, "{query}");
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn the_evaluator_finds_what_the_query_asks_for(
        events in prop::collection::vec(event(), 1..4),
        query in query(),
    ) {
        let query: Query = query.parse().map_err(|error| {
            TestCaseError::fail(format!("{query}: {error}"))
        })?;
        let mut vocabulary = Vocabulary::default();
        let facts: Vec<Facts> = events.iter().map(|event| event.facts(&mut vocabulary)).collect();
        let compiled = query.compile(&vocabulary);
        for (event, facts) in events.iter().zip(&facts) {
            prop_assert_eq!(compiled.matches(facts), asks_for(&query, event), "{} of {:?}", query, event);
        }
    }
}
