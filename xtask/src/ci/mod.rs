//! `cargo xtask ci`: all checks that must pass before a change is merged, in order.
//!
//! | module | responsibility |
//! |---|---|
//! | `release` | rehearses a release, and checks what the packages depend on |

pub mod release;

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Instant;

use crate::workspace::{self, root};
use crate::{api, generate, tidy};

/// The TLS backends that are checked everywhere; `native-tls` needs OpenSSL headers on Linux.
const TLS_FEATURES: [&str; 3] = ["", "rustls-ring", "rustls-aws-lc"];

/// Other features of the client, each checked without the others.
const FEATURES: [&str; 6] =
    ["blocking", "gzip,zstd", "http2,system-proxy", "outbox", "reporter", "tracing"];

/// Runs all steps and stops at the first failure.
///
/// # Errors
/// Returns an error that names the failed step.
pub fn run() -> Result<(), String> {
    step("tidy", || tidy::run(&tidy::Arguments::default()))?;
    step("format", || cargo(&["fmt", "--all", "--", "--check"]))?;
    step("clippy", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])
    })?;
    step("drift", || generate::run(&generate::Arguments { check: true, ..Default::default() }))?;
    step("tests", || cargo(&["test", "--workspace"]))?;
    step("docs", docs)?;
    step("dependencies", release::supply::check)?;
    // The public API is built in a folder of its own. Both compile one crate at a time.
    thread::scope(|scope| {
        let arguments = api::Arguments { if_possible: true, ..Default::default() };
        let api = scope.spawn(move || api::run(arguments));
        step("features", features)?;
        step("generated crate", generated_crate)?;
        step("version", generate::check_version)?;
        step("public API", || api.join().unwrap_or_else(|_| Err("error: it panicked".to_owned())))
    })?;
    println!("\nAll steps passed.");
    Ok(())
}

fn step(name: &str, run: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    println!("\n=== {name}");
    let started = Instant::now();
    run().map_err(|error| format!("{error}\nerror: step `{name}` failed"))?;
    println!("=== {name}: passed in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn cargo(arguments: &[&str]) -> Result<(), String> {
    execute(workspace::cargo()?.args(arguments), arguments)
}

/// Documents all packages as docs.rs does. Only our own crates may use the unstable feature that
/// shows which feature an item needs.
fn docs() -> Result<(), String> {
    let packages = release::documented()?;
    let names: Vec<_> = packages.iter().map(|package| package.name.replace('-', "_")).collect();
    let features: Vec<_> = packages.iter().flat_map(|package| package.features.clone()).collect();
    let features = features.join(",");
    let arguments = ["doc", "--workspace", "--no-deps", "--quiet", "--features", &features];
    let mut command = workspace::cargo()?;
    command.args(arguments).env("RUSTC_BOOTSTRAP", names.join(","));
    execute(command.env("RUSTDOCFLAGS", "--cfg docsrs --deny warnings"), &arguments)
}

/// Checks a generated crate with all of its features, with none, and with some.
fn generated_crate() -> Result<(), String> {
    const FEATURES: [&[&str]; 5] = [
        &[],
        &["--all-features"],
        &["--no-default-features"],
        &["--no-default-features", "--features", "fish"],
        &["--no-default-features", "--features", "big-cats,test-doubles,blocking"],
    ];
    const NESTED: [&[&str]; 3] = [
        &[],
        &["--no-default-features", "--features", "crew"],
        &["--no-default-features", "--features", "international,test-doubles"],
    ];
    check_crate("tags", &FEATURES)?;
    check_crate("nested-tags", &NESTED)
}

/// Generates a crate from a fixture, and checks it with each list of features.
fn check_crate(name: &str, features: &[&[&str]]) -> Result<(), String> {
    let fixtures = root()?.join("codegen/tests/fixtures/crate").join(name);
    let out = root()?.join("target/generated-crate").join(name);
    let mut arguments = generate::Arguments {
        spec: Some(fixtures.join("spec.yaml")),
        out: Some(out.clone()),
        ..Default::default()
    };
    let config = fixtures.join("config.toml");
    arguments.choice.config = config.exists().then_some(config);
    generate::run(&arguments)?;
    fs::copy(root()?.join("Cargo.lock"), out.join("Cargo.lock"))
        .map_err(|error| format!("error: cannot copy Cargo.lock: {error}"))?;
    let manifest = out.join("Cargo.toml").display().to_string();
    for features in features {
        let arguments =
            [&["check", "--quiet", "--manifest-path", &manifest][..], *features].concat();
        let mut command = workspace::cargo()?;
        command.args(&arguments).env("RUSTFLAGS", "--deny warnings");
        command.env("CARGO_TARGET_DIR", root()?.join("target/generated-crate-target"));
        execute(&mut command, &arguments)?;
    }
    Ok(())
}

/// Checks that the default features of the client bring none of the crates that only others need.
fn lean() -> Result<(), String> {
    const OPTIONAL: [&str; 5] = ["async-compression", "gix", "h2", "redb", "system-configuration"];
    let tree =
        ["tree", "--package", "datadog-ci-pipelines", "--edges", "normal", "--prefix", "none"];
    let output = workspace::cargo()?
        .args(tree)
        .args(["--target", "all"])
        .output()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("error: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let output = String::from_utf8_lossy(&output.stdout);
    let mut names = output.lines().filter_map(|line| line.split(' ').next());
    match names.find(|name| OPTIONAL.contains(name)) {
        None => Ok(()),
        Some(name) => Err(format!("error: the default features of the client need `{name}`")),
    }
}

/// Checks the client with each TLS backend and each other feature, and the features of the
/// runtime and the generator.
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
    lean()?;
    // The client has none of these features, and other crates have all of them.
    let some = ["--no-default-features", "--features", "forms,pattern,rules"];
    cargo(&[&["check", "--quiet", "--package", "specwright-runtime"][..], &some].concat())?;
    cargo(&["check", "--quiet", "--package", "specwright", "--no-default-features"])?;
    let git = ["--package", "datadog-ci-pipelines", "--features", "git", "--test", "reporter"];
    cargo(&[&["clippy", "--quiet"][..], &git, &["--", "--deny", "warnings"]].concat())?;
    cargo(&[&["test", "--quiet"][..], &git].concat())?;
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
        println!("skipped: native-tls, because the OpenSSL headers are not installed");
        Ok(())
    }
}

fn execute(command: &mut Command, arguments: &[&str]) -> Result<(), String> {
    let shown = format!("cargo {}", arguments.join(" "));
    println!("{shown}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("error: `{shown}` exited with {status}")),
        Err(error) => Err(format!("error: cannot run `{shown}`: {error}")),
    }
}
