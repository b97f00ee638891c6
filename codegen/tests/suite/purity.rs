//! The generator reads no file, no environment and no clock. Only its module `pipeline::files` does.

use std::path::Path;

use crate::case::files_below;

#[test]
fn the_generator_reads_no_file_no_environment_and_no_clock() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files_below(&sources).unwrap();
    let files: Vec<_> =
        files.iter().filter(|path| !path.starts_with(sources.join("pipeline/files"))).collect();
    assert!(files.len() > 40, "only {} files were checked", files.len());
    for path in files {
        let source = std::fs::read_to_string(path).unwrap();
        // Generated code may use these modules; the code that generates it must not.
        for line in source.lines().filter(|line| line.trim_start().starts_with("use std::")) {
            for module in ["fs", "env", "time", "net", "process"] {
                let uses = line.split(|c: char| !c.is_alphanumeric()).any(|word| word == module);
                assert!(!uses, "{} has `{line}`", path.display());
            }
        }
    }
}
