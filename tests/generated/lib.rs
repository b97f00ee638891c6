//! The code that the generator makes of each case in `codegen/tests/fixtures/generate`, compiled.
//!
//! Each case is a module with the client; the module of the same name in `servers` has the server.
//! The build script generates them, so the tests use what the generator emits now.
#![deny(warnings)]

include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
