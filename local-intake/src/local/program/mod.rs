//! The program `datadog-ci-intake` without its `main`, for other programs that serve the intake.
//!
//! | module | responsibility |
//! |---|---|
//! | `units` | numbers of bytes and durations in options |
//! | `options` | the options of the program |
//! | `log` | the log of the program, on stderr |
//! | `signals` | signals that stop the program |
//! | `serve` | serves the intake until a signal arrives |

mod log;
mod options;
mod serve;
mod signals;
mod units;

pub use options::ServeOptions;
pub use serve::serve;
