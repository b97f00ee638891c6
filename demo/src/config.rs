//! The time range and page size of the searches.

use std::error::Error;

/// The result of the demo, or what did not work as expected.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The start of the time range of all searches, in the search syntax.
pub(crate) const FROM: &str = "now-12h";
/// The same, in hours.
pub(crate) const HOURS: i64 = 12;
/// The number of events per page. It is small, so that there are several pages.
pub(crate) const PAGE: i32 = 25;
