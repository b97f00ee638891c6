//! The log of the program, on stderr.

use std::io::{IsTerminal as _, Write};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts to log at a level. `RUST_LOG` takes precedence, and has levels of single modules, too:
/// `info,datadog_ci_intake=debug`.
pub(super) fn init_logging(level: &str, as_json: bool) {
    // Not `EnvFilter`: its regular expressions are a megabyte of the program.
    let filter = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let filter = filter.and_then(|filter| filter.parse::<Targets>().ok());
    let level = level.parse().unwrap_or(LevelFilter::INFO);
    let filter = filter.unwrap_or_else(|| Targets::new().with_default(level));
    let log = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(std::io::stderr().is_terminal())
        // A log that cannot be written must not affect requests.
        .log_internal_errors(false)
        .with_writer(|| InfallibleWriter(std::io::stderr()));
    if as_json { log.json().finish().with(filter).init() } else { log.finish().with(filter).init() }
}

/// A writer that ignores all errors.
struct InfallibleWriter(std::io::Stderr);

impl Write for InfallibleWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}
