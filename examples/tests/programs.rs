//! Runs each program, against the intake.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use datadog_ci_intake::LocalIntake;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Creates a command for a program, without the variables of this process that name an account.
fn program(name: &str, intake: &LocalIntake) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_specwright-examples"));
    command.arg(name).env("DD_URL", intake.url());
    command.env("DD_API_KEY", "local").env("DD_APP_KEY", "local");
    command
}

/// Runs a program to its end, and returns what it prints.
fn printed(command: &mut Command) -> Outcome<String> {
    let output = command.output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// Returns the names of the stored events of a level, in alphabetical order.
fn names(intake: &LocalIntake, level: &str) -> Vec<String> {
    let events = intake.events().into_iter().filter(|event| event.level.name() == level);
    let mut names: Vec<_> = events
        .filter_map(|event| Some(event.attributes["ci"][level]["name"].as_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn report_list_and_time_series() -> Outcome {
    let intake = LocalIntake::start().await?;
    printed(&mut program("report", &intake))?;
    assert_eq!(names(&intake, "pipeline"), ["deploy"]);
    assert_eq!(names(&intake, "job"), ["cargo test"]);
    assert_eq!(names(&intake, "step"), ["unit tests"]);

    // Only failed jobs are listed.
    assert_eq!(printed(&mut program("list", &intake))?, "");
    let reporter = datadog_ci_pipelines::Reporter::new(intake.client());
    let run = reporter.pipeline("nightly", "https://ci.example/run/2").start();
    run.job("link check", "https://ci.example/job/8").start().failed("3 links are broken");
    assert!(run.success().await.is_complete());
    assert_eq!(printed(&mut program("list", &intake))?, "nightly: link check\n");

    let series = printed(&mut program("time-series", &intake))?;
    assert!(series.contains("deploy: 95 % take less than "), "{series}");
    // One run in one of the hours.
    let runs = series.lines().skip_while(|line| !line.starts_with("nightly")).skip(1);
    let runs: f64 = runs
        .take_while(|line| line.starts_with(' '))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum();
    assert_eq!(runs, 1.0, "{series}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn outbox_and_blocking() -> Outcome {
    let intake = LocalIntake::start().await?;
    let directory = std::env::temp_dir().join(format!("examples-outbox-{}", std::process::id()));
    printed(program("outbox", &intake).env("OUTBOX", &directory))?;
    assert_eq!(names(&intake, "step"), ["migrate the database"]);
    std::fs::remove_dir_all(directory)?;

    let listed = printed(&mut program("blocking", &intake))?;
    let mut listed: Vec<_> = listed.lines().collect();
    listed.sort_unstable();
    assert_eq!(listed, ["compress the logs", "migrate the database"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn serve() -> Outcome {
    let intake = LocalIntake::start().await?;
    let mut server = program("serve", &intake).stdout(Stdio::piped()).spawn()?;
    let output = server.stdout.take().ok_or("no output")?;
    let lines: Vec<String> = BufReader::new(output).lines().take(3).collect::<Result<_, _>>()?;
    server.kill()?;
    server.wait()?;
    assert!(lines[0].starts_with("The API is available at http://127.0.0.1:"), "{lines:?}");
    assert_eq!(lines[1..], ["21.5 °C", "21.5 °C"]);
    Ok(())
}
