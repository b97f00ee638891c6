//! Attributes: which property of a sent event becomes which attribute, in responses and in queries.

mod events;
mod paths;
mod resources;
mod row;
