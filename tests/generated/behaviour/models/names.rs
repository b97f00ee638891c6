//! Names of variants and values.

use generated_fixtures::names_variants::models::{
    CatMood, Choice, ChoiceObject, ChoiceString, Input, Level, ListCat, Titled,
};

use generated_fixtures::inline_names::models::{DoInlineBodyEither, DoInlineBodyEitherChoice};

use crate::support::json::unchanged;

#[test]
fn variants_and_values_are_named_as_a_person_would() {
    assert_eq!(unchanged::<Input>("[1]"), Input::Integers(vec![1]));
    assert_eq!(unchanged::<Input>("[[1]]"), Input::IntegerLists(vec![vec![1]]));
    assert_eq!(unchanged::<Input>(r#"["a"]"#), Input::Strings(vec!["a".to_owned()]));
    assert!(matches!(unchanged(r#"[{"mood":"happy"}]"#), Input::Cats(_)));
    assert_eq!(unchanged::<Titled>("[1]"), Titled::Tokens(vec![1]));
    assert_eq!(unchanged::<Titled>(r#""a""#), Titled::AWord("a".to_owned()));
    assert_eq!(unchanged::<Choice>(r#""auto""#), Choice::String(ChoiceString::Auto));
    let object = ChoiceObject::builder().name("a").build().unwrap();
    assert_eq!(unchanged::<Choice>(r#"{"name":"a"}"#), Choice::Object(object));
    assert_eq!(unchanged::<Level>("2"), Level::High);
    assert_eq!(unchanged::<Level>("3"), Level::N3);
    let cats: ListCat = unchanged(r#"[{"mood":" "},{"mood":""}]"#);
    let moods: Vec<_> = cats.into_iter().filter_map(|cat| cat.mood).collect();
    assert_eq!(moods, [CatMood::Blank, CatMood::Empty]);
}

/// What only a variant has is its name, not its number.
#[test]
fn inline_variants_are_named_after_what_only_they_have() {
    use DoInlineBodyEither::{Choice, Item};

    let choice = |json: &str| match unchanged(json) {
        Choice(choice) => choice,
        other => panic!("{other:?}"),
    };
    assert!(matches!(choice(r#"{"x":1}"#), DoInlineBodyEitherChoice::X(_)));
    assert!(matches!(choice(r#"{"y":1}"#), DoInlineBodyEitherChoice::Y(_)));
    assert!(matches!(unchanged(r#"{"item":"a","z":1}"#), Item(_)));
}
