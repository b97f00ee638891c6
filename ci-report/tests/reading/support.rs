//! The program under test, and the intake that it talks to.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use datadog_ci_intake::LocalIntake;
use datadog_ci_pipelines::PipelineEvent;
use datadog_ci_pipelines::models::{Step, StepStatus};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The time of the intake.
pub(crate) const NOW: &str = "2026-07-14T12:00:00Z";

/// A run with a failed job.
pub(crate) const TIMELINE: &str = "\
level,name,id,start,end,status,parent,queue_time,url,error,error_type
pipeline,deploy,run-1,2026-07-14T10:00:00Z,2026-07-14T10:09:00Z,error,,3,https://ci.example/1,,
stage,build,s-1,2026-07-14T10:00:00Z,2026-07-14T10:05:00Z,success,deploy,,,,
job,compile,j-1,2026-07-14T10:00:20Z,2026-07-14T10:05:00Z,success,build,20,,,
step,cargo build,p-1,2026-07-14T10:00:22Z,2026-07-14T10:04:50Z,success,compile,,,,
job,lint,j-2,2026-07-14T10:00:20Z,2026-07-14T10:02:20Z,success,build,,,,
job,test,j-3,2026-07-14T10:05:00Z,2026-07-14T10:09:00Z,error,deploy,,,,
step,unit tests,p-2,2026-07-14T10:05:10Z,2026-07-14T10:08:50Z,error,test,,,\"2 of 90 tests failed
cart::adds: expected 1, found 2\",AssertionError
";

/// An intake with a fixed time, and a home directory for the program.
pub(crate) struct Setup {
    pub(crate) intake: LocalIntake,
    pub(crate) runtime: Runtime,
    pub(crate) home: TempDir,
}

/// What the program printed.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Printed {
    /// Returns stdout of a program that succeeded.
    #[track_caller]
    pub(crate) fn success(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        self.stdout
    }

    /// Returns stderr of a program that failed.
    #[track_caller]
    pub(crate) fn failure(self) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (1, ""), "{}", self.stderr);
        self.stderr
    }
}

impl Setup {
    /// Starts an intake whose clock shows [`NOW`].
    pub(crate) fn new() -> Self {
        let setup = Self::with_real_clock();
        setup.intake.clock().set(NOW.parse().unwrap());
        setup
    }

    pub(crate) fn with_real_clock() -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let intake = runtime.block_on(LocalIntake::start()).unwrap();
        Self { intake, runtime, home: tempfile::tempdir().unwrap() }
    }

    /// Starts an intake with the run of [`TIMELINE`].
    pub(crate) fn with_run() -> Self {
        let setup = Self::new();
        let printed = setup.run_with(&["import", "-"], TIMELINE.as_bytes());
        assert_eq!(printed.stdout, "7 of 7 events accepted\n", "{}", printed.stderr);
        setup
    }

    /// Returns the program with the variables that select the intake, and no others.
    pub(crate) fn command(&self) -> Command {
        let mut command = program(self.home.path());
        command.env("DD_URL", self.intake.url()).env("DD_API_KEY", "k-1").env("DD_APP_KEY", "k-2");
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Printed {
        run(self.command().args(arguments), b"")
    }

    /// Runs the program with an input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Printed {
        run(self.command().args(arguments), input)
    }

    /// Sends a number of steps.
    pub(crate) fn send_steps(&self, count: usize) {
        let step = |i: usize| {
            let step = Step::builder()
                .id(format!("step-{i}"))
                .name(format!("step number {i}"))
                .pipeline_unique_id("run-2")
                .pipeline_name("many")
                .start("2026-07-14T10:00:00Z".parse().unwrap())
                .end("2026-07-14T11:00:00Z".parse().unwrap())
                .status(StepStatus::Success);
            PipelineEvent::new(step.build().unwrap())
        };
        let sent = self.intake.client().send_all((0..count).map(step));
        let report = self.runtime.block_on(async { sent.await });
        assert_eq!(report.into_result().unwrap(), count);
    }
}

/// Returns the program without any variables of this process.
pub(crate) fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ci-report"));
    command.env_clear().env("HOME", home).current_dir(home);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// Runs a command with an input to its end.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Printed {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The program may end before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Printed {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}
