//! Programs that decode values as generated types, validate them, and encode them again. A program
//! has one function pointer per type, in tables, so that rustc spends little time on anything but
//! the types.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use specwright_cli::generate::crate_name;

use crate::timed::{failed, lock, write};
use crate::workspace::{cargo, root};

/// The profile of programs that are built, run once and thrown away. Code for unwinding would be a
/// fifth of what is compiled.
pub(crate) const PROFILE: &str = "[profile.dev]\ndebug = false\npanic = \"abort\"\n";

/// The maximum number of types of a file.
const TYPES: usize = 250;

/// A value for a program.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The type in Rust, where the models are in scope and `rt` is the runtime.
    pub(crate) ty: String,
    /// The value as JSON.
    pub(crate) json: String,
}

/// What became of a value.
#[derive(Clone, Debug, Deserialize)]
pub(crate) enum Outcome {
    /// It could not be decoded.
    Refused(String),
    /// It was decoded and encoded again.
    Decoded {
        /// Its JSON after that.
        json: String,
        /// The violated constraints; none if it is valid.
        violations: Option<String>,
        /// Its `Debug` output, which names the variant of a union.
        debug: String,
    },
}

/// Writes, builds and runs the program for a generated crate in a folder.
///
/// # Errors
/// Returns an error if the program does not compile or does not end.
pub(crate) fn run(
    cases: &[Case],
    generated: &Path,
    folder: &Path,
    target: &Path,
) -> Result<Vec<Outcome>, String> {
    let types = types(cases);
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
    let values: Vec<(usize, &str)> =
        cases.iter().map(|case| (types[case.ty.as_str()], case.json.as_str())).collect();
    let json = serde_json::to_string(&values).map_err(|error| format!("error: {error}"))?;
    write(&folder.join("values.json"), &json)?;
    results(folder, target, cases.len())
}

/// Returns the index of each type in the tables.
fn types(cases: &[Case]) -> BTreeMap<&str, usize> {
    let mut types: BTreeMap<&str, usize> = cases.iter().map(|case| (case.ty.as_str(), 0)).collect();
    types.values_mut().enumerate().for_each(|(i, index)| *index = i);
    types
}

fn results(folder: &Path, target: &Path, count: usize) -> Result<Vec<Outcome>, String> {
    let output = cargo()?
        .args(["run", "--quiet", "--", "values.json"])
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
    let results: Vec<Outcome> = serde_json::from_slice(&output.stdout).map_err(|error| {
        format!("error: invalid output of the program in {}: {error}", folder.display())
    })?;
    match results.len() == count {
        true => Ok(results),
        false => Err(format!("error: {} results for {count} values", results.len())),
    }
}

fn manifest(generated: &Path) -> Result<String, String> {
    let name = crate_name(&generated.file_name().unwrap_or_default().to_string_lossy());
    let path = generated.display().to_string();
    let runtime = root()?.join("client-runtime").display().to_string();
    Ok(format!(
        "[package]\nname = \"{name}-values\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\ngenerated = {{ package = {name:?}, path = {path:?} }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         specwright-runtime = {{ path = {runtime:?}, features = [\"pattern\"] }}\n\n\
         {PROFILE}\n[workspace]\n"
    ))
}

fn table(types: &[&str]) -> String {
    let mut source = String::from(
        "//! Some of the types.\n#![allow(unused_imports)]\n\n\
         use crate::{Probe, Unconstrained as _, Constrained as _};\nuse generated::models::*;\n\
         use specwright_runtime::__private as rt;\n\npub(super) const TYPES: &[crate::Check] = &[\n",
    );
    for ty in types {
        let _ = writeln!(
            source,
            "    |json| crate::check::<{ty}>(json, |value| (&Probe(value)).violations()),"
        );
    }
    source + "];\n"
}

fn main(tables: usize) -> String {
    let modules: String = (0..tables).map(|i| format!("mod types_{i};\n")).collect();
    let all: Vec<String> = (0..tables).map(|i| format!("types_{i}::TYPES")).collect();
    MAIN.replace("MODULES", &modules).replace("TABLES", &all.join(", "))
}

const MAIN: &str = r#"//! Decodes each value as its type, validates it, and encodes it again.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use specwright_runtime::__private as rt;

MODULES
#[derive(Serialize)]
enum Outcome {
    Refused(String),
    Decoded { json: String, violations: Option<String>, debug: String },
}

type Check = fn(&str) -> Outcome;

struct Probe<'a, T>(&'a T);

/// Types with constraints. It is preferred because it needs no second reference.
trait Constrained {
    fn violations(&self) -> Option<String>;
}

impl<T: rt::Validate> Constrained for Probe<'_, T> {
    fn violations(&self) -> Option<String> {
        rt::Validator::run(self.0).err().map(|error| error.to_string())
    }
}

/// All other types.
trait Unconstrained {
    fn violations(&self) -> Option<String>;
}

impl<T> Unconstrained for &Probe<'_, T> {
    fn violations(&self) -> Option<String> {
        None
    }
}

fn check<T: DeserializeOwned + Serialize + Debug>(
    json: &str,
    violations: fn(&T) -> Option<String>,
) -> Outcome {
    let value: T = match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let debug = format!("{value:?}");
    match serde_json::to_string(&value) {
        Ok(json) => Outcome::Decoded { json, violations: violations(&value), debug },
        Err(error) => Outcome::Refused(format!("cannot be encoded: {error}")),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tables: &[&[Check]] = &[TABLES];
    let checks: Vec<Check> = tables.concat();
    let path = std::env::args().nth(1).ok_or("no values")?;
    let values: Vec<(usize, String)> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let results: Vec<_> = values.iter().map(|(ty, json)| checks[*ty](json)).collect();
    println!("{}", serde_json::to_string(&results)?);
    Ok(())
}
"#;
