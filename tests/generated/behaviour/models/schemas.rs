//! Combined schemas, integer enums, inherited schemas, and recovered schemas.

use generated_fixtures::{
    all_of_merged, enums_integer, inheritance, names_unusual, read_only_write_only,
    recovered_types, recovered_values, refs_unusual, union_sibling_keywords,
};
use serde_json::{Value, json};

use crate::support::json::{decode_error, read, unchanged, written};

#[test]
fn unknown_integers_of_an_enum_round_trip() {
    use enums_integer::models::Priority;

    assert_eq!(unchanged::<Priority>("10"), Priority::High);
    assert_eq!(unchanged::<Priority>("-1"), Priority::Low);
    let other: Priority = unchanged("11");
    assert_eq!(other, Priority::Unknown(11));
    assert_eq!((other.as_i64(), other.to_string()), (11, "11".to_owned()));
    assert_eq!(Priority::from(0), Priority::Normal);
    assert_eq!(Priority::VALUES, [-1, 0, 10]);
    for no_integer in [r#""10""#, "1.5", "18446744073709551615", "true"] {
        decode_error::<Priority>(no_integer);
    }
}

#[test]
fn values_of_several_types_are_enums_of_each_type() {
    use enums_integer::models::{Job, JobLimit, JobLimitInteger, JobLimitString, Priority};

    let job = Job::builder().priority(0).limit(JobLimitInteger::N1).build().unwrap();
    assert_eq!(written(&job), json!({ "version": 2, "priority": 0, "limit": 1 }));
    assert_eq!(job.priority, Priority::Normal);
    let limit: JobLimit = unchanged(r#""auto""#);
    assert_eq!(limit, JobLimit::String(JobLimitString::Auto));
    assert_eq!(unchanged::<JobLimit>("7"), JobLimit::Integer(JobLimitInteger::Unknown(7)));
    let job: Job = read(r#"{"version":3,"priority":1,"limit":"auto","retries":null}"#);
    assert_eq!(job.version.as_i64(), 3);
}

#[test]
fn constant_booleans_are_filled_in_and_distinguish_variants() {
    use enums_integer::models::{Bad, GetResultResponse, Good};

    let good = Good::builder().result("done").build().unwrap();
    assert_eq!(written(&good), json!({ "ok": true, "result": "done" }));
    assert_eq!(written(&Bad::builder().build().unwrap()), json!({ "ok": false }));
    assert!(matches!(unchanged(r#"{"ok":true}"#), GetResultResponse::Good(_)));
    assert!(matches!(unchanged(r#"{"ok":false,"error":"x"}"#), GetResultResponse::Bad(_)));
    assert!(matches!(unchanged(r#"{"ok":null}"#), GetResultResponse::Unknown(_)));
}

#[test]
fn constraints_of_one_property_in_several_members_are_combined() {
    use all_of_merged::models::{Narrowed, NarrowedKind, NarrowedNest};

    let nest = NarrowedNest::builder().eggs(2).height(0.5).build().unwrap();
    let bird = Narrowed::builder().id("a").size(9).nest(nest).build().unwrap();
    assert_eq!(
        written(&bird),
        json!({ "id": "a", "kind": "cat", "size": 9, "nest": { "height": 0.5, "eggs": 2 } })
    );
    assert_eq!(NarrowedKind::VALUES, ["cat"]);
    assert_eq!(read::<Narrowed>(r#"{"id":"a","kind":"cat","gone":null}"#).gone, None);
    let invalid = Narrowed::builder().id("").size(-1).build().unwrap_err().to_string();
    assert!(invalid.contains("id") && invalid.contains("size"), "{invalid}");
    let long = Narrowed::builder().id("12345678901").size(10).build().unwrap_err().to_string();
    assert!(long.contains("id") && long.contains("size"), "{long}");
    let other: Narrowed = unchanged(r#"{"id":"a","kind":"cat","colour":"red"}"#);
    assert_eq!(other.additional_properties["colour"], "red");
}

#[test]
fn all_of_is_merged_only_if_members_add_something() {
    use all_of_merged::models::{All, Base, Circle, Needed, Tree};

    let all: All = unchanged(
        r#"{"described":{"id":"a"},"code":"abc","contrary":[1],
            "tree":{"left":{"right":{}}},"circle":{"radius":1}}"#,
    );
    let described: &Base = all.described.as_deref().unwrap();
    assert_eq!(described.id, "a");
    assert_eq!(all.validate().map_err(|error| error.to_string()), Ok(()));
    let short: All = read(r#"{"code":"a"}"#);
    assert!(short.validate().is_err(), "`minLength` is 2, although one member has 1");
    assert!(decode_error::<Needed>(r#"{"id":"a"}"#).contains("size"));
    assert_eq!(read::<All>(r#"{"perhaps":null}"#).perhaps, None);
    let tree: &Tree = all.tree.as_ref().unwrap();
    assert!(tree.left.as_ref().unwrap().right.is_some());
    let circle: &Circle = all.circle.as_ref().unwrap();
    assert!(circle.radius.is_some());
}

#[test]
fn each_variant_has_the_sibling_keywords_of_its_union() {
    use union_sibling_keywords::models::{Payment, PaymentCard, PaymentIban};

    let card = PaymentCard::builder().amount(3).number("42").build().unwrap();
    assert_eq!(written(&Payment::from(card)), json!({ "amount": 3, "number": "42" }));
    let Payment::Iban(PaymentIban { amount, iban, .. }) = unchanged(r#"{"amount":1,"iban":"x"}"#)
    else {
        panic!("an IBAN")
    };
    assert_eq!((amount, iban.as_str()), (1, "x"));
    assert!(decode_error::<Payment>(r#"{"iban":"x"}"#).contains("amount"));
}

#[test]
fn alternatives_that_only_constrain_are_not_a_union() {
    use union_sibling_keywords::models::{All, Contact, Model, Size};

    let contact = Contact::builder().mail("a@b").build().unwrap();
    assert_eq!(written(&contact), json!({ "mail": "a@b" }));
    assert_eq!(Size::VALUES, ["small", "medium", "large"]);
    assert_eq!(unchanged::<Model>(r#""three""#), Model::Unknown("three".into()));
    assert_eq!(Model::VALUES, ["one", "two"]);
    let all: All = unchanged(r#"{"twice":"a","named":"vast","shape":{"kind":"odd"}}"#);
    assert_eq!(all.named, Some(Size::Unknown("vast".into())));
}

#[test]
fn a_variant_that_extends_its_union_is_generated_once() {
    use union_sibling_keywords::models::{Circle, Shape};

    let Shape::Circle(circle) = unchanged(r#"{"kind":"round","radius":2}"#) else {
        panic!("a circle")
    };
    let circle: Circle = circle;
    assert_eq!(circle.kind, "round");
    assert!(matches!(unchanged(r#"{"kind":"edgy","side":2}"#), Shape::Square(_)));
    // Without an entry in the mapping, the enum values of the property decide.
    assert!(matches!(unchanged(r#"{"kind":"point"}"#), Shape::Point(_)));
    assert!(matches!(unchanged(r#"{"kind":"odd"}"#), Shape::Unknown(_)));
}

#[test]
fn a_base_with_a_discriminator_is_one_of_its_subtypes_or_itself() {
    use inheritance::models::{Cat, Dog, Fish, Leash, Pet, PetBase};

    assert!(matches!(unchanged(r#"{"petType":"Cat","lives":9}"#), Pet::Cat(_)));
    assert!(matches!(unchanged(r#"{"petType":"puppy","bark":"loud"}"#), Pet::Dog(_)));
    assert!(matches!(unchanged(r#"{"petType":"Fish"}"#), Pet::Fish(_)));
    assert!(matches!(unchanged(r#"{"petType":"horse"}"#), Pet::Horse(_)));
    assert!(matches!(unchanged(r#"{"petType":"Horse"}"#), Pet::Base(_)));
    let Pet::Base(PetBase { pet_type, .. }) = unchanged(r#"{"petType":"Bird","wings":2}"#) else {
        panic!("another pet")
    };
    assert_eq!(pet_type, "Bird");
    let dog: Pet = Dog::builder().name("Rex").build().unwrap().into();
    let cat = Cat::builder().friend(dog).build().unwrap();
    assert_eq!(
        written(&cat),
        json!({ "petType": "Cat", "friend": { "petType": "puppy", "name": "Rex" } })
    );
    let leash: Leash = unchanged(r#"{"holds":{"petType":"Fish","name":"Wanda"}}"#);
    let Some(Pet::Fish(Fish { name, .. })) = leash.holds.map(|pet| *pet) else { panic!("a fish") };
    assert_eq!(name.as_deref(), Some("Wanda"));
}

#[test]
fn json_keeps_names_without_letters() {
    use names_unusual::models::{N2ndGrosse, N2ndGrosse3d};

    let decoded: N2ndGrosse = unchanged(
        r#"{"":"a","+1":1,"-1":2,"$":"b","@type":"c","🚀":"d","日本":"e","naïve":"f",
            "Name":"g","name":"h","NAME":"i","self":"j","3d":"🚀"}"#,
    );
    assert_eq!((decoded.plus_1, decoded.minus_1), (Some(1), Some(2)));
    assert_eq!(decoded.rocket.as_deref(), Some("d"));
    assert_eq!(decoded.n3d, Some(N2ndGrosse3d::Rocket));
    for value in N2ndGrosse3d::VALUES {
        let known: N2ndGrosse3d = (*value).into();
        assert!(!matches!(known, N2ndGrosse3d::Unknown(_)), "{value}");
        assert_eq!(known.as_str(), *value);
    }
}

#[test]
fn recovered_schemas_decode_as_intended() {
    use recovered_types::models::Thing;
    use recovered_values::models::{Thing as Values, ThingKind, ThingRank, ThingVersion};

    let thing: Thing = unchanged(
        r#"{"id":1,"at":"2020-01-01T00:00:00Z","rows":[{"cell":"x"}],"pair":["a",1],
            "more":{"any":1},"list":"a","words":"b","empty":[]}"#,
    );
    assert_eq!((thing.id, thing.link, thing.count), (1, None, None));
    assert!(decode_error::<Thing>("{}").contains("id"));
    let values: Values = unchanged(
        r#"{"kind":"2.5","rank":2,"state":"on","tags":["a","c"],"none":"x","owner":{"name":"n"}}"#,
    );
    assert_eq!(values.kind, Some(ThingKind::N25));
    assert_eq!(ThingVersion::VALUES, ["1.10", "1e3", "2"]);
    let valid = |zip: &str| Values::builder().zip(zip).build().is_ok();
    assert!(valid("12345") && !valid("1234") && !valid("/12345/i"));
    assert_eq!(values.rank, Some(ThingRank::N2));
    assert_eq!(read::<Values>(r#"{"owner":null}"#).owner, None);
    unchanged::<Values>(r#"{"fixed":"cat"}"#);
    assert_eq!(written(&Values::builder().build().unwrap()), json!({}));
}

#[test]
fn references_to_schemas_anywhere_are_resolved() {
    use refs_unusual::models::GetPartsResponse;

    let parts: GetPartsResponse =
        unchanged(r#"{"part":{"a":"x"},"encoded":{"b":"y"},"itself":[true]}"#);
    let itself: Value = written(&parts.itself);
    assert_eq!(itself, json!([true]));
}

#[test]
fn read_only_and_write_only_properties_are_optional_in_the_other_direction() {
    use read_only_write_only::models::{Entry, User};

    // Requests do not need read-only properties, and responses do not need write-only properties.
    let user = User::builder().name("a").password("b").build().unwrap();
    assert_eq!(written(&user), json!({"name": "a", "password": "b"}));
    unchanged::<User>(r#"{"id":"1","name":"a","seen":null}"#);
    assert!(decode_error::<User>("{}").contains("missing property `name`"));
    // A type that is only received has all properties.
    assert!(decode_error::<Entry>("{}").contains("missing property `at`"));
}

#[test]
fn null_is_sent_in_updates() {
    use read_only_write_only::models::Change;
    use specwright_runtime::Nullable;

    for json in ["{}", r#"{"nick":null}"#, r#"{"nick":"a"}"#] {
        unchanged::<Change>(json);
    }
    let change = Change::builder().nick(Nullable::Null).build().unwrap();
    assert_eq!(written(&change), json!({"nick": null}));
}
