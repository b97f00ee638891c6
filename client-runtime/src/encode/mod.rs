pub(crate) mod body;
pub(crate) mod compression;
pub(crate) mod sending;
