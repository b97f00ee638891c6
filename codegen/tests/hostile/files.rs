//! No file outside of the folders of the input and the output is read or written.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::attacks::attacks;
use super::code;
use super::document::{DOCUMENT, filled, locations};
use specwright::files::{apply, compare, load, load_allowing};
use specwright::{Config, FileSet, Generator, Input, Source};

/// What must not be read.
const SECRET: &str = "type: string\ndescription: zzPwned\n";

/// A folder that is removed at the end of a test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("specwright-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn write(&self, path: &str, content: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn document(reference: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{ title: T, version: '1' }}\npaths:\n  /a:\n    get:\n      operationId: a\n      \
         parameters: [{{ name: q, in: query, schema: {{ $ref: {reference:?} }} }}]\n      responses: {{ '204': {{ description: None. }} }}\n"
    )
}

/// Generates with a reference, and with folders that are allowed.
fn generated(folder: &Folder, reference: &str, allowed: &[PathBuf]) -> Result<FileSet, String> {
    let spec = folder.write("spec/api.yaml", &document(reference));
    let loaded = load_allowing(&folder.0, &spec, None, &[], allowed);
    let input = loaded.map_err(|error| error.to_string())?.input;
    let output = specwright::generate(&input).map_err(|found| found.render(false))?;
    Ok(output.files)
}

fn is_read(files: &FileSet) -> bool {
    files.iter().any(|(_, content)| content.contains("zzPwned"))
}

#[test]
fn references_read_only_the_folder_of_the_document() {
    let folder = Folder::new("references");
    let outside = folder.write("secret.yaml", SECRET);
    folder.write("spec/inside.yaml", SECRET);
    folder.write("spec/parts/deep.yaml", "$ref: ../../secret.yaml\n");
    folder.write("spec-other/secret.yaml", SECRET);
    symlink(&outside, folder.0.join("spec/link.yaml")).unwrap();
    symlink(&folder.0, folder.0.join("spec/up")).unwrap();
    symlink(folder.0.join("spec/inside.yaml"), folder.0.join("spec/near.yaml")).unwrap();
    let absolute = outside.display().to_string();
    for reference in ["inside.yaml", "./parts/../inside.yaml", "near.yaml", "up/spec/inside.yaml"] {
        assert!(
            generated(&folder, reference, &[]).is_ok_and(|files| is_read(&files)),
            "{reference}"
        );
    }
    for (reference, expected) in [
        ("../secret.yaml", "is not in the folder of the document"),
        ("%2e%2e/secret.yaml", "is not in the folder of the document"),
        ("..\\secret.yaml", "is not in the folder of the document"),
        ("parts/deep.yaml", "is not in the folder of the document"),
        ("../spec-other/secret.yaml", "is not in the folder of the document"),
        (&absolute, "is not in the folder of the document"),
        ("link.yaml", "is not in the folder of the document"),
        ("up/secret.yaml", "is not in the folder of the document"),
        ("/etc/passwd", "is not in the folder of the document"),
        ("/dev/zero", "is not in the folder of the document"),
        ("../none.yaml", "the file was not found"),
        ("/proc/self/environ%00.yaml", "the file was not found"),
        ("a\nb.yaml", "the file was not found"),
        (".", "the file was not found"),
        ("parts", "the file was not found"),
        (&format!("file://{absolute}"), "URLs are not fetched"),
        ("http://127.0.0.1:9/a.yaml", "URLs are not fetched"),
        ("//127.0.0.1:9/a.yaml", "URLs are not fetched"),
    ] {
        let error = generated(&folder, reference, &[]).err().unwrap_or_default();
        assert!(error.contains(expected) && !error.contains("zzPwned"), "{reference}: {error}");
        if expected.ends_with("document") {
            assert!(error.contains("--allow-files"), "{error}");
        }
    }
    // Folders that the user names, on the command line or in the configuration.
    for reference in ["../secret.yaml", "link.yaml", "up/secret.yaml", "parts/deep.yaml"] {
        let files = generated(&folder, reference, std::slice::from_ref(&folder.0));
        assert!(files.is_ok_and(|files| is_read(&files)), "{reference}");
    }
    let other = folder.0.join("spec-other");
    assert!(generated(&folder, "../secret.yaml", std::slice::from_ref(&other)).is_err());
    assert!(generated(&folder, "../spec-other/secret.yaml", &[other]).is_ok());
    let config = folder.write("config/c.toml", "allow-files = ['../spec-other']");
    let spec = folder.write("spec/api.yaml", &document("../spec-other/secret.yaml"));
    let loaded = load(&folder.0, &spec, Some(&config), &[]).unwrap();
    assert_eq!((loaded.input.files.len(), loaded.input.forbidden.len()), (1, 0));
    assert!(generated(&folder, "a.yaml", &[folder.0.join("none")]).is_err());
}

#[test]
fn references_of_overlays_are_restricted_too() {
    let folder = Folder::new("overlays");
    folder.write("secret.yaml", SECRET);
    let spec = folder.write("spec/api.yaml", &document("none.yaml"));
    let overlay = "overlay: 1.1.0\ninfo: { title: O, version: '1' }\nextends: ../secret.yaml\nactions:\n  \
                   - { target: '$..schema', update: { $ref: ../secret.yaml } }\n";
    let overlay = folder.write("o.yaml", overlay);
    let loaded = load(&folder.0, &spec, None, &[overlay]).unwrap();
    assert!(loaded.input.files.is_empty());
    assert_eq!(loaded.input.forbidden, ["secret.yaml"]);
}

