//! Checks against external programs and test suites.
//!
//! | module | responsibility |
//! |---|---|
//! | `browser` | checks the intake with pages in a browser |
//! | `conformance` | runs the test suites of JSON Schema, of overlays and of JSONPath |
//! | `fuzz` | runs the fuzz targets |
//! | `interop` | checks the intake with Datadog's clients and with random requests |
//! | `lint` | lints the workflows, the shell scripts and the Dockerfile |
//! | `mock` | calls a mock server with generated clients |
//! | `row` | the result of one check |
//! | `semver` | compares verdicts on the Rust API with those of cargo-semver-checks |
//! | `tools` | programs from package indexes |
//! | `upgrade` | compares documents of Swagger 2.0 with converted ones |

pub mod browser;
pub mod conformance;
pub mod fuzz;
pub mod interop;
pub mod lint;
pub mod mock;
mod row;
pub mod semver;
mod tools;
pub mod upgrade;
