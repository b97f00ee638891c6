//! No input makes the generator panic. Documents are mutated as strings and as trees; the result
//! must be files, or diagnostics that can be rendered.

use std::fs;
use std::panic::catch_unwind;

use proptest::prelude::*;
use serde_json::Value;
use specwright::files::load;
use specwright::{Config, Input, Source};
use xtask::corpus::mutate::{JUNK, KEYWORDS, Mutation, mutated, outcome_of};
use xtask::generate;

/// Returns the input of each case of the generator.
fn small() -> Vec<Input> {
    let cases = xtask::root().unwrap_or_default().join("codegen/tests/fixtures/generate");
    let folders = fs::read_dir(cases).into_iter().flatten().flatten();
    let inputs = folders.filter_map(|entry| {
        let folder = entry.path();
        let config = folder.join("config.toml");
        let config = config.exists().then_some(config.as_path());
        load(&folder, &folder.join("spec.yaml"), config, &[]).ok()
    });
    inputs.map(|loaded| loaded.input).collect()
}

/// Generating from the whole document is slow without optimisations, so it has fewer rounds than
/// the small ones.
const ROUNDS: u32 = 24;
const ROUNDS_OF_SMALL: u32 = 192;

/// Rounds that are the same in each run.
const SEEDED_ROUNDS: u64 = 300;
const SEED: u64 = 1;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let any = any::<usize>;
    let mutation = prop_oneof![
        (any(), any()).prop_map(|(a, b)| Mutation::Drop(a, b)),
        any().prop_map(Mutation::Repeat),
        (any(), any()).prop_map(|(a, b)| Mutation::Swap(a, b)),
        (any(), any()).prop_map(|(a, b)| Mutation::Retype(a, b)),
        (any(), any()).prop_map(|(a, b)| Mutation::Rename(a, b)),
        (any(), any()).prop_map(|(a, b)| Mutation::Refer(a, b)),
        (any(), any()).prop_map(|(a, b)| Mutation::Break(a, b)),
    ];
    prop::collection::vec(mutation, 1..8)
}

fn mutate_lines(source: &str, mutations: &[Mutation]) -> String {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    for mutation in mutations {
        let count = lines.len().max(1);
        match mutation {
            _ if lines.is_empty() => {}
            Mutation::Drop(at, _) => drop(lines.remove(at % count)),
            Mutation::Repeat(at) => {
                let line = lines[at % count].clone();
                lines.insert(at % count, line);
            }
            Mutation::Swap(a, b) => lines.swap(a % count, b % count),
            Mutation::Retype(at, junk) => {
                let line = &mut lines[at % count];
                let end = line.find(':').map_or(0, |colon| colon + 1);
                line.truncate(end);
                line.push(' ');
                line.push_str(JUNK[junk % JUNK.len()]);
            }
            // A line has no pointer; inserting another line breaks it.
            Mutation::Refer(at, other) | Mutation::Break(at, other) => {
                let (from, at) = (lines[other % count].trim().to_owned(), at % count);
                let middle = lines[at].char_indices().nth(lines[at].chars().count() / 2);
                let middle = middle.map_or(0, |(byte, _)| byte);
                lines[at].insert_str(middle, &from);
            }
            Mutation::Rename(at, key) => {
                let line = &mut lines[at % count];
                let indent = line.len() - line.trim_start().len();
                let rest = line.find(':').map_or(String::new(), |colon| line[colon..].to_owned());
                *line = format!("{}{}{rest}", " ".repeat(indent), KEYWORDS[key % KEYWORDS.len()]);
            }
        }
    }
    lines.join("\n")
}

fn mutate_tree(root: &mut Value, mutations: &[Mutation]) {
    mutations.iter().for_each(|mutation| mutation.apply(root));
}

/// Generates and renders the diagnostics, none of which may be an internal error.
fn check(spec: String, config: &Config) {
    let input = Input::new(Source::new("mutated.yaml", spec), config.clone());
    let shown = match specwright::generate(&input) {
        Ok(output) => output.warnings.render(false),
        Err(found) => found.render(false),
    };
    assert!(!shown.contains("error[internal-error]"), "{shown}\n{}", input.spec.content);
}

#[test]
fn there_are_small_documents() {
    assert!(small().len() > 20);
}

/// Runs rounds of `cargo xtask corpus --mutate` with the documents of this repository.
#[test]
fn seeded_rounds_do_not_fail() {
    let own = generate::own_input().unwrap();
    let trees: Vec<Value> =
        small().iter().chain([&own]).filter_map(|input| input.spec.tree().ok()).collect();
    for round in 0..SEEDED_ROUNDS {
        let input = mutated(&trees, SEED, round);
        let outcome = catch_unwind(|| outcome_of(&input));
        let has_passed = matches!(outcome, Ok("generated" | "rejected"));
        assert!(has_passed, "round {round} of seed {SEED}:\n{}", input.spec.content);
    }
}

proptest! {
    #![proptest_config(config(ROUNDS))]

    #[test]
    fn the_whole_document_mutated_as_lines(mutations in mutations()) {
        let input = generate::own_input().unwrap();
        check(mutate_lines(&input.spec.content, &mutations), &input.config);
    }

    #[test]
    fn the_whole_document_mutated_as_a_tree(mutations in mutations()) {
        let input = generate::own_input().unwrap();
        let mut root: Value = serde_yaml::from_str(&input.spec.content).unwrap();
        mutate_tree(&mut root, &mutations);
        // JSON is YAML. The default configuration, because mutations remove what another one names.
        check(root.to_string(), &Config::default());
    }
}

proptest! {
    #![proptest_config(config(ROUNDS_OF_SMALL))]

    #[test]
    fn small_documents_mutated_as_lines(which in any::<prop::sample::Index>(), mutations in mutations()) {
        let all = small();
        let input = which.get(&all);
        check(mutate_lines(&input.spec.content, &mutations), &input.config);
    }

    #[test]
    fn small_documents_mutated_as_trees(which in any::<prop::sample::Index>(), mutations in mutations()) {
        let all = small();
        let input = which.get(&all);
        // `serde_json` has no integers of more than 64 bits, which a few documents contain.
        let Ok(mut root) = serde_yaml::from_str::<Value>(&input.spec.content) else {
            return Ok(());
        };
        mutate_tree(&mut root, &mutations);
        check(root.to_string(), &input.config);
    }

    #[test]
    fn configurations_mutated_as_lines(which in any::<prop::sample::Index>(), mutations in mutations()) {
        let all: Vec<Input> = small().into_iter().filter(|input| !input.config.source.content.is_empty()).collect();
        let input = which.get(&all);
        let source = mutate_lines(&input.config.source.content, &mutations);
        match Config::parse(Source::new("mutated.toml", source)) {
            Ok(config) => check(input.spec.content.clone(), &config),
            Err(found) => prop_assert!(found.render(false).contains("error[invalid-config]")),
        }
    }

    #[test]
    fn any_string(source in "(?s).{0,200}") {
        check(source, &Config::default());
    }
}
