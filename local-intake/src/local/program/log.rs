//! The log of the program, on stderr.

use std::io::{IsTerminal as _, Write};

use tracing_subscriber::EnvFilter;

/// Starts to log. `RUST_LOG` takes precedence over the level.
pub(super) fn init_logging(level: &str, as_json: bool) {
    let filter = EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        // A log that cannot be written must not affect requests.
        .log_internal_errors(false)
        .with_writer(|| InfallibleWriter(std::io::stderr()));
    if as_json { log.json().init() } else { log.init() }
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
