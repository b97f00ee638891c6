//! Delivers what waits.

use std::time::Duration;

use crate::report::{clean, print_message};
use crate::settings::{Settings, parse_duration};
use crate::spool::Spool;
use crate::status::{ExitCode, Failure};

/// Deliver all events that wait on this machine, from any process and run.
///
/// It belongs at the end of a job whose machine is not used again. It prints what could not be
/// delivered; the exit code is 0 anyway.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ci-report flush --deadline 10s")]
pub(crate) struct Flush {
    /// Give up after this time
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    deadline: Duration,
    /// Exit with 1 if events are left
    #[arg(long)]
    strict: bool,
}

/// Delivers until the deadline.
pub(crate) fn flush(arguments: &Flush) -> Result<ExitCode, Failure> {
    let settings = Settings::from_env();
    if settings.api_key.is_none() {
        return Ok(ExitCode::SUCCESS);
    }
    clean(&settings);
    let spool = Spool::new(&settings);
    let flushed = crate::spool::flush(&settings, &spool, arguments.deadline);
    if settings.verbose || flushed.left > 0 || flushed.rejected > 0 {
        print_message(&flushed.to_string());
        if flushed.rejected > 0 {
            print_message("`ci-report status` lists rejected events");
        }
    }
    match arguments.strict && flushed.left > 0 {
        true => Ok(ExitCode::FAILURE),
        false => Ok(ExitCode::SUCCESS),
    }
}
