//! A reference implementation of queries, as simple as possible, to test the evaluator against.

use serde_json::{Value, json};

use super::Compiled;
use super::ast::{Field, Query, Test};
use super::pattern::Piece;
use super::value::{Bound, number};
use crate::event::facts::{Facts, Vocabulary};
use crate::event::testing::Event;

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

/// Evaluates a query as the store does.
pub(super) fn evaluate(compiled: &mut Compiled, facts: &Facts, vocabulary: &Vocabulary) -> bool {
    loop {
        match compiled.matches(facts, vocabulary) {
            Ok(is_match) => return is_match,
            Err(unmatched) => {
                let string = vocabulary.strings.shared(unmatched.symbol);
                // Never stopped.
                let _ = compiled.learn(unmatched, &string, &mut || Ok(()));
            }
        }
    }
}
