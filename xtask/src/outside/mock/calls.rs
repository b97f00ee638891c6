//! The program with the calls: a crate for each document, and one that calls their operations.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::corpus::program::PROFILE;
use crate::generate;
use crate::outside::row::Row;
use crate::timed::{failed, lock, write};
use crate::workspace::{cargo, root};

/// Generates the crates and builds the program. Returns its path.
pub(super) fn build(documents: &[(&str, PathBuf)]) -> Result<PathBuf, String> {
    let folder = root()?.join("target/mock/program");
    let runtime = root()?.join("client-runtime").display().to_string();
    let mut manifest = format!(
        "[package]\nname = \"calls\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         {PROFILE}\n[workspace]\n\n[dependencies]\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n",
    );
    let _ = writeln!(manifest, "specwright-runtime = {{ path = {runtime:?} }}");
    for (name, spec) in documents {
        let out = root()?.join("target/mock/crates").join(name);
        let mut arguments = generate::Arguments {
            spec: Some(spec.clone()),
            out: Some(out.clone()),
            ..generate::Arguments::default()
        };
        let config = spec.with_file_name("specwright.toml");
        arguments.choice.config = config.exists().then_some(config);
        generate::run(&arguments)?;
        let _ = writeln!(manifest, "{name} = {{ path = {:?} }}", out.display().to_string());
    }
    write(&folder.join("Cargo.toml"), &manifest)?;
    let sources = root()?.join("tests/mock");
    for entry in fs::read_dir(&sources).map_err(|error| failed("read", &sources, &error))? {
        let path = entry.map_err(|error| failed("read", &sources, &error))?.path();
        if path.extension().is_some_and(|end| end == "rs") {
            let content =
                fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))?;
            let name = path.file_name().unwrap_or_default();
            write(&folder.join("src").join(name), &content)?;
        }
    }
    lock(&folder)?;
    let target = root()?.join("target/mock/target");
    let status = cargo()?
        .args(["build", "--quiet"])
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .current_dir(&folder)
        .status()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    match status.success() {
        true => Ok(target.join(format!("debug/calls{}", std::env::consts::EXE_SUFFIX))),
        false => Err(format!("error: the calls of {} do not compile", sources.display())),
    }
}

/// Runs the calls. A failed call is a row; an error means that they did not complete.
pub(super) fn run(program: &Path, urls: &[String]) -> Result<Vec<Row>, String> {
    let output = Command::new(program)
        .args(urls)
        .output()
        .map_err(|error| format!("error: cannot run {}: {error}", program.display()))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "error: {} exited with {}\n{errors}",
            program.display(),
            output.status
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(Row::parse).collect())
}
