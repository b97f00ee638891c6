//! JSON bodies: what is decoded and encoded again is the same.

use std::fmt::Debug;

use datadog_ci_pipelines::models::{
    AggregateRequest, AggregateResponse, ApiErrors, EventsPage, SearchRequest, SendRequest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use specwright_model::validate::{Validate, Validator};

use crate::api::models::Value;

/// Checks a body. The first byte selects its type.
pub fn bodies(data: &[u8]) {
    let [selected, body @ ..] = data else { return };
    // The client and the server ignore it before they decode.
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    match selected % 8 {
        0 => check::<SendRequest>(body, SendRequest::check),
        1 => check::<EventsPage>(body, |_, _| {}),
        2 => check::<AggregateRequest>(body, |_, _| {}),
        3 => check::<AggregateResponse>(body, |_, _| {}),
        4 => check::<SearchRequest>(body, SearchRequest::check),
        5 => check::<ApiErrors>(body, |_, _| {}),
        _ => check::<Value>(body, Value::check),
    }
}

fn check<T>(body: &[u8], validate: fn(&T, &mut Validator))
where
    T: DeserializeOwned + 'static + Serialize + PartialEq + Debug,
{
    let violations = |value: &T| {
        let mut validator = Validator::new();
        validate(value, &mut validator);
        validator.finish()
    };
    let received = serde_json::from_slice::<T>(body);
    if let Ok(value) = &received {
        let encoded = serde_json::to_string(value).expect("what was decoded can be encoded");
        let again: T = serde_json::from_str(&encoded).expect("what was encoded can be decoded");
        assert_eq!(*value, again, "{encoded}");
        assert_eq!(encoded, serde_json::to_string(&again).expect("encoded before"));
        assert_eq!(violations(value), violations(&again), "{encoded}");
        let [sent, encoded] = [serde_json::from_slice(body), serde_json::from_str(&encoded)];
        if let (Ok(sent), Ok(encoded)) = (sent, encoded) {
            assert!(is_same(&sent, &encoded), "{sent} is encoded as {encoded}");
        }
    }
    match specwright_server::decode::<T>(body, |validator, value| validate(value, validator)) {
        Ok(value) => assert_eq!(received.ok(), Some(value), "client and server decode the same"),
        Err(problems) => assert!(!problems.is_empty(), "a rejection has a reason"),
    }
}

/// Whether two values mean the same: `null` is an absent property, and numbers are compared by value.
fn is_same(sent: &Json, encoded: &Json) -> bool {
    match (sent, encoded) {
        (Json::Object(sent), Json::Object(encoded)) => {
            let covers = |one: &serde_json::Map<String, Json>,
                          other: &serde_json::Map<String, Json>| {
                one.iter().all(|(name, value)| match other.get(name) {
                    Some(other) => is_same(value, other),
                    None => value.is_null(),
                })
            };
            covers(sent, encoded) && covers(encoded, sent)
        }
        (Json::Array(sent), Json::Array(encoded)) => {
            sent.len() == encoded.len()
                && sent.iter().zip(encoded).all(|(sent, encoded)| is_same(sent, encoded))
        }
        (Json::Number(sent), Json::Number(encoded)) => {
            sent == encoded || sent.as_f64() == encoded.as_f64()
        }
        _ => sent == encoded,
    }
}
