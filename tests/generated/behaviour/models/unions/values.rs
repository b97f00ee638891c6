//! Discriminators that are plain strings or integers.

use generated_fixtures::union_discriminator_values::Client;
use generated_fixtures::union_discriminator_values::models::*;
use serde_json::json;
use specwright_runtime::Error;

use crate::support::json::{read, unchanged, written};
use crate::support::recording::Server;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn the_only_value_of_a_discriminator_is_filled_in() -> Outcome {
    let circle = Circle::builder().radius(2).build()?;
    assert_eq!(written(&circle), json!({ "kind": "circle", "radius": 2 }));
    assert_eq!(written(&Insert::builder().text("a").build()?), json!({ "op": 1, "text": "a" }));
    // Several values lead to it.
    assert!(Slab::builder().width(1).build().is_err());
    let slab = Slab::builder().width(1).kind("cube").build()?;
    assert_eq!(written(&slab), json!({ "kind": "cube", "width": 1 }));
    // It leads to each variant of the inner union.
    assert_eq!(written(&Van::builder().load(1).build()?), json!({ "wheels": "four", "load": 1 }));
    let coupe = Coupe::builder().doors(2).build()?;
    assert_eq!(written(&coupe), json!({ "wheels": "four", "doors": 2 }));
    assert_eq!(written(&Bike::builder().build()?), json!({ "wheels": "two" }));
    Ok(())
}

#[test]
fn the_value_of_a_discriminator_is_checked() {
    let problem = |json: &str| read::<Circle>(json).validate().err().map(|error| error.to_string());
    assert_eq!(problem(r#"{"kind":"circle","radius":1}"#), None);
    let expected = "/kind must be one of `circle`, `Circle`, is `slab`";
    assert_eq!(problem(r#"{"kind":"slab","radius":1}"#).as_deref(), Some(expected));
    let slab = Slab::builder().width(1).kind("circle").build().map_err(|error| error.to_string());
    assert_eq!(slab, Err("/kind must be one of `cube`, `slab`, `Slab`, is `circle`".to_owned()));
    let delete = read::<Delete>(r#"{"op":1}"#).validate().map_err(|error| error.to_string());
    assert_eq!(delete, Err("/op must be `2`, is `1`".to_owned()));
}

#[tokio::test]
async fn a_filled_in_discriminator_is_sent_and_a_wrong_one_is_not() -> Outcome {
    let server = Server::start([]).await?;
    let client = Client::builder().base_url(&server.url).build()?;
    client.send_shape(Circle::builder().radius(2).build()?).send().await?;
    assert_eq!(server.seen(), [r#"POST /shapes {"kind":"circle","radius":2}"#]);
    let mut wrong = Circle::builder().radius(2).build()?;
    wrong.kind = "slab".to_owned();
    let rejected = client.send_shape(wrong).send().await;
    assert!(matches!(rejected, Err(Error::Validation(_))), "{rejected:?}");
    Ok(())
}

#[test]
fn each_value_of_a_discriminator_selects_its_variant() {
    assert!(matches!(unchanged(r#"{"kind":"circle","radius":1}"#), Shape::Circle(_)));
    assert!(matches!(unchanged(r#"{"kind":"cube","width":1}"#), Shape::Slab(_)));
    assert!(matches!(unchanged(r#"{"kind":"cone"}"#), Shape::Unknown(_)));
    assert!(matches!(unchanged(r#"{"op":1}"#), Operation::Insert(_)));
    assert!(matches!(unchanged(r#"{"op":2,"at":3}"#), Operation::Delete(_)));
    assert!(matches!(unchanged(r#"{"op":3}"#), Operation::Unknown(_)));
    // The values of the mapping as well as those that the variants declare.
    for (kind, is_first) in [("first", true), ("one", true), ("second", false), ("two", false)] {
        let choice: Choice = unchanged(&format!(r#"{{"type":"{kind}"}}"#));
        assert_eq!(matches!(choice, Choice::First(_)), is_first, "{kind}");
    }
    let van = Vehicle::Car(Car::Van(read(r#"{"wheels":"four","load":1}"#)));
    assert_eq!(unchanged::<Vehicle>(r#"{"wheels":"four","load":1}"#), van);
    assert!(matches!(unchanged(r#"{"wheels":"two"}"#), Vehicle::Bike(_)));
}

#[test]
fn other_values_decide_if_no_variant_has_the_discriminator() {
    assert!(matches!(unchanged(r#"{"meta":{"kind":"opened"}}"#), Notice::Opened(_)));
    assert!(matches!(unchanged(r#"{"meta":{"kind":"closed"}}"#), Notice::Closed(_)));
    assert!(matches!(unchanged(r#"{"meta":{"kind":"new"}}"#), Notice::Unknown(_)));
}
