//! Programs that prove verdicts: they compile with the old client, and not with the new one.
//!
//! `fixtures/diff/proofs` has a program for each kind of change that is `major` in one of the pairs. Its
//! first lines name the pair and the error. `docs/semver.md` lists all programs.
//!
//! `cargo xtask semver-check --proofs` runs the test that compiles them. It needs minutes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use specwright::{Change, Difference, Package, Release, generate};

use super::pair::{Edit, Group, folder, groups, input};
use crate::case::files_below;
use crate::page::{is_current, with_table};

/// A program, with what its first lines state.
struct Proof {
    /// The kind of change.
    id: String,
    path: PathBuf,
    group: String,
    case: String,
    is_forward: bool,
    expected: Expected,
    /// The features of the client; all default features if absent.
    features: Option<String>,
}

/// What happens if the program is compiled with the new client.
enum Expected {
    /// An error with this code and a message that contains the string.
    Error { code: String, message: String },
    /// It compiles, but fails at run time for this reason.
    Compiles(String),
}

impl Proof {
    fn read(path: &Path) -> Result<Self, String> {
        let program = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let line = |key: &str| -> Option<String> {
            let lines = program.lines().take_while(|line| line.starts_with("//"));
            let line = lines.filter_map(|line| line.strip_prefix(&format!("// {key}:"))).next();
            line.map(|value| value.trim().to_owned())
        };
        let pair = line("pair").ok_or("no pair")?;
        let (pair, direction) = pair.rsplit_once(", ").ok_or("no direction")?;
        let (group, case) = pair.split_once(": ").ok_or("no group")?;
        let expected = match (line("error"), line("compiles")) {
            (Some(error), None) => {
                let (code, message) = error.split_once(": ").unwrap_or((&error, ""));
                Expected::Error { code: code.to_owned(), message: message.to_owned() }
            }
            (None, Some(reason)) => Expected::Compiles(reason),
            _ => return Err("neither an error nor a reason".to_owned()),
        };
        let is_forward = match direction {
            "forward" => true,
            "backward" => false,
            other => return Err(format!("unknown direction `{other}`")),
        };
        Ok(Self {
            id: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.to_owned(),
            group: group.to_owned(),
            case: case.to_owned(),
            is_forward,
            expected,
            features: line("features"),
        })
    }

    /// Returns the pair of the program.
    fn edit(&self) -> (&'static Group, &'static Edit) {
        let find = || {
            let group = groups().iter().find(|group| group.name == self.group)?;
            Some((group, group.cases.iter().find(|case| case.name == self.case)?))
        };
        find().ok_or_else(|| format!("{} has no pair", self.path.display())).unwrap()
    }

    fn difference(&self) -> &'static Difference {
        let (_, edit) = self.edit();
        if self.is_forward { &edit.forward } else { &edit.back }
    }

    /// Returns the documents that the program is compiled with, each with a name.
    fn documents(&self) -> [(String, &'static Value); 2] {
        let (group, edit) = self.edit();
        let base = (group.name.clone(), &group.base);
        let edited =
            (format!("{}-{}", group.name, edit.name.replace([' ', ','], "-")), &edit.edited);
        if self.is_forward { [base, edited] } else { [edited, base] }
    }
}

fn proofs() -> Vec<Proof> {
    let files = files_below(&folder().join("proofs")).unwrap();
    let read = |path: &PathBuf| {
        Proof::read(path).map_err(|error| format!("{}: {error}", path.display())).unwrap()
    };
    files.iter().map(read).collect()
}

fn is_major(change: &&Change) -> bool {
    change.rust == Release::Major
}

#[test]
fn each_kind_that_is_major_has_a_proof() {
    let differences = groups().iter().flat_map(|group| &group.cases);
    let differences = differences.flat_map(|case| [&case.forward, &case.back]);
    let changes = differences.flat_map(|difference| &difference.changes);
    let major: BTreeSet<&str> = changes.filter(is_major).map(|change| change.id).collect();
    let proofs = proofs();
    let proven: BTreeSet<&str> = proofs.iter().map(|proof| proof.id.as_str()).collect();
    let missing: Vec<&&str> = major.difference(&proven).collect();
    assert!(missing.is_empty(), "no program proves these kinds: {missing:?}");
    for proof in &proofs {
        let mut changes = proof.difference().changes.iter().filter(is_major);
        let found = changes.any(|change| change.id == proof.id);
        assert!(found, "the pair of {} has no such major change", proof.path.display());
    }
}

#[test]
fn the_page_of_proofs_is_current() {
    is_current("semver.md", |page| with_table(page, "proofs", &table()));
}

