//! `cargo xtask fuzz`: runs the fuzz targets in `fuzz/` with cargo-fuzz.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::timed::failed;
use crate::workspace::{forget_cargo, root};

/// The targets, each with the maximum length of its inputs in bytes.
const TARGETS: [(&str, u32); 6] = [
    ("bodies", 4096),
    ("multipart", 4096),
    ("overlay", 600),
    ("query", 600),
    ("streams", 512),
    ("yaml", 1024),
];

/// What to run, and for how long.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Target to run. By default, all of them run, one after the other.
    #[arg(value_parser = TARGETS.map(|(name, _)| name))]
    target: Option<String>,
    /// How long each target runs.
    #[arg(long, default_value_t = 1200)]
    seconds: u32,
    /// Pass if cargo-fuzz or a nightly toolchain is not installed.
    #[arg(long)]
    if_possible: bool,
}

/// Runs targets until their time is over, or one of them finds something.
///
/// # Errors
/// Returns an error if a target finds something, or if cargo-fuzz or a nightly toolchain is not
/// installed and `if_possible` is not set.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let root = root()?;
    if let Some(reason) = missing(&root) {
        return match arguments.if_possible {
            true => {
                println!("skipped: fuzzing, because {reason}");
                Ok(())
            }
            false => Err(format!("error: cannot fuzz here, because {reason}")),
        };
    }
    let folder = root.join("fuzz");
    // The dependencies are those of the workspace.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))
        .map_err(|error| failed("copy", Path::new("Cargo.lock"), &error))?;
    let is_selected = |name: &str| arguments.target.as_deref().is_none_or(|target| target == name);
    for (name, length) in TARGETS.iter().filter(|(name, _)| is_selected(name)) {
        let corpus = folder.join("corpus").join(name);
        fs::create_dir_all(&corpus).map_err(|error| failed("create", &corpus, &error))?;
        // What is new goes into the first folder.
        let mut command = cargo_fuzz(&root);
        command.args(["run", name]).arg(corpus).arg(folder.join("inputs").join(name)).arg("--");
        command.args([
            &format!("-max_total_time={}", arguments.seconds),
            &format!("-max_len={length}"),
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
        ]);
        let status =
            command.status().map_err(|error| format!("error: cannot run cargo: {error}"))?;
        if !status.success() {
            return Err(format!(
                "error: `{name}` found the input in fuzz/artifacts/{name}; shorten it with `cargo +nightly \
                 fuzz tmin {name} FILE`, add it to fuzz/inputs/{name}, and fix what it shows"
            ));
        }
    }
    Ok(())
}

fn cargo_fuzz(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    forget_cargo(&mut command);
    // Set by rustup for the program that runs this one.
    command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    command.args(["+nightly", "fuzz"]).current_dir(root);
    command
}

/// Returns what is not installed.
fn missing(root: &Path) -> Option<&'static str> {
    let output = cargo_fuzz(root).arg("--version").stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(match String::from_utf8_lossy(&output.stderr).contains("toolchain") {
            true => "it needs a nightly toolchain (`rustup toolchain install nightly`)",
            false => "cargo-fuzz is not installed (`cargo install cargo-fuzz`)",
        }),
        Err(_) => Some("cargo cannot be run"),
    }
}
