//! Random values: what is encoded and decoded again is what it was.

mod json;
mod read;
mod runs;
pub(crate) mod valid;
mod values;

use std::fmt::Debug;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Few enough cases for a debug build. Nothing is written: what failed is in the message.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Fails unless a value comes back equal, from text with and without white space.
fn comes_back<T>(value: &T) -> Result<(), TestCaseError>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let failed = |error: serde_json::Error| TestCaseError::fail(error.to_string());
    let text = serde_json::to_string(value).map_err(failed)?;
    let back: T = serde_json::from_str(&text).map_err(failed)?;
    prop_assert_eq!(&back, value);
    // Equal numbers may be written differently, 1 and 1.0, and have to stay as they are.
    prop_assert_eq!(serde_json::to_string(&back).map_err(failed)?, text);

    let pretty = serde_json::to_string_pretty(value).map_err(failed)?;
    let back: T = serde_json::from_str(&pretty).map_err(failed)?;
    prop_assert_eq!(&back, value);
    Ok(())
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn a_request_to_send_comes_back(request in runs::send_request()) {
        comes_back(&request)?;
    }

    #[test]
    fn a_request_to_search_comes_back(request in read::search_request()) {
        comes_back(&request)?;
    }

    #[test]
    fn a_request_to_aggregate_comes_back(request in read::aggregate_request()) {
        comes_back(&request)?;
    }

    #[test]
    fn a_page_of_events_comes_back(page in read::events_page()) {
        comes_back(&page)?;
    }

    #[test]
    fn an_answer_to_an_aggregation_comes_back(response in read::aggregate_response()) {
        comes_back(&response)?;
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_number_comes_back(number in values::any_number()) {
        comes_back(&number)?;
    }

    #[test]
    fn a_moment_comes_back(moment in values::timestamp()) {
        comes_back(&moment)?;
    }

    #[test]
    fn any_json_comes_back(json in values::json()) {
        comes_back(&json)?;
    }
}
