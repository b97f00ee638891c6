//! A reference implementation of queries, as simple as possible, to test the evaluator against.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Compiled;
use super::ast::{Field, Query, Test};
use super::pattern::Piece;
use super::value::{Bound, number};
use crate::common::Stopped;
use crate::event::facts::{Facts, Vocabulary};
use crate::event::testing::{Event, cases};

pub(crate) fn matches(query: &Query, event: &Event) -> bool {
    match query {
        Query::All => true,
        Query::And(parts) => parts.iter().all(|part| matches(part, event)),
        Query::Or(parts) => parts.iter().any(|part| matches(part, event)),
        Query::Not(part) => !matches(part, event),
        Query::Phrase(pattern) => {
            let mut all = tag_values(event, None);
            leaves(&Value::Object(event.attributes.clone()), &mut all);
            all.iter().filter_map(Value::as_str).any(|string| has_words(string, pattern.pieces()))
        }
        Query::Field(Field::Tag(name), test) => {
            tag_values(event, Some(name)).iter().any(|value| passes(value, test))
        }
        Query::Field(Field::Attribute(path), test) => {
            let (mut values, root) = (Vec::new(), Value::Object(event.attributes.clone()));
            collect(&root, path, *test == Test::Exists, &mut values);
            values.iter().any(|value| passes(value, test))
        }
    }
}

fn tag_values(event: &Event, name: Option<&str>) -> Vec<Value> {
    let level = format!("ci_level:{}", event.level);
    let pairs = event.tags.iter().chain([&level]).filter_map(|tag| tag.split_once(':'));
    pairs.filter(|(key, _)| name.is_none_or(|name| name == *key)).map(|(_, v)| json!(v)).collect()
}

/// Collects the values at a path. With `nested`, also those of paths that start with it.
fn collect(value: &Value, path: &str, nested: bool, values: &mut Vec<Value>) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                if name == path {
                    if nested { leaves(value, values) } else { elements(value, values) }
                } else if let Some(rest) = path.strip_prefix(&format!("{name}.")) {
                    collect(value, rest, nested, values);
                } else if nested && name.starts_with(&format!("{path}.")) {
                    leaves(value, values);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, nested, values)),
        _ => {}
    }
}

/// Collects a value or the elements of an array. Objects have their own paths.
fn elements(value: &Value, values: &mut Vec<Value>) {
    match value {
        Value::Null | Value::Object(_) => {}
        Value::Array(items) => items.iter().for_each(|item| elements(item, values)),
        leaf => values.push(leaf.clone()),
    }
}

fn leaves(value: &Value, values: &mut Vec<Value>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| leaves(item, values)),
        Value::Object(entries) => entries.values().for_each(|value| leaves(value, values)),
        leaf => values.push(leaf.clone()),
    }
}

fn passes(value: &Value, test: &Test) -> bool {
    let printed = match value {
        Value::String(string) => string.clone(),
        Value::Number(n) => n.as_f64().unwrap_or_default().to_string(),
        other => other.to_string(),
    };
    match test {
        Test::Exists => true,
        Test::Is(pattern) => match (value, pattern.as_literal()) {
            (Value::Number(n), Some(string)) => n.as_f64() == number(string),
            _ => matches_pieces(pattern.pieces(), &printed.chars().collect::<Vec<_>>()),
        },
        Test::Compare(comparison, bound) => value
            .as_f64()
            .and_then(|value| value.partial_cmp(bound))
            .is_some_and(|order| comparison.holds(order)),
        Test::Range { low, high } => {
            is_within(value, low, |order| order.is_gt())
                && is_within(value, high, |order| order.is_lt())
        }
    }
}

fn is_within(
    value: &Value,
    bound: &Option<(Bound, bool)>,
    inside: impl Fn(std::cmp::Ordering) -> bool,
) -> bool {
    let Some((bound, is_inclusive)) = bound else { return true };
    let order = match (value, bound) {
        (Value::String(string), Bound::String(bound)) => Some(string.as_str().cmp(bound)),
        (Value::Number(n), Bound::Number(bound)) => n.as_f64().and_then(|n| n.partial_cmp(bound)),
        _ => None,
    };
    order.is_some_and(|order| inside(order) || *is_inclusive && order.is_eq())
}

/// Returns whether a string matches the pieces of a pattern.
pub(super) fn matches_pieces(pieces: &[Piece], string: &[char]) -> bool {
    match pieces {
        [] => string.is_empty(),
        [Piece::Any, rest @ ..] => (0..=string.len()).any(|i| matches_pieces(rest, &string[i..])),
        [Piece::One, rest @ ..] => !string.is_empty() && matches_pieces(rest, &string[1..]),
        [Piece::Literal(literal), rest @ ..] => {
            let literal: Vec<char> = literal.chars().collect();
            string.starts_with(&literal) && matches_pieces(rest, &string[literal.len()..])
        }
    }
}

fn has_words(string: &str, pieces: &[Piece]) -> bool {
    let split = |string: &str| -> Vec<String> {
        let words = string.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let words = split(string);
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
                    Piece::Literal(string) => Piece::Literal(string.to_lowercase()),
                    other => other.clone(),
                })
                .collect();
            let chars = |string: &str| string.chars().collect::<Vec<_>>();
            matches_pieces(&lower, &chars(&string.to_lowercase()))
                || words.iter().any(|word| matches_pieces(&lower, &chars(word)))
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

/// Queries that are likely to match.
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

