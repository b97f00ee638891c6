//! Tests of the generator: what it makes of small descriptions, how that behaves, what it
//! refuses, whether this workspace's own client is what it generates, and that no input makes
//! it panic.

mod drift;
mod fixture;
mod mutations;
mod rejected;
mod snapshots;
