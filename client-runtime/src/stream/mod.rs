pub(crate) mod download;
#[cfg(feature = "streams")]
pub(crate) mod events;
#[cfg(feature = "streams")]
pub(crate) mod json_lines;
#[cfg(feature = "streams")]
pub(crate) mod open;