/// Evaluates a query as the store does.
fn evaluate(compiled: &mut Compiled, facts: &Facts, vocabulary: &Vocabulary) -> bool {
    loop {
        match compiled.matches(facts, vocabulary) {
            Ok(is_match) => return is_match,
            Err(unmatched) => {
                let string = vocabulary.strings.shared(unmatched.symbol);
                compiled.learn(unmatched, &string, &mut || Ok(())).unwrap();
            }
        }
    }
}

#[test]
fn elements_of_nested_arrays_are_searched() {
    let attributes = json!({"x": [[-2], {"x": 3}]});
    let mut vocabulary = Vocabulary::default();
    let facts = Facts::from_json(attributes.as_object().unwrap(), [], &mut vocabulary);
    for (query, expected) in [("@x:<0", true), ("@x:3", false), ("@x.x:3", true), ("@x.y:*", false)]
    {
        let query: Query = query.parse().unwrap();
        assert_eq!(
            evaluate(&mut query.compile(&vocabulary), &facts, &vocabulary),
            expected,
            "{query}"
        );
    }
}

/// Queries of many words and wildcards, of which few match, next to ordinary ones.
fn wide_query() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[a-z]{3,6}",
        1 => "[aAb1]{1,2}",
        1 => "\"[aAb1]{1,2} [aAb1]( [aB])?\"",
    ];
    let wildcard = prop_oneof![
        8 => "\\*?[a-z]{2,5}\\*[a-z?]{0,2}",
        1 => "[aAb1]\\*",
        1 => "\\*[aAb1?]",
        1 => "\\?{1,3}",
        1 => "[-<>]?[012]",
        1 => "[\\[{](\\*|-1|0|a|1) TO (\\*|1|2|b)[\\]}]",
    ];
    let wildcard = wildcard.prop_filter("not a number after a minus", |it| !it.ends_with('-'));
    let words = prop::collection::vec(word.clone(), 1..400);
    let values = prop::collection::vec(prop_oneof![word.clone(), wildcard.clone()], 1..300);
    let fields = prop::collection::vec("@?[xy](\\.[xyz])?:(\\*|[aAb1]|zz)", 1..40);
    let free = prop::collection::vec(
        prop_oneof![word, "[aAb1z]{1,3}\\*", "\\*[abz]{1,2}[?*][a1]?"],
        1..300,
    );
    let operator = prop::sample::select(vec![" OR ", " -", " NOT "]);
    let operator = operator.prop_map(str::to_owned);
    prop_oneof![
        (words, operator.clone()).prop_map(|(words, operator)| words.join(&operator)),
        (free, operator.clone()).prop_map(|(words, operator)| words.join(&operator)),
        (fields, operator).prop_map(|(fields, operator)| fields.join(&operator)),
        ("@?[xy]", values).prop_map(|(field, values)| format!("{field}:({})", values.join(" OR "))),
    ]
}

/// Parses a query, and asserts that it is evaluated as the reference implementation does.
fn assert_agrees(events: &[Event], query: &str) -> Result<(), TestCaseError> {
    let query: Query =
        query.parse().map_err(|error| TestCaseError::fail(format!("{query}: {error}")))?;
    let mut vocabulary = Vocabulary::default();
    let facts: Vec<Facts> = events.iter().map(|event| event.facts(&mut vocabulary)).collect();
    let mut compiled = query.compile(&vocabulary);
    // Twice, because results for strings are remembered.
    for (event, facts) in events.iter().zip(&facts).chain(events.iter().zip(&facts)) {
        let actual = evaluate(&mut compiled, facts, &vocabulary);
        prop_assert_eq!(actual, matches(&query, event), "{} of {:?}", query, event);
    }
    Ok(())
}

#[test]
fn long_strings_are_matched_without_the_store() {
    let (long, query) = ("a ".repeat(100_000) + "needle", "\"a b\" OR nee*e OR x*y OR z?");
    let attributes = json!({ "x": long, "y": "b ".repeat(200_000) });
    let mut vocabulary = Vocabulary::default();
    let facts = Facts::from_json(attributes.as_object().unwrap(), [], &mut vocabulary);
    for (query, expected) in [(query, true), ("\"b a\" OR nee*f OR x*y OR z?", false)] {
        let query: Query = query.parse().unwrap();
        let mut compiled = query.compile(&vocabulary);
        assert!(compiled.matches(&facts, &vocabulary).is_err());
        assert_eq!(evaluate(&mut compiled, &facts, &vocabulary), expected, "{query}");
    }
    // Matching one of them ends, too.
    let query: Query = "a*a*a*a*b*c OR *a*c*d OR x*y".parse().unwrap();
    let mut compiled = query.compile(&vocabulary);
    let unmatched = compiled.matches(&facts, &vocabulary).unwrap_err();
    let string = vocabulary.strings.shared(unmatched.symbol);
    let stopped = compiled.learn(unmatched, &string, &mut || Err(Stopped::Cancelled));
    assert_eq!(stopped, Err(Stopped::Cancelled));
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn many_words_and_wildcards_agree_with_the_reference_implementation(
        events in prop::collection::vec(event(), 1..4),
        query in wide_query(),
    ) {
        assert_agrees(&events, &query)?;
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn the_evaluator_agrees_with_the_reference_implementation(
        events in prop::collection::vec(event(), 1..4),
        query in query(),
    ) {
        assert_agrees(&events, &query)?;
    }
}
