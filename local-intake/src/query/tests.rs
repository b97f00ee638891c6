use proptest::prelude::*;

use crate::testing::cases;

use super::{Bound, Comparison, Field, Pattern, Query, Test};

fn read(text: &str) -> Query {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Both texts ask for the same.
fn same(text: &str, other: &str) {
    assert_eq!(read(text), read(other), "{text} and {other}");
}

fn error(text: &str) -> String {
    match text.parse::<Query>() {
        Err(error) => error.to_string(),
        Ok(query) => panic!("{text} is read as {query:?}"),
    }
}

#[test]
fn and_binds_tighter_than_or_and_is_what_stands_between_words() {
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
fn values_in_brackets_are_values_of_one_field() {
    same("@x:(a OR b)", "@x:a OR @x:b");
    same("@x:(a OR \"b c\" d*)", "@x:a OR (@x:\"b c\" @x:d*)");
    same("team:(-a)", "-team:a");
    same("@x:(-5 OR >7)", "@x:\"-5\" OR @x:>7");
}

#[test]
fn everything_and_what_is_there_or_missing() {
    for text in ["", " ", "*", "*:*", "(*)"] {
        assert_eq!(read(text), Query::All, "{text:?}");
    }
    same("_exists_:@ci.status", "@ci.status:*");
    same("_missing_:team", "-team:*");
    assert_eq!(
        read("-@x:*"),
        Query::Not(Box::new(Query::Field(Field::Attribute("x".into()), Test::Exists)))
    );
}

#[test]
fn escapes_make_characters_of_operators() {
    let is = |text: &str| Query::Field(Field::Tag("k".into()), Test::Is(Pattern::literal(text)));
    assert_eq!(read("k:a\\ b\\:c\\*\\?\\\"\\\\"), is("a b:c*?\"\\"));
    assert_eq!(
        read("k:https://a.b/c?d").to_string(),
        "k:https\\:\\/\\/".replace("\\/", "/") + "a.b/c?d"
    );
    assert_eq!(read("k:\"a*b\""), is("a*b"));
    assert_eq!(read("\\-a"), Query::Text(Pattern::literal("-a")));
    assert_eq!(
        read("\\_exists_:a"),
        Query::Field(Field::Tag("_exists_".into()), Test::Is(Pattern::literal("a")))
    );
}

#[test]
fn comparisons_and_ranges() {
    let test = |test| Query::Field(Field::Attribute("duration".into()), test);
    assert_eq!(read("@duration:>=7days"), test(Test::Compare(Comparison::AtLeast, 604_800e9)));
    assert_eq!(read("@duration:<-2.5"), test(Test::Compare(Comparison::Below, -2.5)));
    let range = |low, high| test(Test::Range { low, high });
    let number = |number, within| Some((Bound::Number(number), within));
    assert_eq!(read("@duration:[1 TO 2ms]"), range(number(1.0, true), number(2e6, true)));
    assert_eq!(read("@duration:{1 TO 2]"), range(number(1.0, false), number(2.0, true)));
    assert_eq!(read("@duration:[* TO 5}"), range(None, number(5.0, false)));
    assert_eq!(
        read("@duration:[a TO \"5\"]"),
        range(Some((Bound::Text("a".into()), true)), Some((Bound::Text("5".into()), true)))
    );
}

#[test]
fn errors_name_the_character_and_the_mend() {
    for (text, expected) in [
        ("a OR", "at character 5: something must follow `OR`"),
        ("é (a", "at character 3: this bracket is never closed"),
        ("a)", "at character 2: nothing is open that `)` closes"),
        (
            "OR a",
            "at character 1: something must stand before `OR`; to search for the word, put it in quotation marks",
        ),
        (
            "a AND OR b",
            "at character 7: something must stand before `OR`; to search for the word, put it in quotation marks",
        ),
        ("-", "at character 2: something must follow a negation"),
        ("\"a", "at character 1: this quotation mark is never closed"),
        ("k:", "at character 3: the query ends where a value is missing"),
        ("k: v", "at character 3: a value is missing here"),
        (":v", "at character 1: a name must stand before the colon"),
        ("k*:v", "at character 1: a key has no wildcards; they belong into the value"),
        ("@x:>abc", "at character 5: a number must follow `>`, such as `5` or `2min`"),
        ("@x:[1 2]", "at character 7: a range is written `[low TO high]`: `TO` must follow"),
        ("@x:[1 TO 2", "at character 4: this range is never closed"),
        ("@x:[1* TO 2]", "at character 5: a bound has no wildcards but `*` alone"),
        ("a [b", "at character 3: `[` cannot stand here; to search for it write `\\[`"),
        ("a\\", "at character 3: a character must follow `\\`; for itself write `\\\\`"),
        ("_exists_:", "at character 10: the name of an attribute or tag must follow"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
    assert!(error(&"(".repeat(10_000)).ends_with("the query is nested too deeply"));
    assert_eq!(error(&"a ".repeat(1025)), "at character 2049: the query has more than 1024 parts");
    let long = error(&"é".repeat(50_001));
    assert_eq!(long, "at character 50001: the query is longer than 50000 characters");
    assert!(error(&"-".repeat(10_000)).ends_with("the query is nested too deeply"));
}

fn pattern() -> impl Strategy<Value = Test> {
    prop_oneof![
        ".{0,6}".prop_map(|text| Test::Is(Pattern::literal(&text))),
        "[a-c ]{1,3}".prop_map(|text| match read(&format!("{}*?", text.replace(' ', "\\ "))) {
            Query::Text(pattern) => Test::Is(pattern),
            other => panic!("{other:?}"),
        }),
    ]
}

fn bound() -> impl Strategy<Value = Option<(Bound, bool)>> {
    let bound = prop_oneof![
        any::<i32>().prop_map(|number| Bound::Number(f64::from(number) / 8.0)),
        ".{0,4}".prop_map(Bound::Text),
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
            Test::Is(pattern) => Query::Text(pattern),
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
    fn what_is_printed_is_read_back(query in query()) {
        prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
    }

    #[test]
    fn any_text_is_a_query_or_an_error_within_it(text in "(?s).{0,40}") {
        if let Err(error) = text.parse::<Query>() {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.position));
        }
    }

    #[test]
    fn texts_of_operators_are_queries_or_errors(text in r#"([-():"\\*?\[\]{}<>=@ ]|AND|OR|NOT|TO|a|5){0,12}"#) {
        if let Ok(query) = text.parse::<Query>() {
            prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query));
        }
    }
}
