//! A new project that uses the packages as their READMEs show.

use std::process::Command;

use super::folder::{Folder, output};
use super::service::Service;
use crate::timed::{lock, write};

const MANIFEST: &str = r#"[package]
name = "project"
version = "0.0.0"
edition = "2024"

[build-dependencies]
specwright = "VERSION"

[dependencies]
datadog-ci-pipelines = { version = "VERSION", features = ["reporter"] }
specwright-macro = "VERSION"
specwright-runtime = { version = "VERSION", features = ["pattern"] }
specwright-server = "VERSION"
tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "sync"] }

[dev-dependencies]
datadog-ci-intake = { version = "VERSION", default-features = false }

[workspace]
"#;

const DOCUMENT: &str = r#"openapi: 3.1.0
info: { title: Clock, version: "1" }
paths:
  /time/{zone}:
    get:
      operationId: getTime
      parameters:
        - { name: zone, in: path, required: true, schema: { type: string, pattern: "^[A-Z]+$" } }
      responses:
        "200":
          description: The current time.
          content: { application/json: { schema: { type: string, format: date-time } } }
"#;

const BUILD_SCRIPT: &str = r#"fn main() -> Result<(), specwright::GeneratorError> {
    specwright::Generator::new("clock.yaml").generate()?;
    specwright::Generator::new("clock.yaml").server("super::clock::models").generate()?;
    Ok(())
}
"#;

/// Calls a generated server with two generated clients, reports a run to the API that the
/// environment names, and reads this run and one that `ci-report` has reported.
const PROGRAM: &str = r#"use std::error::Error;
use std::future::pending;
use std::sync::Arc;

use datadog_ci_pipelines::{Client, Reporter};
use specwright_server::{Call, Credentials, Limits, Operation, Rejection, Response, serve};
use tokio::net::TcpListener;

mod clock {
    include!(concat!(env!("OUT_DIR"), "/clock.rs"));
}
mod served {
    include!(concat!(env!("OUT_DIR"), "/clock_server.rs"));
}
mod expanded {
    specwright_macro::generate_api!("clock.yaml");
}

const TIME: &str = "2026-07-14T10:00:00Z";

struct Clock;

impl served::Api for Clock {
    fn authorize(&self, _: &'static Operation, _: &Credentials) -> Result<(), Rejection> {
        Ok(())
    }

    async fn get_time(
        &self,
        _: served::operations::GetTime,
        _: Call,
    ) -> Result<Response<specwright_runtime::Timestamp>, Rejection> {
        TIME.parse().map(Response::new).map_err(|_| Rejection::new(500, "no time".to_owned()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let router = served::router(Arc::new(Clock), Limits::default());
    let server = tokio::spawn(serve(listener, router, Limits::default(), pending::<()>()));
    let built = clock::Client::builder().base_url(&address).build()?;
    assert_eq!(built.get_time("UTC").send().await?.to_string(), TIME);
    assert!(built.get_time("utc").send().await.is_err(), "the pattern is checked");
    let expanded = expanded::Client::builder().base_url(&address).build()?;
    assert_eq!(expanded.get_time("UTC").send().await?.to_string(), TIME);
    server.abort();

    let client = Client::from_env()?;
    let reporter = Reporter::new(client.clone()).provider_name("rehearsal");
    let run = reporter.pipeline("from-rust", "https://ci.example/run/1").start();
    run.job("build", "https://ci.example/job/1").start().success();
    println!("{}", run.success().await);
    let mut names = Vec::new();
    let search = client.search_pipeline_events().query("ci_level:pipeline @ci.status:success");
    let mut events = search.from("now-1h").stream();
    while let Some(event) = events.try_next().await? {
        names.extend(event.str("ci.pipeline.name").map(String::from));
    }
    names.sort();
    assert_eq!(names, ["from-rust", "from-shell"]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use datadog_ci_intake::LocalIntake;
    use datadog_ci_pipelines::Reporter;

    #[tokio::test]
    async fn a_run_is_reported() -> Result<(), Box<dyn std::error::Error>> {
        let intake = LocalIntake::start().await?;
        let run = Reporter::new(intake.client()).pipeline("a", "https://ci.example/run/1").start();
        assert!(run.success().await.is_complete());
        assert_eq!(intake.events().len(), 1);
        Ok(())
    }
}
"#;

/// Writes the project.
pub(super) fn create(folder: &Folder, version: &str) -> Result<(), String> {
    let project = folder.join("project");
    write(&project.join("Cargo.toml"), &MANIFEST.replace("VERSION", version))?;
    write(&project.join("build.rs"), BUILD_SCRIPT)?;
    write(&project.join("clock.yaml"), DOCUMENT)?;
    write(&project.join("src/main.rs"), PROGRAM)?;
    // The same versions of all other packages, which are then compiled once.
    lock(&project)
}

/// Generates a crate with the installed command, and checks and compiles it.
pub(super) fn generate(folder: &Folder) -> Result<(), String> {
    for command in ["generate", "check", "inspect"] {
        let mut specwright = Command::new(folder.program("specwright"));
        specwright.arg(command).arg("--spec").arg(folder.join("project/clock.yaml"));
        if command != "inspect" {
            specwright.arg("--standalone").arg("--out").arg(folder.join("client"));
        }
        output(&mut specwright)?;
    }
    lock(&folder.join("client"))?;
    output(folder.cargo(&folder.join("client")).args(["check", "--quiet"])).map(drop)
}

/// Reports a run with the installed command, without an account and to an intake. Then the program
/// of the project reports another one, and reads both.
pub(super) fn report(folder: &Folder) -> Result<(), String> {
    let service = Service::start(&folder.program("datadog-ci-intake"))?;
    let intake =
        [("DD_URL", service.url.as_str()), ("DD_API_KEY", "local"), ("DD_APP_KEY", "local")];
    let reporting = |arguments: &[&str]| {
        let mut command = Command::new(folder.program("ci-report"));
        command.args(arguments).current_dir(folder.join("project"));
        command.env("CI_REPORT_STATE_DIR", folder.join("state/runs"));
        command.env("CI_REPORT_OUTBOX", folder.join("state/events"));
        for (name, _) in intake {
            command.env_remove(name);
        }
        command
    };
    output(&mut reporting(&["run", "--", "true"]))?;
    for arguments in [
        &["run", "--pipeline", "from-shell", "--", "true"][..],
        &["flush", "--strict", "--deadline", "30s"],
    ] {
        output(reporting(arguments).envs(intake))?;
    }
    let program = folder.join(format!("target/debug/project{}", std::env::consts::EXE_SUFFIX));
    output(Command::new(program).envs(intake))?;
    let shown = output(reporting(&["list", "--output", "json"]).envs(intake))?;
    match shown.contains("from-rust") && shown.contains("from-shell") {
        true => Ok(()),
        false => Err(format!("{shown}\nerror: `ci-report list` does not print both runs")),
    }
}
