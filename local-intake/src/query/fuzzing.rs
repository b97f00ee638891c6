//! The check of the fuzz target.

use super::Query;
use super::naive::{evaluate, matches};
use super::parse::MAX_DEPTH;
use crate::event::facts::Vocabulary;
use crate::event::testing::Event;

/// The reference implementation takes exponential time for many wildcards.
const MAX_WILDCARDS: usize = 3;
/// Longer names are not searched.
const MAX_EVENT: usize = 250;

/// Parses a query, prints it, and evaluates it for an event with these attributes, a JSON object.
/// Panics where the result is not that of the reference implementation.
pub fn check_query(source: &str, attributes: &str) {
    let query: Query = match source.parse() {
        Ok(query) => query,
        Err(error) => {
            let end = source.chars().count() + 1;
            return assert!((1..=end).contains(&error.position), "{error}");
        }
    };
    let printed = query.to_string();
    match printed.parse::<Query>() {
        Ok(again) => assert_eq!(query, again, "{printed}"),
        // It has more brackets, and names that are repeated.
        Err(error) => {
            let at_limit = source.len() > MAX_DEPTH
                && ["nested", "longer", "more than"]
                    .iter()
                    .any(|limit| error.message.contains(limit));
            assert!(at_limit, "{printed}: {error}");
        }
    }
    let Ok(serde_json::Value::Object(attributes)) = serde_json::from_str(attributes) else {
        return;
    };
    if source.matches('*').count() > MAX_WILDCARDS || printed.len() + attributes.len() > 10_000 {
        return;
    }
    if serde_json::Value::Object(attributes.clone()).to_string().len() > MAX_EVENT {
        return;
    }
    let tags = ["team:a b", "x:1", "x:a1"].map(str::to_owned).into();
    let event = Event { attributes, tags, level: "job" };
    let mut vocabulary = Vocabulary::default();
    let facts = event.facts(&mut vocabulary);
    let mut compiled = query.compile(&vocabulary);
    let expected = matches(&query, &event);
    // Twice, because results for strings are remembered.
    for _ in 0..2 {
        assert_eq!(evaluate(&mut compiled, &facts, &vocabulary), expected, "{query} of {event:?}");
    }
}
