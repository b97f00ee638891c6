//! `DIFFERENCES.md`: the files and tests that it names exist.

use std::fs;
use std::path::Path;

/// Returns the sources of all tests.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.is_dir() {
            true => sources(&path),
            false => fs::read_to_string(path).unwrap(),
        })
        .collect()
}

#[test]
fn the_tests_in_differences_md_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = sources(&root.join("src")) + &sources(&root.join("tests/service"));
    let document = fs::read_to_string(root.join("DIFFERENCES.md")).unwrap();
    let rows = document.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |"));
    let mut count = 0;
    for row in rows {
        let tests = row.rsplit(" | ").next().unwrap().trim_end_matches(" |");
        for test in tests.split(", ").map(|test| test.trim_matches('`')) {
            let exists = match test.starts_with("src/") {
                true => root.join(test).exists(),
                false => all.contains(&format!("fn {}()", test.rsplit("::").next().unwrap())),
            };
            assert!(exists, "{test} does not exist");
            count += 1;
        }
    }
    assert!(count > 150, "{count}");
}
