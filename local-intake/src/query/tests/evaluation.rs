//! The evaluator and the reference implementation find the same events.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::Stopped;
use crate::event::facts::{Facts, Vocabulary};
use crate::event::testing::{Event, cases};
use crate::query::Query;
use crate::query::naive::{evaluate, matches};

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
