//! The code that the generator makes of each fixture, compiled: `fixtures/generate/*.yaml`,
//! one module each, and a server for each in `servers`. The build script generates them anew, so what compiles here is what the
//! generator emits now.
#![deny(warnings)]

include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
