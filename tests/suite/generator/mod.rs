//! Tests of the generator: what it makes of small descriptions, how that behaves, what it
//! refuses, whether this workspace's own client is what it generates, and that no input makes
//! it panic.

mod answers;
mod behaviour;
mod bodies;
mod bodies_mirrored;
mod calls;
mod constraints;
mod diagnostics;
mod drift;
mod examples;
mod fixture;
mod json;
mod mended;
mod mirrored;
mod mutations;
mod names;
mod overlays;
mod parameters;
mod refusals;
mod rejected;
mod schemas;
mod script;
mod served;
mod server;
mod servers;
mod skipped;
mod snapshots;
mod streams;
mod streams_served;
mod unions;
mod webhooks;
