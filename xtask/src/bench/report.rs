//! What a command costs that is wrapped by `ci-report`, paired with the bare command.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, process};

use super::load::{Program, build};
use crate::timed::failed;
use crate::workspace::root;

/// What to measure.
#[derive(Clone, Debug, clap::Args)]
pub struct Report {
    /// Number of pairs of each case.
    #[arg(long, default_value_t = 50)]
    pairs: usize,
    /// Measure this program instead of a release build of the workspace.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Use this intake instead of a release build of the workspace.
    #[arg(long)]
    intake: Option<PathBuf>,
    /// Also measure Datadog's command `datadog-ci trace`, which npm installs into `target`.
    #[arg(long)]
    datadog_ci: bool,
}

/// The version of `datadog-ci` that is measured.
const DATADOG_CI: &str = "@datadog/datadog-ci@5.25.0";

/// Measures `true` in turn with `ci-report run -- true`.
pub(super) fn run(report: &Report) -> Result<(), String> {
    let program = report.program.clone().map_or_else(|| build("ci-report"), Ok)?;
    // Commands run in a directory of their own.
    let program = program.canonicalize().map_err(|error| failed("find", &program, &error))?;
    let intake = Program::start(report.intake.as_deref(), false)?;
    let listen = || TcpListener::bind("127.0.0.1:0").map_err(|error| format!("error: {error}"));
    let address = |listener: &TcpListener| {
        listener
            .local_addr()
            .map(|address| address.to_string())
            .map_err(|error| format!("error: {error}"))
    };
    // Nothing listens after this statement.
    let refused = address(&listen()?)?;
    // It accepts connections and never responds.
    let silent = listen()?;
    let cases = [
        ("without a key", None),
        ("service up", Some(intake.address().to_owned())),
        ("connection refused", Some(refused)),
        ("no response", Some(address(&silent)?)),
    ];
    println!("| `ci-report run -- true` | `true` | wrapped | median of the differences |");
    println!("|---|---|---|---|");
    for (name, address) in cases {
        let directory = env::temp_dir().join(format!("ci-report-bench-{}", process::id()));
        fs::create_dir_all(&directory).map_err(|error| failed("create", &directory, &error))?;
        let measured = measure(report.pairs, &directory, || {
            let mut command = Command::new(&program);
            command.args(["run", "--", "true"]).env_clear().env("PATH", "/usr/bin:/bin");
            if let Some(address) = &address {
                command.env("DD_API_KEY", "local").env("DD_URL", format!("http://{address}"));
            }
            command
        });
        // Events that were not delivered must not slow down the next case.
        let _ = fs::remove_dir_all(&directory);
        let [bare, wrapped, difference] = measured?;
        println!("| {name} | {bare:.2} ms | {wrapped:.2} ms | {difference:.2} ms |");
    }
    if report.datadog_ci {
        measure_datadog_ci(report.pairs)?;
    }
    locks(&program)
}

/// Shells that report in parallel: each starts and finishes steps in a run that they share.
const SHELLS: &str = "ci-report start pipeline p
    shell() {
        ci-report start job \"$1\"; n=0
        while [ $n -lt 25 ]; do n=$((n+1)); ci-report start step $n; ci-report finish; done
        ci-report finish
    }
    for s in 1 2 3 4 5 6 7 8; do shell $s & done; wait
    ci-report finish";

/// Prints for how long the state of a run is locked by the processes of 8 shells.
fn locks(program: &Path) -> Result<(), String> {
    let directory = env::temp_dir().join(format!("ci-report-locks-{}", process::id()));
    fs::create_dir_all(&directory).map_err(|error| failed("create", &directory, &error))?;
    let folder = program.parent().unwrap_or(program).display();
    let mut command = Command::new("sh");
    command.args(["-c", SHELLS]).env_clear().current_dir(&directory).env("HOME", &directory);
    command.env("PATH", format!("{folder}:/usr/bin:/bin")).env("CI_REPORT_VERBOSE", "1");
    command.env("DD_API_KEY", "local").env("DD_URL", "http://127.0.0.1:1").stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("error: cannot run sh: {error}"));
    let _ = fs::remove_dir_all(&directory);
    let stderr = String::from_utf8_lossy(&output?.stderr).into_owned();
    let times = stderr.lines().filter_map(|line| {
        line.strip_prefix("ci-report: the state was locked for ")?.strip_suffix(" ms")?.parse().ok()
    });
    let times: Vec<f64> = times.collect();
    let longest = times.iter().copied().fold(0.0, f64::max);
    println!("\n| locks of the state by 8 shells | median | longest |\n|---|---|---|");
    let count = times.len();
    println!("| {count} | {:.2} ms | {longest:.2} ms |", median(times));
    Ok(())
}

/// Measures `datadog-ci trace --dry-run -- true`, which sends nothing. It needs Node.js and npm.
fn measure_datadog_ci(pairs: usize) -> Result<(), String> {
    let has = |name: &str| Command::new(name).arg("--version").stdout(Stdio::null()).status();
    for name in ["node", "npm"] {
        if !has(name).is_ok_and(|status| status.success()) {
            println!("skipped: `datadog-ci`, because `{name}` is missing");
            return Ok(());
        }
    }
    let directory = root()?.join("target/datadog-ci");
    let program = directory.join("node_modules/.bin/datadog-ci");
    fs::create_dir_all(&directory).map_err(|error| failed("create", &directory, &error))?;
    let mut install = Command::new("npm");
    install.args(["install", "--no-save", "--no-fund", "--no-audit", "--prefix"]);
    time(install.arg(&directory).arg(DATADOG_CI))?;
    let path = env::var_os("PATH").unwrap_or_default();
    let [bare, wrapped, difference] = measure(pairs, &directory, || {
        let mut command = Command::new(&program);
        command.args(["trace", "--dry-run", "--", "true"]).env_clear().env("PATH", &path);
        // It refuses CI systems that it does not know.
        command.env("DD_API_KEY", "local").env("GITLAB_CI", "true").stderr(Stdio::null());
        command
    })?;
    println!("| `{DATADOG_CI}`, dry run | {bare:.2} ms | {wrapped:.2} ms | {difference:.2} ms |");
    Ok(())
}

/// Returns the medians of the bare command, of the wrapped one, and of their differences, in
/// milliseconds.
fn measure(
    pairs: usize,
    directory: &Path,
    command: impl Fn() -> Command,
) -> Result<[f64; 3], String> {
    let (mut bare, mut wrapped, mut differences) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..pairs {
        let plain = time(Command::new("true").env_clear().env("PATH", "/usr/bin:/bin"))?;
        let with = time(command().env("HOME", directory).current_dir(directory))?;
        bare.push(plain);
        wrapped.push(with);
        differences.push(with - plain);
    }
    Ok([median(bare), median(wrapped), median(differences)])
}

/// Runs a command that must succeed, and returns its duration in milliseconds.
fn time(command: &mut Command) -> Result<f64, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let status =
        command.status().map_err(|error| format!("error: cannot run {command:?}: {error}"))?;
    let took: Duration = started.elapsed();
    match status.success() {
        true => Ok(took.as_secs_f64() * 1000.0),
        false => Err(format!("error: {command:?} exited with {status}")),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
