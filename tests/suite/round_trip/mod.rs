//! Random values are equal after encoding and decoding.
//!
//! | module | responsibility |
//! |---|---|
//! | `json` | lazily parsed JSON, compared with a tree |
//! | `read` | strategies for operations that read |
//! | `runs` | strategies for requests that send events |
//! | `valid` | strategies for valid events |
//! | `values` | strategies for scalars, strings and JSON |

mod json;
mod read;
mod runs;
pub(crate) mod valid;
mod values;

use std::fmt::Debug;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Returns a configuration with few cases, for debug builds. Failing inputs are only in the message.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Checks that a value is equal after encoding and decoding, with and without white space.
fn check_round_trip<T>(value: &T) -> Result<(), TestCaseError>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let failed = |error: serde_json::Error| TestCaseError::fail(error.to_string());
    let json = serde_json::to_string(value).map_err(failed)?;
    let back: T = serde_json::from_str(&json).map_err(failed)?;
    prop_assert_eq!(&back, value);
    // Equal numbers such as 1 and 1.0 must keep their notation.
    prop_assert_eq!(serde_json::to_string(&back).map_err(failed)?, json);

    let pretty = serde_json::to_string_pretty(value).map_err(failed)?;
    let back: T = serde_json::from_str(&pretty).map_err(failed)?;
    prop_assert_eq!(&back, value);
    Ok(())
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn send_requests_round_trip(request in runs::send_request()) {
        check_round_trip(&request)?;
    }

    #[test]
    fn search_requests_round_trip(request in read::search_request()) {
        check_round_trip(&request)?;
    }

    #[test]
    fn aggregate_requests_round_trip(request in read::aggregate_request()) {
        check_round_trip(&request)?;
    }

    #[test]
    fn pages_of_events_round_trip(page in read::events_page()) {
        check_round_trip(&page)?;
    }

    #[test]
    fn aggregate_responses_round_trip(response in read::aggregate_response()) {
        check_round_trip(&response)?;
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn numbers_round_trip(number in values::any_number()) {
        check_round_trip(&number)?;
    }

    #[test]
    fn timestamps_round_trip(timestamp in values::timestamp()) {
        check_round_trip(&timestamp)?;
    }

    #[test]
    fn any_json_round_trips(json in values::json()) {
        check_round_trip(&json)?;
    }
}
