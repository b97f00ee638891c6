//! How the variant of a value is found.

use generated_fixtures::{
    any_of, union_by_nested_property, union_by_presence, union_by_tag, union_by_trial,
    union_by_type, union_declared, union_discriminator, union_nested,
};

use super::json::{read, refused, unchanged};

#[test]
fn where_variants_are_tried_the_error_says_why_each_failed() {
    use union_by_trial::models::Size;

    assert!(matches!(unchanged(r#"{"value":1,"unit":"m"}"#), Size::Metric(_)));
    assert!(matches!(unchanged(r#"{"value":"1"}"#), Size::Imperial(_)));
    let problem = refused::<Size>(r#"{"unit":"m"}"#);
    assert!(problem.contains("Metric: missing property `value`"), "{problem}");
    assert!(problem.contains("Imperial: missing property `value`"), "{problem}");
    let problem = refused::<Size>(r#"{"value":true}"#);
    assert!(problem.contains("Metric: `/value`: invalid type: boolean `true`"), "{problem}");
    assert!(problem.contains("Imperial: `/value`: "), "{problem}");
}

/// Decoding each variant at each level would take ages.
#[test]
fn variants_are_tried_at_any_depth() {
    use union_by_trial::models::Tree;

    let nested = |depth: usize, outer: &str, inner: &str| {
        let open = r#"{"within":"#.repeat(depth);
        let close = format!(r#","value":{outer}}}"#).repeat(depth);
        format!(r#"{open}{{"value":{inner}}}{close}"#)
    };
    // Only the second variant fits at any level, and only the first.
    assert!(matches!(unchanged(&nested(60, "\"a\"", "\"a\"")), Tree::Named(_)));
    assert!(matches!(unchanged(&nested(60, "1", "1")), Tree::Counted(_)));
    for text in [nested(60, "\"a\"", "true"), nested(60, "1", "true"), nested(60, "true", "1")] {
        let problem = refused::<Tree>(&text);
        assert!(problem.starts_with("no variant fits (Counted: "), "{problem}");
        assert!(problem.len() < 2000, "{}", problem.len());
    }
    // What came of one document is not what comes of another at the same address.
    for _ in 0..3 {
        assert!(matches!(unchanged(&nested(3, "1", "\"a\"")), Tree::Counted(_)));
        assert!(matches!(unchanged(&nested(3, "\"a\"", "1")), Tree::Named(_)));
        assert!(refused::<Tree>(&nested(3, "1", "[]")).contains("Named: "));
    }
}

#[test]
fn a_variant_is_decided_by_the_property_that_is_there() {
    use union_by_presence::models::Contact;

    assert!(matches!(unchanged(r#"{"number":"1"}"#), Contact::Phone(_)));
    assert!(matches!(unchanged(r#"{"address":"a@b.c"}"#), Contact::Mail(_)));
    assert!(matches!(unchanged(r#"{"reason":"none"}"#), Contact::Nobody(_)));
    assert!(matches!(unchanged("{}"), Contact::Nobody(_)));
    // Null is not there, and the first that is there decides.
    assert!(matches!(read(r#"{"number":null,"address":"a"}"#), Contact::Mail(_)));
    assert!(matches!(read(r#"{"address":"a","number":"1"}"#), Contact::Phone(_)));
    // Decided is decided: the error is that of the variant.
    let problem = refused::<Contact>(r#"{"number":1}"#);
    assert!(problem.contains("`/number`: invalid type"), "{problem}");
}

#[test]
fn a_discriminator_leads_to_its_variant_and_what_is_new_is_kept() {
    use union_discriminator::models::Pet;

    for kind in ["cat", "tiger"] {
        assert!(matches!(unchanged(&format!(r#"{{"petType":"{kind}"}}"#)), Pet::Cat(_)));
    }
    assert!(matches!(unchanged(r#"{"petType":"Dog","tricks":3}"#), Pet::Dog(_)));
    // The mapping stands for the name, so that the name itself is a new value.
    for new in [r#"{"petType":"Cat"}"#, r#"{"petType":"bird","wings":2}"#, r#"{"a":1}"#, "[1]"] {
        assert!(matches!(unchanged(new), Pet::Unknown(_)), "{new}");
    }
}

#[test]
fn a_tag_decides_and_a_new_tag_is_told_by_what_else_is_there() {
    use union_by_tag::models::Shape;

    assert!(matches!(unchanged(r#"{"kind":"circle","radius":1}"#), Shape::Circle(_)));
    assert!(matches!(unchanged(r#"{"kind":"square","corners":[1]}"#), Shape::Polygon(_)));
    assert!(matches!(unchanged(r#"{"kind":"hexagon","corners":[1]}"#), Shape::Polygon(_)));
    assert!(matches!(unchanged(r#"{"kind":"cloud"}"#), Shape::Unknown(_)));
    let problem = refused::<Shape>(r#"{"kind":"circle"}"#);
    assert!(problem.contains("missing property `radius`"), "{problem}");
}

#[test]
fn a_union_of_unions_is_decided_level_by_level() {
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
fn a_json_type_decides_and_null_is_none_of_them() {
    use union_by_type::models::Cell;

    assert!(matches!(unchanged(r#""a""#), Cell::String(_)));
    assert!(matches!(unchanged("1.50"), Cell::Number(_)));
    assert!(matches!(unchanged("true"), Cell::Boolean(true)));
    assert!(matches!(unchanged(r#"["a"]"#), Cell::List(_)));
    assert!(matches!(unchanged(r#"{"text":"=A1"}"#), Cell::Formula(_)));
    assert!(matches!(unchanged("null"), Cell::Unknown(_)));
    let problem = refused::<Cell>("[1]");
    assert!(problem.contains("invalid type: integer `1`"), "{problem}");
    assert!(matches!(unchanged("3"), any_of::models::Limit::Count(3)));
    assert!(matches!(read("3.0"), any_of::models::Limit::Count(3)));
}

#[test]
fn what_a_tag_tells_in_part_is_told_further_within() {
    use union_by_nested_property::models::Processor;

    assert!(matches!(unchanged(r#"{"type":"grok","pattern":"a"}"#), Processor::Grok(_)));
    assert!(matches!(unchanged(r#"{"type":"lookup","table":"a"}"#), Processor::TableLookup(_)));
    assert!(matches!(unchanged(r#"{"type":"lookup","list":["a"]}"#), Processor::ListLookup(_)));
    // Any value of the tag, also one that another variant has, is what takes any.
    for kind in ["mine", "grok", "lookup"] {
        let text = format!(r#"{{"type":"{kind}","source":"lua"}}"#);
        assert!(matches!(unchanged(&text), Processor::Custom(_)), "{kind}");
    }
    let problem = refused::<Processor>(r#"{"type":"mine"}"#);
    assert!(problem.contains("missing property `source`"), "{problem}");
}

#[test]
fn any_text_beside_an_enum_is_a_value_of_the_enum() {
    use union_by_nested_property::models::Language;

    assert_eq!(unchanged::<Language>(r#""lua""#), Language::Lua);
    assert_eq!(unchanged::<Language>(r#""python""#), Language::Unknown("python".to_owned()));
}

#[test]
fn what_variants_declare_goes_before_the_names_of_their_schemas() {
    use union_declared::models::{Added, Item, Spoken};

    assert!(matches!(unchanged(r#"{"type":"track"}"#), Item::TrackObject(_)));
    assert!(matches!(unchanged(r#"{"type":"Silence"}"#), Item::Silence(_)));
    for (kind, is_episode) in [("episode", true), ("chapter", false)] {
        let Item::Spoken(spoken) = unchanged(&format!(r#"{{"type":"{kind}"}}"#)) else {
            panic!("{kind} is spoken")
        };
        assert_eq!(matches!(spoken, Spoken::Episode(_)), is_episode, "{kind}");
    }
    // No schema allows the name of this one.
    for new in [r#"{"type":"TrackObject"}"#, r#"{"type":"new"}"#] {
        assert!(matches!(unchanged(new), Item::Unknown(_)), "{new}");
    }
    assert!(matches!(unchanged(r#"{"how":"by_user","user":"a"}"#), Added::ByUser(_)));
    assert!(matches!(unchanged(r#"{"how":"by_robot"}"#), Added::ByRobot(_)));
}

#[test]
fn a_tag_that_may_be_left_out_decides_where_it_is_there() {
    use union_declared::models::Shape;

    assert!(matches!(unchanged(r#"{"kind":"round"}"#), Shape::Round(_)));
    assert!(matches!(unchanged(r#"{"kind":"square"}"#), Shape::Square(_)));
    assert!(matches!(unchanged(r#"{"size":1}"#), Shape::Round(_)));
    assert!(matches!(unchanged(r#"{"size":"1"}"#), Shape::Square(_)));
    assert!(refused::<Shape>(r#"{"kind":"square","size":1}"#).contains("`/size`"));
}

#[test]
fn a_union_is_null_where_a_variant_is() {
    use union_declared::models::{Playing, PlayingRating};

    let playing = |rating: &str| -> Playing {
        unchanged(&format!(r#"{{"item":{{"type":"track"}},"rating":{rating}}}"#))
    };
    assert_eq!(playing("null").rating, None);
    assert_eq!(playing("1").rating, Some(PlayingRating::Integer(1)));
    assert!(
        refused::<Playing>(r#"{"item":{"type":"track"}}"#).contains("missing property `rating`")
    );
}
