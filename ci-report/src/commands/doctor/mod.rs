//! `doctor`: what works, and how to fix what does not.
//!
//! | module | responsibility |
//! |---|---|
//! | `finding` | the result of a check, in one line |
//! | `service` | keys, address, connection and clock |
//! | `machine` | proxy, CI system, commit, and undelivered events |

mod finding;
mod machine;
mod service;

use std::time::Duration;

use clap::Args;

use self::finding::{Finding, Severity};
use crate::drawing::Output;
use crate::reading::connection::block_on;
use crate::settings::{Settings, parse_duration};
use crate::status::{ExitCode, Failure};

/// Check keys, connection, clock, CI system, commit and undelivered events.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report doctor
  ci-report doctor --offline

Each check is one line: ok, note or FAIL, what was found, and how to fix it. The exit code is 1 if a
check fails. Keys are never printed.")]
pub(crate) struct Arguments {
    /// Send no request.
    #[arg(long)]
    offline: bool,
    /// How long each request may take.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    timeout: Duration,
}

impl Arguments {
    /// Runs all checks. The exit code is 1 if one fails.
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let settings = Settings::from_env();
        let mut out = Output::new();
        let mut is_good = true;
        let mut print = |finding: Finding, out: &mut Output| {
            is_good &= finding.severity != Severity::Fail;
            // Whatever was read from the environment may contain a key.
            out.line(&settings.mask.apply(finding.line(out.style)))
        };
        for finding in service::settings(&settings) {
            print(finding, &mut out)?;
        }
        print(machine::proxy(&settings), &mut out)?;
        // The requests may take a while.
        out.flush()?;
        if !self.offline {
            for finding in block_on(service::requests(&settings, self.timeout))? {
                print(finding, &mut out)?;
            }
        }
        for finding in machine::findings(&settings) {
            print(finding, &mut out)?;
        }
        out.flush()?;
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
