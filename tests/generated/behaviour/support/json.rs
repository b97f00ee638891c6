//! Decoding and encoding JSON.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[expect(clippy::expect_used, reason = "a test helper: the JSON is part of the test")]
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("a value of the type")
}

#[expect(clippy::expect_used, reason = "a test helper: the value is part of the test")]
pub(crate) fn written<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("a value that can be encoded")
}

/// Decodes a value, and checks that it is equal after encoding.
pub(crate) fn unchanged<T: DeserializeOwned + Serialize>(json: &str) -> T {
    let value = read(json);
    assert_eq!(written(&value), read::<Value>(json), "{json}");
    value
}

/// Returns the message of the decoding error.
#[expect(clippy::expect_used, reason = "a test helper: the JSON is part of the test")]
pub(crate) fn decode_error<T: DeserializeOwned + Debug>(json: &str) -> String {
    serde_json::from_str::<T>(json).expect_err("not a value of the type").to_string()
}
