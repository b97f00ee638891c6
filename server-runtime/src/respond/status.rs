//! A status that a handler chooses among several.

use std::ops::RangeInclusive;

use crate::reject::Rejection;

/// The status of a response that the OpenAPI document describes by a range (`4XX`) or as the
/// default. The constructors of generated enums check it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseStatus(u16);

impl ResponseStatus {
    /// Creates a status, if it is in a range and has no response of its own.
    ///
    /// # Errors
    /// Returns a rejection with the status 500: the handler chose a wrong status.
    #[doc(hidden)]
    pub fn new(
        code: u16,
        range: RangeInclusive<u16>,
        others: &[RangeInclusive<u16>],
    ) -> Result<Self, Rejection> {
        if !range.contains(&code) {
            let message = format!(
                "the status of this response is {} to {}, not {code}",
                range.start(),
                range.end()
            );
            return Err(Rejection::new(500, message));
        }
        if others.iter().any(|other| other.contains(&code)) {
            let message = format!("the status {code} has a response of its own");
            return Err(Rejection::new(500, message));
        }
        Ok(Self(code))
    }

    /// Returns the status code.
    #[must_use]
    pub fn code(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_in_its_range_and_not_described_otherwise() {
        let others = [404..=404, 420..=429];
        let checked = |code| ResponseStatus::new(code, 400..=499, &others);
        assert_eq!(checked(418).map(ResponseStatus::code), Ok(418));
        for code in [399, 404, 425, 500] {
            assert_eq!(checked(code).map_err(|error| error.status), Err(500), "{code}");
        }
    }
}
