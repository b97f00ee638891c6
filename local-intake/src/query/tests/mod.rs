mod evaluation;

use proptest::prelude::*;

use super::ast::{Field, Query, Test};
use super::pattern::Pattern;
use super::value::{Bound, Comparison};
use crate::event::testing::cases;

fn parse(source: &str) -> Query {
    source.parse().unwrap_or_else(|error| panic!("{source}: {error}"))
}

/// Asserts that both queries are equal.
fn same(source: &str, other: &str) {
    assert_eq!(parse(source), parse(other), "{source} and {other}");
}

fn error(source: &str) -> String {
    match source.parse::<Query>() {
        Err(error) => error.to_string(),
        Ok(query) => panic!("{source} is parsed as {query:?}"),
    }
}

#[test]
fn juxtaposition_is_and_which_binds_tighter_than_or() {
    same("a b OR c d", "(a AND b) OR (c AND d)");
    same("a AND b c", "(a b c)");
    same("a OR (b)", "a OR b");
    same("a and b", "\"a\" \"and\" \"b\"");
    same("  a   b ", "a b");
    same("ORDER ANDROID NOTE", "\"ORDER\" \"ANDROID\" \"NOTE\"");
}

#[test]
fn a_negation_covers_the_next_clause_only() {
    same("-a b", "(-a) (b)");
    same("NOT a OR b", "(-a) OR b");
    same("-(a b)", "NOT (a AND b)");
    same("a AND NOT @x:1", "a -@x:1");
    same("NOT(a)", "-a");
}

#[test]
fn brackets_after_a_name_contain_several_values() {
    same("@x:(a OR b)", "@x:a OR @x:b");
    same("@x:(a OR \"b c\" d*)", "@x:a OR (@x:\"b c\" @x:d*)");
    same("team:(-a)", "-team:a");
    same("@x:(-5 OR >7)", "@x:\"-5\" OR @x:>7");
}

#[test]
fn all_events_and_existence_tests() {
    for source in ["", " ", "*", "*:*", "(*)"] {
        assert_eq!(parse(source), Query::All, "{source:?}");
    }
    same("_exists_:@ci.status", "@ci.status:*");
    same("_missing_:team", "-team:*");
    assert_eq!(
        parse("-@x:*"),
        Query::Not(Box::new(Query::Field(Field::Attribute("x".into()), Test::Exists)))
    );
}

#[test]
fn escaped_operators_are_literal_characters() {
    let is = |value: &str| Query::Field(Field::Tag("k".into()), Test::Is(Pattern::literal(value)));
    assert_eq!(parse("k:a\\ b\\:c\\*\\?\\\"\\\\"), is("a b:c*?\"\\"));
    assert_eq!(
        parse("k:https://a.b/c?d").to_string(),
        "k:https\\:\\/\\/".replace("\\/", "/") + "a.b/c?d"
    );
    assert_eq!(parse("k:\"a*b\""), is("a*b"));
    assert_eq!(parse("\\-a"), Query::Phrase(Pattern::literal("-a")));
    assert_eq!(
        parse("\\_exists_:a"),
        Query::Field(Field::Tag("_exists_".into()), Test::Is(Pattern::literal("a")))
    );
}

#[test]
fn comparisons_and_ranges() {
    let test = |test| Query::Field(Field::Attribute("duration".into()), test);
    assert_eq!(parse("@duration:>=7days"), test(Test::Compare(Comparison::AtLeast, 604_800e9)));
    assert_eq!(parse("@duration:<-2.5"), test(Test::Compare(Comparison::Below, -2.5)));
    let range = |low, high| test(Test::Range { low, high });
    let number = |number, is_inclusive| Some((Bound::Number(number), is_inclusive));
    assert_eq!(parse("@duration:[1 TO 2ms]"), range(number(1.0, true), number(2e6, true)));
    assert_eq!(parse("@duration:{1 TO 2]"), range(number(1.0, false), number(2.0, true)));
    assert_eq!(parse("@duration:[* TO 5}"), range(None, number(5.0, false)));
    assert_eq!(
        parse("@duration:[a TO \"5\"]"),
        range(Some((Bound::String("a".into()), true)), Some((Bound::String("5".into()), true)))
    );
}

