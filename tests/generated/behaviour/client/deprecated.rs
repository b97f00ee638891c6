//! Deprecation warnings of the compiler. `expect` is an error without a warning.

use generated_fixtures::deprecated_operations::{Client, blocking};

#[expect(clippy::unwrap_used, reason = "an unexpected error fails the test")]
fn client() -> Client {
    Client::builder().base_url("http://localhost").build().unwrap()
}

#[test]
#[expect(deprecated, reason = "the warning is what is tested")]
fn deprecated_operations_cause_a_warning() {
    let _ = client().get_old();
}

/// In a function of its own, because one warning is enough for `expect`.
#[test]
#[expect(deprecated, reason = "the warning is what is tested")]
fn deprecated_blocking_calls_cause_a_warning() {
    let _ = blocking::Client::new(client()).unwrap().put_old();
}

#[test]
#[deny(deprecated)]
fn other_operations_cause_no_warning() {
    let _ = client().put_new();
}