fn table() -> String {
    let mut table =
        String::from("\n| change | program | compiled with the new client |\n|---|---|---|\n");
    for proof in proofs() {
        let folder = proof.path.parent().and_then(Path::file_name).unwrap().to_string_lossy();
        let id = &proof.id;
        let program = format!("codegen/tests/fixtures/diff/proofs/{folder}/{id}.rs");
        let outcome = match &proof.expected {
            Expected::Error { code, message } if message.is_empty() => code.clone(),
            Expected::Error { code, message } => format!("{code}: {message}"),
            Expected::Compiles(reason) => format!("compiles: {reason}"),
        };
        let _ = writeln!(table, "| `{id}` | [{folder}/{id}.rs](../{program}) | {outcome} |");
    }
    table.push('\n');
    table
}

#[test]
#[ignore = "compiles two crates per program: run `cargo xtask semver-check --proofs`"]
fn programs_compile_with_the_old_client_only() {
    let root = fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let workspace = root.join("target/semver/proofs");
    let _ = fs::remove_dir_all(&workspace);
    let proofs = proofs();
    let mut clients = BTreeMap::new();
    for proof in &proofs {
        for (side, (name, document)) in ["old", "new"].iter().zip(proof.documents()) {
            // Features of one client apply to all programs, so others need another copy.
            let name = match &proof.features {
                Some(_) => format!("{name}-{}", proof.id),
                None => name,
            };
            write_program(&workspace, proof, side, &name);
            clients.insert(name, document);
        }
    }
    for (name, document) in clients {
        let mut input = input(document);
        input.config.layout.package = Some(Package {
            name: name.clone(),
            runtime: root.join("client-runtime").display().to_string(),
            standalone: true,
        });
        let files = generate(&input).unwrap().files;
        for (path, contents) in files.iter() {
            write(&workspace.join("clients").join(&name).join(path), contents);
        }
    }
    let members =
        "[workspace]\nresolver = \"3\"\nmembers = [\"programs/*\"]\nexclude = [\"clients\"]\n";
    write(&workspace.join("Cargo.toml"), members);
    fs::copy(root.join("Cargo.lock"), workspace.join("Cargo.lock")).unwrap();
    let errors = check(&root, &workspace);
    let none = Vec::new();
    let mut failed = Vec::new();
    for proof in &proofs {
        let of = |side: &str| errors.get(&format!("{}-{side}", proof.id)).unwrap_or(&none);
        if !of("old").is_empty() {
            failed.push(format!("{} fails with the old client: {:?}", proof.id, of("old")));
        }
        let is_expected = match &proof.expected {
            Expected::Compiles(_) => of("new").is_empty(),
            Expected::Error { code, message } => {
                of("new").iter().any(|(found, shown)| found == code && shown.contains(message))
            }
        };
        if !is_expected {
            failed.push(format!("{} with the new client: {:?}", proof.id, of("new")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    println!("{} programs prove what they state", proofs.len());
}

/// Writes the manifest of a program and one client. The program stays where it is.
fn write_program(workspace: &Path, proof: &Proof, side: &str, client: &str) {
    let features = proof.features.as_ref().map(|features| {
        let names: Vec<&str> =
            features.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        format!(", default-features = false, features = {names:?}")
    });
    let manifest = format!(
        "[package]\nname = \"{id}-{side}\"\nedition = \"2024\"\n\n[lib]\npath = {path:?}\n\n\
         [dependencies]\npets = {{ package = {client:?}, path = {folder:?}{features} }}\n",
        id = proof.id,
        path = proof.path,
        folder = workspace.join("clients").join(client),
        features = features.unwrap_or_default(),
    );
    write(&workspace.join(format!("programs/{}-{side}/Cargo.toml", proof.id)), &manifest);
}

/// Checks all programs. Returns the errors of each: their codes and messages.
fn check(root: &Path, workspace: &Path) -> BTreeMap<String, Vec<(String, String)>> {
    let mut command = Command::new("cargo");
    command.args(["check", "--workspace", "--keep-going", "--message-format=json", "--quiet"]);
    command.current_dir(workspace).env("CARGO_TARGET_DIR", root.join("target/semver/target"));
    command.env("CARGO_INCREMENTAL", "0").env_remove("RUSTFLAGS");
    let output = command.output().unwrap();
    let mut errors: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let printed = String::from_utf8_lossy(&output.stdout);
    for line in printed.lines().filter(|line| line.starts_with('{')) {
        let message: Value = serde_json::from_str(line).unwrap();
        let of = &message["message"];
        if message["reason"] == "compiler-message" && of["level"] == "error" {
            let name = message["target"]["name"].as_str().unwrap_or_default().replace('_', "-");
            let code = of["code"]["code"].as_str().unwrap_or_default().to_owned();
            let labels = of["spans"].as_array().into_iter().flatten();
            let labels = labels.filter_map(|span| span["label"].as_str());
            let shown: Vec<&str> = of["message"].as_str().into_iter().chain(labels).collect();
            errors.entry(name).or_default().push((code, shown.join("; ")));
        }
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.is_empty(), "no program was compiled:\n{stderr}");
    errors
}

fn write(path: &Path, contents: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents).unwrap();
}
