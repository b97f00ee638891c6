//! The committed client and server equal what the generator writes, and a check lists differences.

use std::fs;
use std::path::{Path, PathBuf};

use specwright::Package;
use specwright::files::{Change, apply, compare, describe};
use xtask::{generate, root};

const GENERATED: &str = "generated-client/src/generated";

/// A temporary directory, removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Result<Self, std::io::Error> {
        let path = std::env::temp_dir().join(format!("specwright-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn paths(changes: &[Change]) -> Vec<&str> {
    changes
        .iter()
        .map(|change| match change {
            Change::Stale { path, .. } | Change::Missing { path, .. } | Change::Orphan { path } => {
                path.as_str()
            }
        })
        .collect()
}

#[test]
fn the_committed_files_are_current() {
    let differences = generate::drift().unwrap();
    assert_eq!(differences.len(), 2, "a client and a server");
    for (directory, changes) in differences {
        let shown = describe(&directory, &changes);
        assert!(changes.is_empty(), "{shown}run `cargo xtask generate` and commit the result");
    }
}

#[test]
fn the_same_input_gives_the_same_files() {
    let input = generate::own_input().unwrap();
    let first = specwright::generate(&input).unwrap();
    let second = specwright::generate(&input).unwrap();
    assert_eq!(first.files, second.files);
    assert_eq!(first.counts, second.counts);
}

#[test]
fn server_settings_do_not_change_the_client() {
    let mut input = generate::own_input().unwrap();
    let with = specwright::generate(&input).unwrap();
    assert!(!input.config.server.string_parameters.is_empty());
    input.config.server.string_parameters.clear();
    let without = specwright::generate(&input).unwrap();
    assert_eq!(with.files, without.files);
}

#[test]
fn a_separate_crate_declares_the_features_that_its_code_uses() {
    let mut input = generate::own_input().unwrap();
    input.config.layout.package = Some(Package {
        name: "own".to_owned(),
        runtime: "../runtime".to_owned(),
        standalone: false,
    });
    for blocking in [true, false] {
        input.config.client.blocking = blocking;
        let output = specwright::generate(&input).unwrap();
        let manifest = output.files.get("Cargo.toml").expect("a crate has a manifest");
        let has = manifest.contains("\nblocking = [\"specwright-runtime/blocking\"]\n");
        let looks =
            output.files.iter().any(|(_, contents)| contents.contains("feature = \"blocking\""));
        assert_eq!((has, looks), (blocking, blocking), "{manifest}");
    }
}

#[test]
fn a_removed_property_makes_its_files_stale() {
    let mut input = generate::own_input().unwrap();
    let property = "        partial_retry:\n";
    let spec = &input.spec.content;
    let start = spec.find(property).expect("a finished pipeline has it");
    let rest = &spec[start + property.len()..];
    // The property ends where the next one begins, at the same indentation.
    let next = |line: &str| line.starts_with("        ") && !line.starts_with("         ");
    let length: usize =
        rest.split_inclusive('\n').take_while(|line| !next(line)).map(str::len).sum();
    input.spec.content = format!("{}{}", &spec[..start], &rest[length..]);
    input.spec.content = input.spec.content.replacen("        - partial_retry\n", "", 1);
    let output = specwright::generate(&input).unwrap();
    let changes = compare(&root().unwrap().join(GENERATED), &output.files).unwrap();
    // The union of pipelines decides by required properties.
    assert_eq!(paths(&changes), ["models/finished_pipeline.rs", "models/pipeline.rs"]);
    let shown = describe(GENERATED, &changes);
    assert!(shown.contains("stale: generated-client/src/generated/models/finished_pipeline.rs"));
    assert!(shown.contains("-    pub partial_retry: bool,"), "{shown}");
}

#[test]
fn stale_missing_and_orphaned_files_are_found_and_fixed() {
    let scratch = Scratch::new("fix").unwrap();
    let directory = scratch.0.join("generated");
    let output = specwright::generate(&generate::own_input().unwrap()).unwrap();
    let all_missing = compare(&directory, &output.files).unwrap();
    assert_eq!(all_missing.len(), output.files.len());
    apply(&directory, &all_missing).unwrap();
    assert_eq!(compare(&directory, &output.files).unwrap(), []);

    let edited = directory.join("error.rs");
    let contents = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, contents + "// by hand\n").unwrap();
    fs::remove_file(directory.join("client.rs")).unwrap();
    let orphan = directory.join("models/gone.rs");
    fs::copy(directory.join("mod.rs"), &orphan).unwrap();

    let changes = compare(&directory, &output.files).unwrap();
    assert_eq!(paths(&changes), ["client.rs", "error.rs", "models/gone.rs"]);
    let shown = describe("out", &changes);
    for line in [
        "missing: out/client.rs",
        "stale: out/error.rs",
        "-// by hand",
        "orphaned: out/models/gone.rs",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    apply(&directory, &changes).unwrap();
    assert!(!orphan.exists());
    assert_eq!(compare(&directory, &output.files).unwrap(), []);
}

#[test]
fn handwritten_files_are_neither_overwritten_nor_removed() {
    let scratch = Scratch::new("own").unwrap();
    let directory = scratch.0.join("generated");
    let output = specwright::generate(&generate::own_input().unwrap()).unwrap();
    let own = |path: &Path| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "// written by hand\n").unwrap();
        let rejected = compare(&directory, &output.files).unwrap_err();
        assert!(rejected.contains(&path.display().to_string()), "{rejected}");
        assert_eq!(fs::read_to_string(path).unwrap(), "// written by hand\n");
        fs::remove_file(path).unwrap();
    };
    own(&directory.join("client.rs"));
    own(&directory.join("models/extra.rs"));
}
