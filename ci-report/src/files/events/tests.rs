use proptest::prelude::*;

use super::read;

const STEP: &str = r#"{"level": "step", "id": "s1", "name": "test", "pipeline_unique_id": "run-1",
    "pipeline_name": "deploy", "start": "2026-07-14T10:00:00Z", "end": "2026-07-14T10:02:00Z",
    "status": "success"}"#;

fn step() -> String {
    STEP.replace('\n', " ")
}

/// Returns the location and the problems of each event, if there are any.
fn problems(input: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in read(input) {
        for problem in entry.event.err().unwrap_or_default() {
            lines.push(format!("{}: {} {}", entry.location, problem.pointer, problem.message));
        }
    }
    lines
}

#[test]
fn all_encodings_are_read() {
    let (step, pretty) = (step(), STEP);
    let attributes = format!(r#"{{"provider_name": "x", "resource": {step}}}"#);
    let data = format!(r#"{{"type": "cipipeline_resource_request", "attributes": {attributes}}}"#);
    for (input, count) in [
        (pretty.to_owned(), 1),
        (attributes.clone(), 1),
        (data.clone(), 1),
        (format!(r#"{{"data": {data}}}"#), 1),
        (format!(r#"{{"data": [{data}, {data}]}}"#), 2),
        (format!("[{step}, {attributes}, {data}]"), 3),
        (format!("{step}\n\n{step}\n"), 2),
        (format!("{pretty}\n{pretty}"), 2),
        ("[]".to_owned(), 0),
        (String::new(), 0),
    ] {
        assert_eq!(problems(&input), [""; 0], "{input}");
        assert_eq!(read(&input).len(), count, "{input}");
    }
}

#[test]
fn every_problem_has_a_location_and_a_pointer() {
    let wrong = step().replace("10:02", "09:02").replace(r#""id": "s1""#, r#""id": 5"#);
    let typo = step().replace("\"step\"", "\"stepp\"");
    let lines = format!("{}\n{wrong}\n{{\"a\": }}\n{typo}\n[{}]\n7", step(), "{}");
    insta::assert_snapshot!(problems(&lines).join("\n"));
}

#[test]
fn pointers_are_those_of_the_file() {
    let wrong = step().replace("10:02", "09:02");
    let input = format!(r#"{{"data": [{{"attributes": {{"resource": {wrong}}}}}]}}"#);
    assert_eq!(
        problems(&input),
        ["event 1: /data/0/attributes/resource/end must not be before `start`"]
    );
    assert_eq!(problems(&wrong), [": /end must not be before `start`"]);
}

proptest! {
    #[test]
    fn mutated_input_never_panics(cut in 0usize..600, at in 0usize..600, with in ".{0,3}") {
        let input = format!("{}\n[{}]\n{STEP}", step(), step());
        let mut chars: Vec<char> = input.chars().collect();
        let at = at.min(chars.len());
        chars.splice(at..(at + cut % 5).min(chars.len()), with.chars());
        chars.truncate(chars.len().saturating_sub(cut % 50));
        let input: String = chars.into_iter().collect();
        prop_assert!(read(&input).len() <= 10);
    }
}
