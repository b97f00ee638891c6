//! No input makes the generator panic: descriptions are mutilated, as text and as trees, and
//! whatever comes of it must be files or diagnostics that can be shown.

use std::fs;
use std::panic::catch_unwind;

use proptest::prelude::*;
use serde_json::Value;
use specwright::files::load;
use specwright::{Config, Input, Source};
use xtask::corpus::mutate::{Cut, JUNK, KEYS, mutilated, survive};
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

/// Generating from the whole description takes long where nothing is optimised, so that it is
/// mutilated less often than the small ones.
const ROUNDS: u32 = 24;
const ROUNDS_OF_SMALL: u32 = 192;

/// Rounds that are the same every time.
const SEEDED_ROUNDS: u64 = 300;
const SEED: u64 = 1;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn cuts() -> impl Strategy<Value = Vec<Cut>> {
    let any = any::<usize>;
    let cut = prop_oneof![
        (any(), any()).prop_map(|(a, b)| Cut::Drop(a, b)),
        any().prop_map(Cut::Twice),
        (any(), any()).prop_map(|(a, b)| Cut::Swap(a, b)),
        (any(), any()).prop_map(|(a, b)| Cut::Retype(a, b)),
        (any(), any()).prop_map(|(a, b)| Cut::Rename(a, b)),
        (any(), any()).prop_map(|(a, b)| Cut::Refer(a, b)),
        (any(), any()).prop_map(|(a, b)| Cut::Break(a, b)),
    ];
    prop::collection::vec(cut, 1..8)
}

fn mutilate_text(text: &str, cuts: &[Cut]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for cut in cuts {
        let count = lines.len().max(1);
        match cut {
            _ if lines.is_empty() => {}
            Cut::Drop(at, _) => drop(lines.remove(at % count)),
            Cut::Twice(at) => {
                let line = lines[at % count].clone();
                lines.insert(at % count, line);
            }
            Cut::Swap(a, b) => lines.swap(a % count, b % count),
            Cut::Retype(at, junk) => {
                let line = &mut lines[at % count];
                let end = line.find(':').map_or(0, |colon| colon + 1);
                line.truncate(end);
                line.push(' ');
                line.push_str(JUNK[junk % JUNK.len()]);
            }
            // A line has no pointer: one is put into another, which breaks it in its own way.
            Cut::Refer(at, other) | Cut::Break(at, other) => {
                let (from, at) = (lines[other % count].trim().to_owned(), at % count);
                let middle = lines[at].char_indices().nth(lines[at].chars().count() / 2);
                let middle = middle.map_or(0, |(byte, _)| byte);
                lines[at].insert_str(middle, &from);
            }
            Cut::Rename(at, key) => {
                let line = &mut lines[at % count];
                let indent = line.len() - line.trim_start().len();
                let rest = line.find(':').map_or(String::new(), |colon| line[colon..].to_owned());
                *line = format!("{}{}{rest}", " ".repeat(indent), KEYS[key % KEYS.len()]);
            }
        }
    }
    lines.join("\n")
}

fn mutilate_tree(root: &mut Value, cuts: &[Cut]) {
    cuts.iter().for_each(|cut| cut.mutilate(root));
}

/// Generates, and shows what there is to show.
fn survives(spec: String, config: &Config) {
    let input = Input::new(Source::new("mutilated.yaml", spec), config.clone());
    let shown = match specwright::generate(&input) {
        Ok(output) => output.warnings.render(false),
        Err(found) => found.render(false),
    };
    assert!(!shown.contains("error[internal-error]"), "{shown}\n{}", input.spec.content);
}

#[test]
fn there_are_small_descriptions_to_mutilate() {
    assert!(small().len() > 20);
}

/// The rounds of `cargo xtask corpus --mutate`, over what is at hand everywhere.
#[test]
fn seeded_rounds_over_parts_of_all_descriptions() {
    let own = generate::own_input().unwrap();
    let trees: Vec<Value> =
        small().iter().chain([&own]).filter_map(|input| input.spec.tree().ok()).collect();
    for round in 0..SEEDED_ROUNDS {
        let input = mutilated(&trees, SEED, round);
        let outcome = catch_unwind(|| survive(&input));
        let survived = matches!(outcome, Ok("generated" | "refused"));
        assert!(survived, "round {round} of seed {SEED}:\n{}", input.spec.content);
    }
}

proptest! {
    #![proptest_config(config(ROUNDS))]

    #[test]
    fn the_whole_description_mutilated_as_text(cuts in cuts()) {
        let input = generate::own_input().unwrap();
        survives(mutilate_text(&input.spec.content, &cuts), &input.config);
    }

    #[test]
    fn the_whole_description_mutilated_as_a_tree(cuts in cuts()) {
        let input = generate::own_input().unwrap();
        let mut root: Value = serde_yaml::from_str(&input.spec.content).unwrap();
        mutilate_tree(&mut root, &cuts);
        // JSON is YAML. Without the names of the configuration, which many cuts would miss.
        survives(root.to_string(), &Config::default());
    }
}

proptest! {
    #![proptest_config(config(ROUNDS_OF_SMALL))]

    #[test]
    fn small_descriptions_mutilated_as_text(which in any::<prop::sample::Index>(), cuts in cuts()) {
        let all = small();
        let input = which.get(&all);
        survives(mutilate_text(&input.spec.content, &cuts), &input.config);
    }

    #[test]
    fn small_descriptions_mutilated_as_trees(which in any::<prop::sample::Index>(), cuts in cuts()) {
        let all = small();
        let input = which.get(&all);
        let mut root: Value = serde_yaml::from_str(&input.spec.content).unwrap();
        mutilate_tree(&mut root, &cuts);
        survives(root.to_string(), &input.config);
    }

    #[test]
    fn configurations_mutilated_as_text(which in any::<prop::sample::Index>(), cuts in cuts()) {
        let all: Vec<Input> = small().into_iter().filter(|input| !input.config.source.content.is_empty()).collect();
        let input = which.get(&all);
        let text = mutilate_text(&input.config.source.content, &cuts);
        match Config::parse(Source::new("mutilated.toml", text)) {
            Ok(config) => survives(input.spec.content.clone(), &config),
            Err(found) => prop_assert!(found.render(false).contains("error[bad-config]")),
        }
    }

    #[test]
    fn any_bytes(text in "(?s).{0,200}") {
        survives(text, &Config::default());
    }
}