#[test]
fn build_scripts_are_restricted_too() {
    let folder = Folder::new("build-script");
    folder.write("secret.yaml", SECRET);
    let spec = folder.write("spec/api.yaml", &document("../secret.yaml"));
    let generate = |generator: Generator| generator.out_dir(folder.0.join("out")).generate();
    let error = generate(Generator::new(&spec)).err().map(|error| error.to_string());
    assert!(error.unwrap_or_default().contains("is not in the folder of the document"));
    assert!(!folder.0.join("out").exists());
    assert!(generate(Generator::new(&spec).allow_files(&folder.0)).is_ok());
}

/// A build script writes nothing of an attack but strings and names, and only into its directory.
#[test]
fn build_scripts_write_only_what_is_meant() -> Result<(), String> {
    let (locations, attacks) = (locations(DOCUMENT), attacks());
    let mut accepted = 0;
    for round in (0..attacks.len()).step_by(6) {
        let folder = Folder::new(&format!("attacks-{round}"));
        let attack = |i: usize| attacks[(i + round) % attacks.len()].as_str();
        let with = locations.iter().enumerate().map(|(i, at)| (format!("@{at}@"), attack(i)));
        let spec = folder.write("spec/api.json", &filled(DOCUMENT, &with.collect::<Vec<_>>())?);
        let generator = match round % 4 {
            0 => Generator::new(&spec),
            _ => Generator::new(&spec).server("crate::api::models"),
        };
        let Ok(generated) = generator.out_dir(folder.0.join("out")).generate() else { continue };
        accepted += 1;
        assert_eq!(generated.read, [spec]);
        let files = all_files(&folder.0);
        let of_output = |(path, content): &'_ (String, String)| {
            Some((path.strip_prefix("out/")?.to_owned(), content.clone()))
        };
        let output: Vec<(String, String)> = files.iter().filter_map(of_output).collect();
        assert_eq!(output.len() + 1, files.len(), "round {round}: a file is elsewhere");
        let output = output.iter().map(|(path, content)| (path.as_str(), content.as_str()));
        code::check_all(&output.collect()).map_err(|why| format!("round {round}: {why}"))?;
    }
    assert!(accepted > 10, "{accepted} documents");
    Ok(())
}

/// Returns all files in a folder, each with its path in it.
fn all_files(folder: &Path) -> Vec<(String, String)> {
    let (mut open, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(folder).unwrap().display().to_string();
                    files.push((name, fs::read_to_string(path).unwrap()));
                }
            }
        }
    }
    files
}

fn files() -> FileSet {
    let spec = document("#/components/schemas/A")
        + "components: { schemas: { A: { type: string, enum: [a, b] } } }\n";
    let input = Input::new(Source::new("api.yaml", spec), Config::default());
    specwright::generate(&input).unwrap().files
}

fn written(directory: &Path) -> Result<(), String> {
    compare(directory, &files()).and_then(|changes| apply(directory, &changes))
}

#[test]
fn nothing_is_written_or_removed_through_links_in_the_output() {
    let folder = Folder::new("links");
    let victim = "// @generated by another program\npub fn victim() {}\n";
    folder.write("elsewhere/victim.rs", victim);
    let elsewhere = folder.0.join("elsewhere");
    let is_untouched = || {
        let names: Vec<_> = fs::read_dir(&elsewhere).unwrap().flatten().collect();
        names.len() == 1 && fs::read_to_string(elsewhere.join("victim.rs")).unwrap() == victim
    };
    for (i, link) in
        ["models", "operations", "mod.rs", "models/mod.rs", "client.rs"].into_iter().enumerate()
    {
        let out = folder.0.join(format!("out{i}"));
        let path = out.join(link);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let target =
            if link.ends_with(".rs") { elsewhere.join("victim.rs") } else { elsewhere.clone() };
        symlink(target, &path).unwrap();
        let error = written(&out).err().unwrap_or_default();
        assert!(error.contains("leaves the output directory"), "{link}: {error}");
        assert!(is_untouched(), "{link}");
    }
    // A link to a file that does not exist would create it.
    let out = folder.0.join("dangling");
    fs::create_dir_all(&out).unwrap();
    symlink(elsewhere.join("new.rs"), out.join("mod.rs")).unwrap();
    assert!(written(&out).is_err() && is_untouched());
    // Another folder in the output is not cleaned up, and a link in a circle ends.
    let out = folder.0.join("aside");
    fs::create_dir_all(&out).unwrap();
    symlink(&elsewhere, out.join("other")).unwrap();
    symlink(&out, out.join("circle")).unwrap();
    assert_eq!(written(&out), Ok(()));
    assert!(is_untouched());
    // The directory itself can be a link, and so can files that stay in it.
    let real = folder.0.join("real");
    fs::create_dir_all(real.join("kept")).unwrap();
    symlink(&real, folder.0.join("link")).unwrap();
    symlink(real.join("kept"), real.join("models")).unwrap();
    assert_eq!(written(&folder.0.join("link")), Ok(()));
    assert!(real.join("kept/mod.rs").exists() && real.join("mod.rs").exists());
}
