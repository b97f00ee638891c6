//! `ci-report`: report any CI run from any shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    ci_report::main()
}
