//! Unions that decide by what fits: constants further inside, closed variants, the best match.

use generated_fixtures::{
    union_best_match, union_by_path, union_closed, union_cycles, union_narrowed,
};

use crate::support::json::{decode_error, unchanged};

#[test]
fn a_constant_in_the_elements_of_an_array_decides() {
    use union_by_path::models::Panel;

    let panel = |queries: &str| -> Panel {
        unchanged(&format!(r#"{{"kind":"topology","queries":[{queries}]}}"#))
    };
    assert!(matches!(panel(r#"{"request":{"source":"streams"}}"#), Panel::StreamPanel(_)));
    assert!(matches!(panel(r#"{"request":{"source":"hosts"}}"#), Panel::HostPanel(_)));
    // The first element that has the constant decides.
    assert!(matches!(panel(r#"{},{"request":{"source":"hosts"}}"#), Panel::HostPanel(_)));
    assert!(matches!(panel(""), Panel::StreamPanel(_)));
    assert!(matches!(panel(r#"{"request":{"source":"new"}}"#), Panel::Unknown(_)));
    let panel = r#"{"kind":"topology","queries":[{"request":{"source":"hosts"}},1]}"#;
    assert!(decode_error::<Panel>(panel).contains("`/queries/1`"));
}

#[test]
fn a_constant_in_an_object_decides() {
    use union_by_path::models::Notice;

    assert!(matches!(unchanged(r#"{"event":{"type":"opened"}}"#), Notice::OpenedNotice(_)));
    for kind in ["closed", "expired"] {
        let json = format!(r#"{{"event":{{"type":"{kind}","by":"me"}}}}"#);
        assert!(matches!(unchanged(&json), Notice::ClosedNotice(_)), "{kind}");
    }
    assert!(matches!(unchanged(r#"{"event":{"type":"new"}}"#), Notice::Unknown(_)));
}

#[test]
fn constants_of_numbers_and_booleans_decide() {
    use union_by_path::models::{Buyer, Document};

    assert!(matches!(unchanged(r#"{"version":1,"text":"a"}"#), Document::OldDocument(_)));
    assert!(matches!(unchanged(r#"{"version":1.5}"#), Document::NewDocument(_)));
    assert!(matches!(unchanged(r#"{"version":2}"#), Document::Unknown(_)));
    assert!(matches!(unchanged(r#""b1""#), Buyer::String(_)));
    assert!(matches!(unchanged(r#"{"id":"b1","deleted":true}"#), Buyer::DeletedBuyer(_)));
    for active in [r#"{"id":"b1","mail":null,"deleted":false}"#, r#"{"id":"b1","deleted":"yes"}"#] {
        let Buyer::ActiveBuyer(buyer) = crate::support::json::read(active) else {
            panic!("{active} was not deleted")
        };
        assert!(buyer.additional_properties.get("deleted").is_some(), "{active}");
    }
}

#[test]
fn an_optional_constant_decides_where_it_is_present() {
    use union_by_path::models::{Entry, Format, Step};

    assert!(matches!(unchanged(r#"{"kind":"call","seconds":"soon"}"#), Step::Call(_)));
    assert!(matches!(unchanged(r#"{"kind":"wait","seconds":1}"#), Step::Wait(_)));
    assert!(matches!(unchanged(r#"{"seconds":1}"#), Step::Wait(_)));
    assert!(matches!(unchanged(r#"{"url":"a"}"#), Step::Call(_)));
    assert!(matches!(unchanged(r#"{"type":"pcm","rate":8}"#), Format::Pcm(_)));
    assert!(matches!(unchanged(r#"{"type":"pcmu"}"#), Format::Pcmu(_)));
    assert!(matches!(unchanged(r#"{"rate":8}"#), Format::Pcm(_)));
    assert!(matches!(unchanged("{}"), Format::Pcm(_)));
    assert!(matches!(unchanged(r#"{"type":"opus"}"#), Format::Unknown(_)));
    assert!(matches!(unchanged(r#"{"type":"team","name":1}"#), Entry::Team(_)));
    assert!(matches!(unchanged(r#"{"type":"user","name":"a"}"#), Entry::User(_)));
    // Teams always have a type.
    assert!(matches!(unchanged(r#"{"name":"a"}"#), Entry::User(_)));
}

#[test]
fn closed_variants_take_no_other_properties() {
    use union_closed::models::{Fallback, Filter, Name, Nested};

    assert!(matches!(unchanged(r#"{"exact":true}"#), Filter::ByName(_)));
    assert!(matches!(unchanged(r#"{"from":"a","to":"b"}"#), Filter::ByDate(_)));
    assert!(matches!(unchanged("{}"), Filter::ByName(_)));
    for other in [r#"{"name":"a","to":"b"}"#, r#"{"name":"a","new":1}"#, r#"{"new":1}"#] {
        assert!(matches!(unchanged(other), Filter::Unknown(_)), "{other}");
        assert!(matches!(unchanged(other), Name::Unknown(_)), "{other}");
    }
    assert!(decode_error::<Filter>(r#"{"from":1}"#).contains("`/from`"));
    assert!(matches!(unchanged(r#"{"name":"a"}"#), Nested::ByName(_)));
    assert!(matches!(unchanged(r#"{"name":"a","date":"b"}"#), Nested::ByNameAndDate(_)));
    assert!(matches!(unchanged(r#"{"name":"a"}"#), Name::ByName(_)));
    assert!(matches!(unchanged(r#"{"name":"a"}"#), Fallback::ByName(_)));
    for other in [r#"{"name":"a","new":1}"#, r#"{"name":1}"#, "[1]", "3"] {
        assert!(matches!(unchanged(other), Fallback::Json(_)), "{other}");
    }
}

#[test]
fn closed_variants_are_decoded_by_trial() {
    use union_closed::models::{Counts, Lists, Open};

    assert!(matches!(unchanged(r#"{"name":"a"}"#), Counts::ByName(_)));
    assert!(matches!(unchanged(r#"{"a":1}"#), Counts::Map(_)));
    assert!(matches!(unchanged(r#"{"name":1}"#), Counts::Map(_)));
    assert!(matches!(unchanged(r#"{"name":"a","b":"c"}"#), Counts::Unknown(_)));
    assert!(matches!(unchanged(r#"{"name":"a"}"#), Open::Named(_)));
    assert!(matches!(unchanged(r#"{"count":1,"more":2}"#), Open::Counted(_)));
    assert!(matches!(unchanged(r#"[{"name":"a"},{}]"#), Lists::ByNames(_)));
    assert!(matches!(unchanged(r#"[{},{"to":"a"}]"#), Lists::ByDates(_)));
    assert!(matches!(unchanged(r#"["a","b"]"#), Lists::Lists3Items(_)));
    assert!(matches!(unchanged(r#"["d"]"#), Lists::Lists4Items(_)));
    assert!(matches!(unchanged(r#"["d","new"]"#), Lists::Lists4Items(_)));
    assert!(matches!(unchanged(r#"[{"new":1}]"#), Lists::Unknown(_)));
}

#[test]
fn the_variant_with_the_fewest_unknown_values_is_chosen() {
    use union_best_match::models::Rule;

    let rule = |rule: &str| -> Rule { unchanged(&format!(r#"{{"rules":{{"any":{rule}}}}}"#)) };
    assert!(matches!(rule(r#"{"source":"logs"}"#), Rule::LogRules(_)));
    assert!(matches!(rule(r#"{"source":"spans"}"#), Rule::SpanRules(_)));
    assert!(matches!(rule(r#"{"level":3}"#), Rule::SpanRules(_)));
    assert!(matches!(rule(r#"{"on":false}"#), Rule::SpanRules(_)));
    // Unknown values count more than unknown properties.
    assert!(matches!(rule(r#"{"source":"spans","host":"a","a":1}"#), Rule::SpanRules(_)));
    assert!(matches!(rule(r#"{"service":"a"}"#), Rule::SpanRules(_)));
    assert!(matches!(rule(r#"{"host":"a","new":1}"#), Rule::LogRules(_)));
    assert!(matches!(rule(r#"{"source":"new"}"#), Rule::LogRules(_)));
    assert!(decode_error::<Rule>(r#"{"rules":{"any":{"source":1}}}"#).contains("SpanRules: "));
}

#[test]
fn unions_inside_of_variants_and_constraints_count() {
    use union_best_match::models::{Both, Named, Text};

    assert!(matches!(unchanged(r#""12345""#), Text::String(_)));
    assert!(matches!(unchanged(r#""abc""#), Text::String2(_)));
    // A value that violates all constraints is decoded as the first variant.
    assert!(matches!(unchanged(r#""abcdef""#), Text::String(_)));
    let named = |value: &str| -> Named { unchanged(&format!(r#"{{"value":{value}}}"#)) };
    assert!(matches!(named(r#"{"rules":{"a":{"source":"spans"}}}"#), Named::Rule(_)));
    assert!(matches!(named(r#"{"text":"abc"}"#), Named::Text(_)));
    assert!(matches!(unchanged(r#"{"host":"a","more":1}"#), Both::LogRule(_)));
    assert!(matches!(unchanged(r#"{"source":"new"}"#), Both::Object(_)));
}

#[test]
fn variants_that_contradict_a_narrower_schema_are_left_out() {
    use union_narrowed::models::{Ended, Stopped};

    let stopped: Stopped = unchanged(r#"{"type":"stopped","code":3}"#);
    assert_eq!(stopped.code, 3);
    assert!(matches!(unchanged(r#"{"type":"started","at":"a"}"#), Ended::StartedEvent(_)));
    assert!(matches!(unchanged(r#"{"type":"failed","meta":{}}"#), Ended::Unknown(_)));
}

#[test]
fn unions_that_contain_each_other_have_the_same_values() {
    use union_cycles::models::{Group, Term};

    let (word, phrase) = (r#"{"word":"a"}"#, r#"{"phrase":[{"word":"a"},{"phrase":[]}]}"#);
    assert!(matches!(unchanged(word), Term::Word(_)));
    assert!(matches!(unchanged(word), Group::Word(_)));
    assert!(matches!(unchanged(phrase), Term::Phrase(_)));
    assert!(matches!(unchanged(phrase), Group::Phrase(_)));
}
