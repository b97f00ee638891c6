//! Numbers as they are written, names of properties, long arrays, and integers in other notations.

use std::sync::Arc;

use generated_fixtures::constraints_exact::models::{Reading, ReadingDeep, ReadingEither};
use generated_fixtures::servers::constraints_exact::{self, operations::*};
use specwright_runtime::{Base64, Base64Url, Number};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response};

use crate::support::json::{decode_error, read, unchanged, written};
use crate::support::running::{Served, body};
use crate::support::script::{Script, whole};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Returns the violations of a value that is decoded from JSON.
fn problem(json: &str) -> Option<String> {
    let reading: Reading = read(json);
    reading.validate().err().map(|error| error.to_string())
}

#[test]
fn numbers_are_compared_as_they_are_written() {
    for json in [
        r#"{"positive":1e-400}"#,
        r#"{"small":9007199254740992.0}"#,
        r#"{"small":-1e400}"#,
        r#"{"part":0.30}"#,
        r#"{"levels":[0,-0,1e400]}"#,
        r#"{"positive":99.9}"#,
        r#"{"positive":1e400,"value":0}"#,
    ] {
        assert_eq!(problem(json), None, "{json}");
    }
    for (json, expected) in [
        (r#"{"positive":-1e-400}"#, "/positive must be above 0, is -1e-400"),
        (r#"{"positive":0.0}"#, "/positive must be above 0, is 0.0"),
        (
            r#"{"small":9007199254740993}"#,
            "/small must be at most 9007199254740992.0, is 9007199254740993",
        ),
        (r#"{"small":1e400}"#, "/small must be at most 9007199254740992.0, is 1e400"),
        (
            r#"{"part":0.3000000000000000000001}"#,
            "/part must be at most 0.3, is 0.3000000000000000000001",
        ),
        (r#"{"single":1e400}"#, "/single must be a number of 32 bits, is 1e400"),
        (r#"{"levels":[0,-1e-999]}"#, "/levels/1 must be at least 0, is -1e-999"),
        // Rules apply to numbers that no `f64` gives back, too.
        (r#"{"positive":1e400}"#, "/value is required"),
        (r#"{"positive":100.0000000000000000000001}"#, "/value is required"),
    ] {
        assert_eq!(problem(json).as_deref(), Some(expected), "{json}");
    }
}

#[test]
fn names_of_properties_have_constraints() {
    let id = "0191b2c4-0000-7000-8000-000000000000";
    for json in [
        r#"{"byDay":{"2026-02-28":1}}"#.to_owned(),
        format!(r#"{{"byId":{{"{id}":1}}}}"#),
        r#"{"byName":{"ab":1,"abc":2}}"#.to_owned(),
        r#"{"byKind":{"hot":1},"byLabel":{"label":1}}"#.to_owned(),
        r#"{"byTime":{"2026-01-01T00:00:00Z":true,"10:00:00Z":1}}"#.to_owned(),
    ] {
        assert_eq!(problem(&json), None, "{json}");
    }
    for json in [
        r#"{"byDay":{"2026-02-30":1}}"#,
        r#"{"byDay":{"x":1}}"#,
        r#"{"byId":{"1":1}}"#,
        r#"{"byName":{"a":1}}"#,
        r#"{"byName":{"abcd":1}}"#,
        r#"{"byName":{"AB":1}}"#,
        r#"{"byKind":{"warm":1}}"#,
        r#"{"byLabel":{"hot":1}}"#,
        r#"{"byTime":{"2026-01-01T00:00:00+24:00":true}}"#,
    ] {
        let problem = problem(json).unwrap_or_default();
        assert!(problem.contains("must have property names that match"), "{json}: {problem}");
    }
}

#[test]
fn arrays_with_more_elements_than_a_tuple_are_checked() {
    let id = "0191b2c4-0000-7000-8000-000000000000";
    let row = |second: &str, ninth: &str, more: &str| {
        problem(&format!(r#"{{"row":["a",{second},"c","d","e","f","g","h","{ninth}"{more}]}}"#))
    };
    assert_eq!(row("1", id, ""), None);
    assert_eq!(row("2.0", id, ",true,false"), None);
    assert_eq!(problem(r#"{"row":["a"]}"#), None);
    let found = row("0", "x", ",true,7").unwrap_or_default();
    for part in
        ["/row/1 must be at least 1, is 0", "/row/8 must be a UUID", "/row/10 must be of type"]
    {
        assert!(found.contains(part), "{found}");
    }
}

#[test]
fn base64_that_a_caller_sets_is_checked() {
    let built = Reading::builder().data(Base64::from_string("no!")).build();
    assert_eq!(built.map_err(|error| error.to_string()), Err("/data must be base64".to_owned()));
    let parts = [Base64Url::from(b"\xff"), Base64Url::from_string("=")];
    let built = Reading::builder().parts(parts).build().map_err(|error| error.to_string());
    assert_eq!(built.err().as_deref(), Some("/parts/1 must be base64"));
    assert!(Reading::builder().data(b"any bytes").build().is_ok());
    // What was received may be sent again, as invalid dates.
    let received: Reading = unchanged(r#"{"data":"no!"}"#);
    assert_eq!(problem(r#"{"data":"no!"}"#).as_deref(), Some("/data must be base64"));
    assert!(Reading::builder().data(received.data.unwrap_or_default()).build().is_ok());
}

#[test]
fn integers_are_numbers_without_a_fraction_everywhere() {
    let reading: Reading = read(
        r#"{"grid":[[1.0,2e1],[]],"pairs":[3.0,"a"],"holes":[null,4.0],"byDay":{"2026-01-01":5.0},
            "either":[6.0],"deep":[[7.0]]}"#,
    );
    assert_eq!(
        written(&reading),
        serde_json::json!({
            "grid": [[1, 20], []], "pairs": [3, "a"], "holes": [null, 4],
            "byDay": { "2026-01-01": 5 }, "either": [6], "deep": [[7]],
        })
    );
    assert!(matches!(reading.either, Some(ReadingEither::List(_))));
    assert!(matches!(reading.deep, Some(ReadingDeep::List(_))));
    for json in [r#"{"grid":[[1.5]]}"#, r#"{"pairs":[0.1,"a"]}"#, r#"{"either":[1.5]}"#] {
        assert!(decode_error::<Reading>(json).contains("invalid type: floating point"), "{json}");
    }
}

struct Station;

impl constraints_exact::Api for Station {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn add_reading(&self, request: AddReading, _: Call) -> Result<Response<()>, Rejection> {
        let value = request.body.value.as_ref().map(Number::to_string).unwrap_or_default();
        Ok(Response::new(()).header("x-seen", value))
    }

    async fn add_counts(&self, request: AddCounts, _: Call) -> Result<Response<i32>, Rejection> {
        let sum: i64 = request.body.iter().flatten().sum();
        Ok(i32::try_from(sum).unwrap_or_default().into())
    }
}

#[tokio::test]
async fn servers_and_clients_agree_about_numbers() -> Outcome {
    let router = constraints_exact::router(Arc::new(Station), Limits::default());
    let server = Served::start(router, Limits::default()).await?;
    let head = |path: &str| format!("POST /{path} HTTP/1.1\ncontent-type: application/json");
    let response = server.send(&head("reading"), r#"{"value":1e400,"positive":1e-400}"#).await?;
    assert!(
        response.starts_with("HTTP/1.1 204") && response.contains("x-seen: 1e400"),
        "{response}"
    );
    let response = server.send(&head("reading"), r#"{"positive":1e400,"byDay":{"x":1}}"#).await?;
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    assert!(body(&response).contains("/value is required"), "{response}");
    assert!(body(&response).contains("/byDay must have property names"), "{response}");
    let response = server.send(&head("counts"), "[[1.0,2],[3e0]]").await?;
    assert_eq!(body(&response), "6", "{response}");
    let response = server.send(&head("counts"), "[[1.5]]").await?;
    assert!(body(&response).contains("/0/0 must be an integer"), "{response}");

    let script = Script::start([whole(200, "application/json", "6.0")]).await?;
    let client = generated_fixtures::constraints_exact::Client::builder();
    let sum = client.base_url(&script.url).build()?.add_counts([vec![1, 5]]).send().await?;
    assert_eq!(*sum, 6);
    Ok(())
}
