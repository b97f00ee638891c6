//! Values that have the properties of several variants, or not the one that should decide.

use std::sync::Arc;

use generated_fixtures::servers::union_several_fit::{self, operations::SendParcel};
use generated_fixtures::union_several_fit::models::{
    Bike, Content, Nested, Size, Target, Van, Vehicle,
};
use serde_json::json;
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::json::{decode_error, unchanged, written};
use crate::support::running::{Served, body};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn a_variant_that_decodes_is_chosen() {
    assert!(matches!(unchanged(r#"{"street":"a"}"#), Target::Street(_)));
    assert!(matches!(unchanged(r#"{"street":"a","locker":1}"#), Target::Street(_)));
    assert!(matches!(unchanged(r#"{"street":1,"locker":1}"#), Target::Locker(_)));
    assert!(matches!(unchanged(r#"{"locker":"1","street":"a"}"#), Target::Street(_)));
    assert!(matches!(unchanged(r#"{"locker":"1","street":1,"shop":"north"}"#), Target::Shop(_)));
    // A known value fits better than an unknown one.
    assert!(matches!(unchanged(r#"{"locker":1,"shop":"east"}"#), Target::Locker(_)));
    assert!(matches!(unchanged(r#"{"shop":"east"}"#), Target::Shop(_)));
    assert!(matches!(unchanged("{}"), Target::Unknown(_)));
    let problem = decode_error::<Target>(r#"{"street":1,"locker":"1"}"#);
    assert!(problem.contains("Street: `/street`: invalid type: integer `1`"), "{problem}");
    assert!(problem.contains("Locker: `/locker`: invalid type"), "{problem}");
    // The error is that of the only variant that the value may have.
    let problem = decode_error::<Target>(r#"{"street":1}"#);
    assert!(problem.starts_with("`/street`: invalid type"), "{problem}");
}

#[test]
fn a_variant_without_the_property_may_have_it_undeclared() {
    assert!(matches!(unchanged(r#"{"width":1,"text":"a"}"#), Size::Box(_)));
    assert!(matches!(unchanged(r#"{"width":"1","text":"a"}"#), Size::Label(_)));
    let problem = decode_error::<Size>(r#"{"width":"1","text":1}"#);
    assert!(problem.starts_with("`/width`: invalid type"), "{problem}");
}

#[test]
fn a_variant_with_other_types_of_the_same_properties_may_decode() {
    assert!(matches!(unchanged(r#"{"pages":"1"}"#), Content::Letter(_)));
    assert!(matches!(unchanged(r#"{"pages":1,"title":"a"}"#), Content::Book(_)));
    assert!(matches!(unchanged(r#"{"pages":"1","title":"a"}"#), Content::Letter(_)));
    assert!(matches!(unchanged(r#"{"empty":true}"#), Content::Empty(_)));
    let problem = decode_error::<Content>(r#"{"pages":true,"title":"a"}"#);
    assert!(problem.starts_with("`/pages`: invalid type"), "{problem}");
}

#[test]
fn other_values_decide_without_an_optional_discriminator() {
    assert!(matches!(unchanged(r#"{"gears":1}"#), Vehicle::Bike(_)));
    assert!(matches!(unchanged(r#"{"doors":1}"#), Vehicle::Van(_)));
    assert!(matches!(unchanged("{}"), Vehicle::Bike(_)));
    assert!(matches!(unchanged(r#"{"kind":"new","doors":1}"#), Vehicle::Unknown(_)));
}

#[test]
fn the_name_of_a_mapped_schema_selects_it_too() {
    for kind in ["city-bike", "Bike"] {
        let Vehicle::Bike(bike) = unchanged(&format!(r#"{{"kind":"{kind}","gears":3}}"#)) else {
            panic!("{kind} is a bike")
        };
        bike.validate().expect("both are allowed");
    }
    assert!(matches!(unchanged(r#"{"kind":"Van","doors":3}"#), Vehicle::Van(_)));
    assert!(matches!(unchanged(r#"{"kind":"Transporter","doors":3}"#), Vehicle::Van(_)));
    let bike = Bike::builder().gears(1).build().expect("valid");
    assert_eq!(written(&Vehicle::from(bike)), json!({"kind": "city-bike", "gears": 1}));
    let van = Van::builder().doors(1).build().expect("valid");
    assert_eq!(written(&Vehicle::from(van)), json!({"kind": "Transporter", "doors": 1}));
}

/// Decoding each variant at each level again would take exponential time.
#[test]
fn nested_values_take_linear_time() {
    let nested = |depth: usize, left: &str, inner: &str| {
        let open = format!(r#"{{"left":{left},"right":1,"inner":"#).repeat(depth);
        format!("{open}{inner}{}", "}".repeat(depth))
    };
    assert!(matches!(unchanged(&nested(60, "1", "{}")), Nested::Left(_)));
    assert!(matches!(unchanged(&nested(60, "true", "{}")), Nested::Right(_)));
    let problem = decode_error::<Nested>(&nested(60, "true", "1"));
    assert!(problem.len() < 2000, "{problem}");
    let only_left = |value: &str| {
        let open = format!(r#"{{"left":{value},"inner":"#).repeat(60);
        format!("{open}{{}}{}", "}".repeat(60))
    };
    assert!(matches!(unchanged(&only_left("1")), Nested::Left(_)));
    assert!(matches!(unchanged(&only_left("true")), Nested::Leaf(_)));
}

struct Depot;

impl union_several_fit::Api for Depot {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn send_parcel(&self, request: SendParcel, _: Call) -> Result<Response<()>, Rejection> {
        Ok(Response::new(()).header("x-seen", format!("{:?}", request.body).replace('"', "'")))
    }
}

/// After a failure, the server decodes again to find all problems: those of a variant that
/// does not fit do not count.
#[tokio::test]
async fn a_server_decides_alike_and_reports_all_problems() -> Outcome {
    let router = union_several_fit::router(Arc::new(Depot), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let head = "POST /parcel HTTP/1.1\ncontent-type: application/json";
    let parcel = r#"{"target":{"street":1,"locker":1},"size":{"text":"a"},"vehicle":{"doors":2}}"#;
    let response = server.send(head, parcel).await?;
    for variant in ["Locker(", "Label(", "Van("] {
        assert!(response.contains(variant), "{response}");
    }
    let parcel = concat!(
        r#"{"target":{"street":1,"locker":1},"content":{"title":"a","pages":true},"#,
        r#""size":{"width":"1","text":1}}"#
    );
    let response = server.send(head, parcel).await?;
    let problems = concat!(
        r#""detail":"/content/pages must be an integer of 64 bits, not boolean `true`; "#,
        r#"/size/width must be an integer of 64 bits, not string "#,
    );
    assert!(body(&response).contains(problems), "{response}");
    Ok(())
}
