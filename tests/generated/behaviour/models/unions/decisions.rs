//! How the variant of a union is decided.

use generated_fixtures::{
    any_of, union_by_nested_property, union_by_optional_tag, union_by_presence, union_by_tag,
    union_by_trial, union_by_type, union_declared, union_discriminator, union_nested,
};

use crate::support::json::{decode_error, read, unchanged};

#[test]
fn the_error_of_a_trial_has_the_reason_of_each_variant() {
    use union_by_trial::models::Size;

    assert!(matches!(unchanged(r#"{"value":1,"unit":"m"}"#), Size::Metric(_)));
    assert!(matches!(unchanged(r#"{"value":"1"}"#), Size::Imperial(_)));
    let problem = decode_error::<Size>(r#"{"unit":"m"}"#);
    assert!(problem.contains("Metric: missing property `value`"), "{problem}");
    assert!(problem.contains("Imperial: missing property `value`"), "{problem}");
    let problem = decode_error::<Size>(r#"{"value":true}"#);
    assert!(problem.contains("Metric: `/value`: invalid type: boolean `true`"), "{problem}");
    assert!(problem.contains("Imperial: `/value`: "), "{problem}");
}

/// Decoding each variant at each level again would take exponential time.
#[test]
fn nested_trials_take_linear_time() {
    use union_by_trial::models::Tree;

    let nested = |depth: usize, outer: &str, inner: &str| {
        let open = r#"{"within":"#.repeat(depth);
        let close = format!(r#","value":{outer}}}"#).repeat(depth);
        format!(r#"{open}{{"value":{inner}}}{close}"#)
    };
    // Only the second variant fits at each level, then only the first.
    assert!(matches!(unchanged(&nested(60, "\"a\"", "\"a\"")), Tree::Named(_)));
    assert!(matches!(unchanged(&nested(60, "1", "1")), Tree::Counted(_)));
    for json in [nested(60, "\"a\"", "true"), nested(60, "1", "true"), nested(60, "true", "1")] {
        let problem = decode_error::<Tree>(&json);
        assert!(problem.starts_with("no variant fits (Counted: "), "{problem}");
        assert!(problem.len() < 2000, "{}", problem.len());
    }
    // Memoised results are not reused for another document.
    for _ in 0..3 {
        assert!(matches!(unchanged(&nested(3, "1", "\"a\"")), Tree::Counted(_)));
        assert!(matches!(unchanged(&nested(3, "\"a\"", "1")), Tree::Named(_)));
        assert!(decode_error::<Tree>(&nested(3, "1", "[]")).contains("Named: "));
    }
}

#[test]
fn a_variant_is_decided_by_the_present_property() {
    use union_by_presence::models::Contact;

    assert!(matches!(unchanged(r#"{"number":"1"}"#), Contact::Phone(_)));
    assert!(matches!(unchanged(r#"{"address":"a@b.c"}"#), Contact::Mail(_)));
    assert!(matches!(unchanged(r#"{"reason":"none"}"#), Contact::Nothing(_)));
    assert!(matches!(unchanged("{}"), Contact::Nothing(_)));
    // `null` is treated as absent, and the first present property decides.
    assert!(matches!(read(r#"{"number":null,"address":"a"}"#), Contact::Mail(_)));
    assert!(matches!(read(r#"{"address":"a","number":"1"}"#), Contact::Phone(_)));
    // Other objects may have any property.
    assert!(matches!(unchanged(r#"{"number":1}"#), Contact::Nothing(_)));
    // The error is that of the variant with the property.
    let problem = decode_error::<Contact>(r#"{"number":1,"reason":1}"#);
    assert!(problem.contains("`/number`: invalid type"), "{problem}");
}

#[test]
fn a_discriminator_decides_the_variant_and_unknown_values_are_kept() {
    use union_discriminator::models::Pet;

    // The name of a mapped schema selects it, too.
    for kind in ["cat", "tiger", "Cat"] {
        assert!(matches!(unchanged(&format!(r#"{{"petType":"{kind}"}}"#)), Pet::Cat(_)));
    }
    assert!(matches!(unchanged(r#"{"petType":"Dog","tricks":3}"#), Pet::Dog(_)));
    for new in [r#"{"petType":"dog"}"#, r#"{"petType":"bird","wings":2}"#, r#"{"a":1}"#, "[1]"] {
        assert!(matches!(unchanged(new), Pet::Unknown(_)), "{new}");
    }
}

#[test]
fn a_tag_decides_and_an_unknown_tag_is_decided_by_other_properties() {
    use union_by_tag::models::Shape;

    assert!(matches!(unchanged(r#"{"kind":"circle","radius":1}"#), Shape::Circle(_)));
    assert!(matches!(unchanged(r#"{"kind":"square","corners":[1]}"#), Shape::Polygon(_)));
    assert!(matches!(unchanged(r#"{"kind":"hexagon","corners":[1]}"#), Shape::Polygon(_)));
    assert!(matches!(unchanged(r#"{"kind":"cloud"}"#), Shape::Unknown(_)));
    let problem = decode_error::<Shape>(r#"{"kind":"circle"}"#);
    assert!(problem.contains("missing property `radius`"), "{problem}");
}

#[test]
fn nested_unions_are_decided_level_by_level() {
    use union_nested::models::{Job, Resource};

    let running: Resource = unchanged(r#"{"level":"job","status":"running"}"#);
    let Resource::Job(running) = running else { panic!("{running:?}") };
    assert!(matches!(*running, Job::RunningJob(_)));
    let finished: Resource = unchanged(r#"{"level":"job","status":"canceled","end":"now"}"#);
    let Resource::Job(finished) = finished else { panic!("{finished:?}") };
    assert!(matches!(*finished, Job::FinishedJob(_)));
    assert!(matches!(unchanged(r#"{"level":"step"}"#), Resource::Step(_)));
    assert!(matches!(unchanged(r#"{"level":"stage"}"#), Resource::Unknown(_)));
}

#[test]
fn the_json_type_decides_and_null_is_not_a_variant() {
    use union_by_type::models::Cell;

    assert!(matches!(unchanged(r#""a""#), Cell::String(_)));
    assert!(matches!(unchanged("1.50"), Cell::Number(_)));
    assert!(matches!(unchanged("true"), Cell::Boolean(true)));
    assert!(matches!(unchanged(r#"["a"]"#), Cell::List(_)));
    assert!(matches!(unchanged(r#"{"text":"=A1"}"#), Cell::Formula(_)));
    assert!(matches!(unchanged("null"), Cell::Unknown(_)));
    let problem = decode_error::<Cell>("[1]");
    assert!(problem.contains("invalid type: integer `1`"), "{problem}");
    assert!(matches!(unchanged("3"), any_of::models::Limit::Count(3)));
    assert!(matches!(read("3.0"), any_of::models::Limit::Count(3)));
}

#[test]
fn variants_with_the_same_tag_are_decided_by_a_nested_property() {
    use union_by_nested_property::models::Processor;

    assert!(matches!(unchanged(r#"{"type":"grok","pattern":"a"}"#), Processor::Grok(_)));
    assert!(matches!(unchanged(r#"{"type":"lookup","table":"a"}"#), Processor::TableLookup(_)));
    assert!(matches!(unchanged(r#"{"type":"lookup","list":["a"]}"#), Processor::ListLookup(_)));
    // The variant with any tag also accepts the tags of other variants.
    for kind in ["mine", "grok", "lookup"] {
        let json = format!(r#"{{"type":"{kind}","source":"lua"}}"#);
        assert!(matches!(unchanged(&json), Processor::Custom(_)), "{kind}");
    }
    let problem = decode_error::<Processor>(r#"{"type":"mine"}"#);
    assert!(problem.contains("missing property `source`"), "{problem}");
}

#[test]
fn a_union_of_an_enum_and_a_string_is_an_enum() {
    use union_by_nested_property::models::Language;

    assert_eq!(unchanged::<Language>(r#""lua""#), Language::Lua);
    assert_eq!(unchanged::<Language>(r#""python""#), Language::Unknown("python".into()));
}

#[test]
fn declared_tag_values_take_precedence_over_schema_names() {
    use union_declared::models::{Added, Item, Spoken};

    assert!(matches!(unchanged(r#"{"type":"track"}"#), Item::TrackObject(_)));
    assert!(matches!(unchanged(r#"{"type":"Silence"}"#), Item::Silence(_)));
    for (kind, is_episode) in [("episode", true), ("chapter", false)] {
        let Item::Spoken(spoken) = unchanged(&format!(r#"{{"type":"{kind}"}}"#)) else {
            panic!("{kind} is spoken")
        };
        assert_eq!(matches!(spoken, Spoken::Episode(_)), is_episode, "{kind}");
    }
    // No variant declares this name.
    for new in [r#"{"type":"TrackObject"}"#, r#"{"type":"new"}"#] {
        assert!(matches!(unchanged(new), Item::Unknown(_)), "{new}");
    }
    assert!(matches!(unchanged(r#"{"how":"by_user","user":"a"}"#), Added::ByUser(_)));
    assert!(matches!(unchanged(r#"{"how":"by_robot"}"#), Added::ByRobot(_)));
}

#[test]
fn an_optional_tag_decides_if_it_is_present() {
    use union_declared::models::Shape;

    assert!(matches!(unchanged(r#"{"kind":"round"}"#), Shape::Round(_)));
    assert!(matches!(unchanged(r#"{"kind":"square"}"#), Shape::Square(_)));
    assert!(matches!(unchanged(r#"{"size":1}"#), Shape::Round(_)));
    assert!(matches!(unchanged(r#"{"size":"1"}"#), Shape::Square(_)));
    assert!(decode_error::<Shape>(r#"{"kind":"square","size":1}"#).contains("`/size`"));
}

#[test]
fn a_union_is_nullable_if_a_variant_is() {
    use union_declared::models::{Playing, PlayingRating};

    let playing = |rating: &str| -> Playing {
        unchanged(&format!(r#"{{"item":{{"type":"track"}},"rating":{rating}}}"#))
    };
    assert_eq!(playing("null").rating, None);
    assert_eq!(playing("1").rating, Some(PlayingRating::Integer(1)));
    assert!(
        decode_error::<Playing>(r#"{"item":{"type":"track"}}"#)
            .contains("missing property `rating`")
    );
}

/// The limit of the parser applies to all unions in each other together.
#[test]
fn deeply_nested_unions_are_rejected() {
    use generated_fixtures::recursive::models::Expression;
    use union_by_trial::models::Tree;

    let sum = |depth: usize| {
        let open = r#"{"left":1,"right":"#.repeat(depth);
        format!("{open}1{}", "}".repeat(depth))
    };
    assert!(matches!(unchanged(&sum(120)), Expression::Sum(_)));
    for depth in [140, 1000, 100_000] {
        let tree = r#"{"value":1,"within":"#.repeat(depth) + "1" + &"}".repeat(depth);
        for problem in [decode_error::<Expression>(&sum(depth)), decode_error::<Tree>(&tree)] {
            assert!(problem.contains("recursion limit exceeded"), "{depth}: {problem}");
        }
    }
}

#[test]
fn a_value_that_excludes_a_variant_decides() {
    use union_by_optional_tag::models::Member;

    assert!(matches!(unchanged(r#"{"type":"team","name":"a"}"#), Member::Team(_)));
    assert!(matches!(unchanged(r#"{"type":"role","mail":"a","host":"b"}"#), Member::Role(_)));
    assert!(matches!(unchanged(r#"{"type":"person","host":"b"}"#), Member::Person(_)));
    assert!(matches!(unchanged(r#"{"type":"bot","host":"b"}"#), Member::Bot(_)));
    assert!(matches!(unchanged(r#"{"type":"pet","host":"b"}"#), Member::Unknown(_)));
    assert!(decode_error::<Member>(r#"{"type":"team","name":1}"#).contains("`/name`"));
    // Teams and roles always have a type.
    assert!(matches!(unchanged(r#"{"name":"a"}"#), Member::Person(_)));
    assert!(matches!(read(r#"{"type":null,"host":"b"}"#), Member::Bot(_)));
    assert!(matches!(unchanged(r#"{"host":"b"}"#), Member::Bot(_)));
}

#[test]
fn a_variant_that_names_its_value_is_preferred() {
    use union_by_optional_tag::models::Change;

    assert!(matches!(unchanged(r#"{"type":"approval","id":"1"}"#), Change::Approval(_)));
    assert!(matches!(unchanged(r#"{"type":"approval","id":"1","note":"a"}"#), Change::Approval(_)));
    assert!(matches!(unchanged(r#"{"type":"other","id":"1"}"#), Change::AnyChange(_)));
    // Notes of approvals are strings.
    assert!(matches!(unchanged(r#"{"type":"approval","id":"1","note":1}"#), Change::AnyChange(_)));
}
