//! `fixtures/generate`: small documents, each with the generated files that it is about.

use specwright::Output;

use crate::case::{Case, Comparison, cases, files_below};

/// Expected files are reviewed by people, so each is shorter than this.
const MAX_LINES: usize = 190;

/// The line of generated files that names this version.
const GENERATOR: &str = concat!("// The generator is specwright ", env!("CARGO_PKG_VERSION"), ".");

/// Compares the expected files of one side, and returns how many there are.
fn compare(comparison: &mut Comparison, case: &Case, side: &str, output: &Output) -> usize {
    let root = case.folder.join("expected").join(side);
    let snapshots = files_below(&root).unwrap();
    for path in &snapshots {
        let relative = path.strip_prefix(&root).unwrap().with_extension("");
        let file: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let Some(generated) = output.files.get(&file.join("/")) else {
            comparison.fail(format!("{} is stale: no such file is generated", path.display()));
            continue;
        };
        let lines = generated.lines().count();
        if lines >= MAX_LINES {
            comparison.fail(format!("{} is too long to review: {lines} lines", path.display()));
        }
        let name = file.last().unwrap();
        // Snapshots do not change with each release.
        let generated = generated.replace(GENERATOR, "// The generator is specwright VERSION.");
        comparison.compare(path.parent().unwrap(), name, &generated);
    }
    snapshots.len()
}

#[test]
fn generated_files_match_their_expectations() {
    let mut comparison = Comparison::default();
    for case in cases("generate").unwrap() {
        let client = match case.client() {
            Ok(output) => output,
            Err(found) => {
                comparison.fail(format!("{} is rejected: {}", case.name(), found.render(false)));
                continue;
            }
        };
        comparison.compare_diagnostics(&case, &client.warnings);
        if compare(&mut comparison, &case, "client", &client) == 0 {
            comparison.fail(format!("{} expects no file of the client", case.name()));
        }
        let server = case.server().unwrap();
        compare(&mut comparison, &case, "server", &server);
    }
    comparison.finish();
}

#[test]
fn expectations_are_in_known_folders() {
    for case in cases("generate").unwrap() {
        let expected = case.folder.join("expected");
        for path in files_below(&expected).unwrap() {
            let relative = path.strip_prefix(&expected).unwrap();
            let is_known = relative.starts_with("client") || relative.starts_with("server");
            assert!(is_known && path.extension().is_some_and(|end| end == "snap"), "{relative:?}");
        }
    }
}

#[test]
fn cases_have_no_unused_files() {
    let cases = cases("generate").unwrap();
    assert!(cases.len() > 100, "only {} cases", cases.len());
    cases.iter().for_each(Case::assert_no_unused_files);
}

#[test]
fn generating_twice_gives_the_same_files() {
    for case in cases("generate").unwrap() {
        let (first, second) = (case.client().unwrap(), case.client().unwrap());
        assert_eq!(first.files, second.files, "{}", case.name());
    }
}
