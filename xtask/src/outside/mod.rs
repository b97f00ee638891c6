//! Checks against programs and test suites that others wrote.
//!
//! | module | responsibility |
//! |---|---|
//! | `conformance` | runs the JSON Schema test suite through generated types |
//! | `interop` | checks the intake with Datadog's Python client |

pub mod conformance;
pub mod interop;
