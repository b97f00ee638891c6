//! The code blocks of the guide.

use std::collections::BTreeMap;

const GUIDE: &str = concat!(
    include_str!("../../../docs/ci-report.md"),
    include_str!("../../../docs/ci-report-recipes.md")
);
/// The names of the blocks that are tested; each has a test that runs it.
const NAMES: [&str; 18] = [
    "argo",
    "buildkite",
    "buildkite-pre-command",
    "buildkite-pre-exit",
    "concourse",
    "cron",
    "cron-environment",
    "drone",
    "first-run",
    "function",
    "gitea",
    "github",
    "gitlab",
    "jenkins",
    "makefile",
    "nightly",
    "tekton",
    "woodpecker",
];

/// Returns the blocks by the names in the comments before them.
fn blocks() -> BTreeMap<String, String> {
    let mut blocks = BTreeMap::new();
    let mut lines = GUIDE.lines();
    while let Some(line) = lines.next() {
        let name = line.strip_prefix("<!-- test: ").and_then(|line| line.strip_suffix(" -->"));
        let Some(name) = name else { continue };
        assert!(lines.next().is_some_and(|fence| fence.starts_with("```")), "{name}");
        let block = lines.by_ref().take_while(|line| *line != "```");
        let block: String = block.flat_map(|line| [line, "\n"]).collect();
        assert!(blocks.insert(name.to_owned(), block).is_none(), "duplicate block {name}");
    }
    blocks
}

/// Returns the block with a name.
pub(crate) fn block(name: &str) -> String {
    assert!(NAMES.contains(&name), "{name}");
    blocks().remove(name).unwrap()
}

#[test]
fn every_block_has_a_test() {
    assert!(blocks().keys().eq(NAMES), "{:?}", blocks().keys());
    let fences = GUIDE.lines().filter(|line| line.starts_with("```")).count();
    // How to install the program is the only other block.
    assert_eq!(fences, 2 * (NAMES.len() + 1));
}