#[test]
fn errors_have_a_position_and_a_reason() {
    for (source, expected) in [
        ("a OR", "at character 5: expected a clause after `OR`"),
        ("é (a", "at character 3: unclosed bracket"),
        ("a)", "at character 2: unexpected `)`"),
        (
            "OR a",
            "at character 1: expected a clause before `OR`; to search for the word, put it in quotes",
        ),
        (
            "a AND OR b",
            "at character 7: expected a clause before `OR`; to search for the word, put it in quotes",
        ),
        ("-", "at character 2: expected a clause after a negation"),
        ("\"a", "at character 1: unclosed quote"),
        ("k:", "at character 3: expected a value"),
        ("k: v", "at character 3: expected a value"),
        (":v", "at character 1: expected a name before the colon"),
        ("k*:v", "at character 1: wildcards are only supported in values, not in names"),
        ("@x:>abc", "at character 5: expected a number after `>`, such as `5` or `2min`"),
        ("@x:[1 2]", "at character 7: expected `TO`; the syntax of a range is `[low TO high]`"),
        ("@x:[1 TO 2", "at character 4: unclosed range"),
        ("@x:[1* TO 2]", "at character 5: the only wildcard supported in a bound is `*` alone"),
        ("a [b", "at character 3: unexpected `[`; to search for it, write `\\[`"),
        ("a\\", "at character 3: expected a character after `\\`; write `\\\\` for a backslash"),
        ("_exists_:", "at character 10: expected the name of an attribute or tag"),
        ("_missing_:@", "at character 11: expected the name of an attribute or tag"),
    ] {
        assert_eq!(error(source), expected, "{source}");
    }
    assert!(error(&"(".repeat(10_000)).ends_with("the query is nested too deeply"));
    assert_eq!(
        error(&"a ".repeat(1025)),
        "at character 2049: the query has more than 1024 clauses"
    );
    let long = error(&"é".repeat(50_001));
    assert_eq!(long, "at character 50001: the query is longer than 50000 characters");
    assert!(error(&"-".repeat(10_000)).ends_with("the query is nested too deeply"));
}

fn pattern() -> impl Strategy<Value = Test> {
    prop_oneof![
        ".{0,6}".prop_map(|literal| Test::Is(Pattern::literal(&literal))),
        "[a-c ]{1,3}".prop_map(|words| match parse(&format!("{}*?", words.replace(' ', "\\ "))) {
            Query::Phrase(pattern) => Test::Is(pattern),
            other => panic!("{other:?}"),
        }),
    ]
}

fn bound() -> impl Strategy<Value = Option<(Bound, bool)>> {
    let bound = prop_oneof![
        any::<i32>().prop_map(|number| Bound::Number(f64::from(number) / 8.0)),
        ".{0,4}".prop_map(Bound::String),
    ];
    prop::option::of((bound, any::<bool>()))
}

fn query() -> impl Strategy<Value = Query> {
    let comparison = prop::sample::select(vec![
        Comparison::Below,
        Comparison::AtMost,
        Comparison::Above,
        Comparison::AtLeast,
    ]);
    let test = prop_oneof![
        Just(Test::Exists),
        pattern(),
        (comparison, any::<i32>())
            .prop_map(|(comparison, n)| Test::Compare(comparison, f64::from(n) / 8.0)),
        (bound(), bound()).prop_map(|(low, high)| Test::Range { low, high }),
    ];
    let field = prop_oneof![
        "[^@].{0,5}".prop_map(Field::Tag),
        ".{1,5}".prop_map(Field::Attribute),
        Just(Field::Tag("_exists_".to_owned())),
    ];
    let leaf = prop_oneof![
        Just(Query::All),
        pattern().prop_map(|test| match test {
            Test::Is(pattern) => Query::Phrase(pattern),
            other => panic!("{other:?}"),
        }),
        (field, test).prop_map(|(field, test)| Query::Field(field, test)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several.clone().prop_map(Query::And),
            several.prop_map(Query::Or),
            inner.prop_map(|query| Query::Not(Box::new(query))),
        ]
    })
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn printed_queries_parse_into_the_same_query(query in query()) {
        prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
    }

    #[test]
    fn errors_are_positioned_within_the_query(source in "(?s).{0,40}") {
        if let Err(error) = source.parse::<Query>() {
            prop_assert!((1..=source.chars().count() + 1).contains(&error.position));
        }
    }

    #[test]
    fn queries_made_of_operators_round_trip(source in r#"([-():"\\*?\[\]{}<>=@ ]|AND|OR|NOT|TO|a|5){0,12}"#) {
        if let Ok(query) = source.parse::<Query>() {
            prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
        }
    }
}
