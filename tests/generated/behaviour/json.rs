//! Reading and writing JSON in tests.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[expect(clippy::expect_used, reason = "a test helper: the text is part of the test")]
pub(super) fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a value of the type")
}

#[expect(clippy::expect_used, reason = "a test helper: the value is part of the test")]
pub(super) fn written<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("a value that can be written")
}

/// Reads a value and checks that it is written as it came.
pub(super) fn unchanged<T: DeserializeOwned + Serialize>(text: &str) -> T {
    let value = read(text);
    assert_eq!(written(&value), read::<Value>(text), "{text}");
    value
}

/// Why a text is refused.
#[expect(clippy::expect_used, reason = "a test helper: the text is part of the test")]
pub(super) fn refused<T: DeserializeOwned + Debug>(text: &str) -> String {
    serde_json::from_str::<T>(text).expect_err("not a value of the type").to_string()
}
