//! `cargo xtask ci`: everything that has to hold before a change lands, in order.

use std::fs;
use std::process::Command;
use std::time::Instant;

use crate::generate;
use crate::workspace::{self, root};

/// The ways to get TLS that are built and checked. The system's own TLS needs its headers.
const TLS_FEATURES: [&str; 3] = ["", "rustls-ring", "rustls-aws-lc"];

/// Further features of the client, each without the others.
const FEATURES: [&str; 5] = ["blocking", "gzip,zstd", "outbox", "reporter", "tracing"];

/// Runs every step; the first that fails ends it.
///
/// # Errors
/// Fails with the step that failed.
pub fn run() -> Result<(), String> {
    step("format", || cargo(&["fmt", "--all", "--", "--check"]))?;
    step("clippy", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])
    })?;
    step("drift", || generate::run(&generate::Arguments { check: true, ..Default::default() }))?;
    step("tests", || cargo(&["test", "--workspace"]))?;
    step("docs", docs)?;
    step("features", features)?;
    step("a crate of its own", own_crate)?;
    println!("\nAll steps passed.");
    Ok(())
}

fn step(name: &str, run: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    println!("\n=== {name}");
    let started = Instant::now();
    run().map_err(|error| format!("{error}\nerror: the step `{name}` failed"))?;
    println!("=== {name}: passed in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn cargo(arguments: &[&str]) -> Result<(), String> {
    execute(workspace::cargo()?.args(arguments), arguments)
}

fn docs() -> Result<(), String> {
    let all = FEATURES.map(|features| features.replace(',', ",datadog-ci-pipelines/"));
    let all = format!("datadog-ci-pipelines/{}", all.join(",datadog-ci-pipelines/"));
    let arguments = ["doc", "--workspace", "--no-deps", "--quiet", "--features", &all];
    execute(workspace::cargo()?.args(arguments).env("RUSTDOCFLAGS", "--deny warnings"), &arguments)
}

/// A generated crate with all of its features, with none, and with some.
fn own_crate() -> Result<(), String> {
    const FEATURES: [&[&str]; 5] = [
        &[],
        &["--all-features"],
        &["--no-default-features"],
        &["--no-default-features", "--features", "fish"],
        &["--no-default-features", "--features", "big-cats,test-doubles,blocking"],
    ];
    let fixtures = root()?.join("codegen/tests/fixtures/crate/tags");
    let out = root()?.join("target/own-crate");
    let mut arguments = generate::Arguments {
        spec: Some(fixtures.join("spec.yaml")),
        out: Some(out.clone()),
        ..Default::default()
    };
    arguments.choice.config = Some(fixtures.join("config.toml"));
    generate::run(&arguments)?;
    // The versions that this workspace is tested with.
    fs::copy(root()?.join("Cargo.lock"), out.join("Cargo.lock"))
        .map_err(|error| format!("error: cannot copy Cargo.lock: {error}"))?;
    let manifest = out.join("Cargo.toml").display().to_string();
    for features in FEATURES {
        let arguments =
            [&["check", "--quiet", "--manifest-path", &manifest][..], features].concat();
        let mut command = workspace::cargo()?;
        command.args(&arguments).env("RUSTFLAGS", "--deny warnings");
        command.env("CARGO_TARGET_DIR", root()?.join("target/own-crate-target"));
        execute(&mut command, &arguments)?;
    }
    Ok(())
}

/// The client with each way to get TLS and with each of its other features, and the runtime with
/// each of its own.
fn features() -> Result<(), String> {
    for tls in TLS_FEATURES {
        cargo(&[
            "check",
            "--quiet",
            "--package",
            "datadog-ci-pipelines",
            "--no-default-features",
            "--features",
            tls,
        ])?;
    }
    for features in FEATURES {
        cargo(&["check", "--quiet", "--package", "datadog-ci-pipelines", "--features", features])?;
    }
    cargo(&["check", "--quiet", "--package", "specwright-runtime", "--features", "pattern"])?;
    cargo(&["check", "--quiet", "--package", "specwright", "--no-default-features"])?;
    let git = ["--package", "datadog-ci-pipelines", "--features", "git", "--test", "reporter"];
    cargo(&[&["clippy", "--quiet"][..], &git, &["--", "--deny", "warnings"]].concat())?;
    cargo(&[&["test", "--quiet"][..], &git].concat())?;
    // Needs the headers of OpenSSL on Linux, which a bare machine has not.
    let has_openssl = Command::new("pkg-config")
        .args(["--exists", "openssl"])
        .status()
        .is_ok_and(|status| status.success());
    if cfg!(not(target_os = "linux")) || has_openssl {
        cargo(&[
            "check",
            "--quiet",
            "--package",
            "datadog-ci-pipelines",
            "--no-default-features",
            "--features",
            "native-tls",
        ])
    } else {
        println!("left out: native-tls, because this machine has no headers of OpenSSL");
        Ok(())
    }
}

fn execute(command: &mut Command, arguments: &[&str]) -> Result<(), String> {
    let shown = format!("cargo {}", arguments.join(" "));
    println!("{shown}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("error: `{shown}` ended with {status}")),
        Err(error) => Err(format!("error: `{shown}` could not be run: {error}")),
    }
}
