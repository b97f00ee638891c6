pub(crate) mod download;
pub(crate) mod events;
pub(crate) mod json_lines;
pub(crate) mod open;
