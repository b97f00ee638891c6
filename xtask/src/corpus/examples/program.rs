//! The program that decodes and encodes the examples of one document. It has one function pointer
//! per type, in tables, so that rustc spends little time on anything but the types.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use specwright::Example;

use crate::corpus::process;
use crate::timed::{failed, lock, write};
use crate::workspace::{cargo, root};
use specwright_cli::generate::crate_name;

/// The maximum number of types of a file.
const TYPES: usize = 250;

/// Writes, builds and runs the program. Returns for each example its JSON after the round trip,
/// or the decoding error.
pub(super) fn run(
    examples: &[Example],
    generated: &Path,
    folder: &Path,
) -> Result<Vec<Result<String, String>>, String> {
    let types = types(examples);
    let sources = folder.join("src");
    if sources.exists() {
        fs::remove_dir_all(&sources).map_err(|error| failed("empty", &sources, &error))?;
    }
    write(&folder.join("Cargo.toml"), &manifest(generated)?)?;
    lock(folder)?;
    let listed: Vec<&str> = types.keys().copied().collect();
    let chunks: Vec<&[&str]> = listed.chunks(TYPES).collect();
    for (i, chunk) in chunks.iter().enumerate() {
        write(&sources.join(format!("types_{i}.rs")), &table(chunk))?;
    }
    write(&sources.join("main.rs"), &main(chunks.len()))?;
    let values: Vec<(usize, String)> = examples
        .iter()
        .map(|example| (types[example.ty.as_str()], example.value.to_string()))
        .collect();
    let json = serde_json::to_string(&values).map_err(|error| format!("error: {error}"))?;
    write(&folder.join("examples.json"), &json)?;
    results(folder, examples.len())
}

/// Returns the index of each type in the tables.
fn types(examples: &[Example]) -> BTreeMap<&str, usize> {
    let mut types: BTreeMap<&str, usize> =
        examples.iter().map(|example| (example.ty.as_str(), 0)).collect();
    types.values_mut().enumerate().for_each(|(i, index)| *index = i);
    types
}

fn results(folder: &Path, count: usize) -> Result<Vec<Result<String, String>>, String> {
    let target = process::directory()?.join("programs");
    let output = cargo()?
        .args(["run", "--quiet", "--", "examples.json"])
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .current_dir(folder)
        .output()
        .map_err(|error| format!("error: cannot run cargo: {error}"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("error: the program in {} failed:\n{errors}", folder.display()));
    }
    let results: Vec<Result<String, String>> =
        serde_json::from_slice(&output.stdout).map_err(|error| {
            format!("error: invalid output of the program in {}: {error}", folder.display())
        })?;
    match results.len() == count {
        true => Ok(results),
        false => Err(format!("error: {} results for {count} examples", results.len())),
    }
}

fn manifest(generated: &Path) -> Result<String, String> {
    let name = crate_name(&generated.file_name().unwrap_or_default().to_string_lossy());
    let path = generated.display().to_string();
    let runtime = root()?.join("client-runtime").display().to_string();
    Ok(format!(
        "[package]\nname = \"{name}-examples\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\ngenerated = {{ package = {name:?}, path = {path:?} }}\nserde = \"1\"\n\
         serde_json = \"1\"\nspecwright-runtime = {{ path = {runtime:?} }}\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n"
    ))
}

fn table(types: &[&str]) -> String {
    let mut source = String::from(
        "//! Some of the types.\n#![allow(unused_imports)]\n\nuse generated::models::*;\n\
         use specwright_runtime::__private as rt;\n\npub(super) const TYPES: &[crate::Check] = &[\n",
    );
    for ty in types {
        let _ = writeln!(source, "    crate::check::<{ty}>,");
    }
    source + "];\n"
}

fn main(tables: usize) -> String {
    let modules: String = (0..tables).map(|i| format!("mod types_{i};\n")).collect();
    let all: Vec<String> = (0..tables).map(|i| format!("types_{i}::TYPES")).collect();
    MAIN.replace("MODULES", &modules).replace("TABLES", &all.join(", "))
}

const MAIN: &str = r#"//! Decodes each example as its type and encodes it again.

use serde::Serialize;
use serde::de::DeserializeOwned;

MODULES
type Check = fn(&str) -> Result<String, String>;

fn check<T: DeserializeOwned + Serialize>(json: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(json).map_err(|error| error.to_string())?;
    serde_json::to_string(&value).map_err(|error| error.to_string())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tables: &[&[Check]] = &[TABLES];
    let checks: Vec<Check> = tables.concat();
    let path = std::env::args().nth(1).ok_or("no examples")?;
    let examples: Vec<(usize, String)> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let results: Vec<_> = examples.iter().map(|(ty, json)| checks[*ty](json)).collect();
    println!("{}", serde_json::to_string(&results)?);
    Ok(())
}
"#;
