//! `intake`: the API on this machine.

use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::Args;
use datadog_ci_intake::program::{ServeOptions, serve};

use crate::drawing::{Output, note};
use crate::status::{ExitCode, Failure};

/// How long `--env` waits for the server.
const START: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_millis(500);
const BETWEEN: Duration = Duration::from_millis(20);

/// Serve the CI Visibility Pipelines API on this machine, for use without an account.
///
/// It is the program datadog-ci-intake, with the same options. Events are sent, listed, searched and
/// aggregated as with the service. `GET /_intake` lists the operations for tests.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ci-report intake & eval \"$(ci-report intake --env)\"
  ci-report run --pipeline hello -- echo hello
  ci-report show
  kill %1                                   ends the intake

  ci-report intake --listen 127.0.0.1:9000 --data events")]
pub(crate) struct Arguments {
    /// Print the variables that select this intake, for `eval`, once it accepts connections.
    #[arg(long)]
    env: bool,
    #[command(flatten)]
    options: ServeOptions,
}

impl Arguments {
    /// Serves until a signal arrives, or prints the variables.
    pub(crate) fn run(mut self) -> Result<ExitCode, Failure> {
        if self.env {
            return self.print();
        }
        // It shares the terminal with the commands that use it.
        self.options.log.get_or_insert_with(|| "warn".to_owned());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(format!("cannot start: {error}")))?;
        let address = self.options.address();
        runtime.block_on(serve(self.options)).map_err(|error| {
            let mut message = error.to_string();
            let mut source = error.source();
            while let Some(cause) = source {
                message.push_str(&format!(": {cause}"));
                source = cause.source();
            }
            if TcpStream::connect_timeout(&address, CONNECT).is_ok() {
                message.push_str(
                    "; another program listens there. If it is an intake, `eval \"$(ci-report intake --env)\"` \
                     selects it. If not, use --listen with another port, also with --env",
                );
            }
            Failure::new(message)
        })?;
        Ok(ExitCode::SUCCESS)
    }

    fn print(&self) -> Result<ExitCode, Failure> {
        let address = self.options.address();
        if address.port() == 0 {
            let message = "with --env, select a port: the one of the running intake";
            return Err(Failure::new(message));
        }
        let api_key = reference(&self.options.api_key, "INTAKE_API_KEY")?;
        let app_key = reference(&self.options.app_key, "INTAKE_APP_KEY")?;
        let mut out = Output::new();
        out.line(&format!("export DD_URL=http://{address}"))?;
        out.line(&format!("export DD_API_KEY={api_key}"))?;
        out.line(&format!("export DD_APP_KEY={app_key}"))?;
        // It may have been started by the same line of the shell.
        let started = Instant::now();
        while TcpStream::connect_timeout(&address, CONNECT).is_err() {
            if started.elapsed() > START {
                note(&format!("nothing listens on {address} yet; start `ci-report intake`"));
                break;
            }
            sleep(BETWEEN);
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns what the shell replaces by the key: keys are never printed. Any key is accepted if none is
/// required.
fn reference(key: &Option<String>, variable: &str) -> Result<String, Failure> {
    let is_set = |key: &str| !key.trim().is_empty();
    match key.as_deref().filter(|key| is_set(key)) {
        None => Ok("local".to_owned()),
        Some(key) if std::env::var(variable).is_ok_and(|value| value == key) => {
            Ok(format!("\"${variable}\""))
        }
        Some(_) => Err(Failure::new(format!(
            "with --env, export the key as {variable} instead of passing it, so that it is not printed"
        ))),
    }
}
