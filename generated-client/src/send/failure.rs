//! What a failed request means for later ones, and what to check.

use crate::Error;

/// Returns whether sending the same events again cannot succeed: credentials are missing or wrong, the
/// address is not that of the API, or a test double does not implement the operation.
#[cfg(any(feature = "outbox", feature = "reporter"))]
pub(crate) fn is_permanent(error: &Error) -> bool {
    match error {
        Error::Config(_) | Error::Validation(_) => true,
        Error::Api(error) => is_permanent_status(error.status),
        // The response is not that of the API, unless the service has failed.
        Error::Decode(error) => error.status < 300 || is_permanent_status(error.status),
        _ => false,
    }
}

/// Redirects are not followed. 408, 425 and 429 ask for another attempt.
#[cfg(any(feature = "outbox", feature = "reporter"))]
fn is_permanent_status(status: u16) -> bool {
    match status {
        408 | 425 | 429 => false,
        300..=499 | 501 => true,
        _ => false,
    }
}

/// Describes an error, with what to check if the cause is probably a setting.
pub(crate) fn explain(error: &Error) -> String {
    let advice = match error.status() {
        Some(401 | 403) => {
            "; check that DD_API_KEY is a key of the site that DD_SITE names (datadoghq.com if it is \
             not set)"
        }
        Some(300..=399 | 404 | 405) => {
            "; check DD_SITE and DD_URL: nothing takes CI events at this address"
        }
        _ => "",
    };
    format!("{error}{advice}")
}
