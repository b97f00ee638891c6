use clap::Parser;
use datadog_ci_pipelines::models::SendData;
use proptest::prelude::*;

use super::Arguments;
use super::problem::Problem;

const TIMELINE: &str = "\
level,name,start,end,status,parent,error
pipeline,deploy,2026-07-14T10:00:00Z,2026-07-14T10:09:00Z,failed,,
stage,build,,,,deploy,
job,compile,2026-07-14T10:00:10Z,2026-07-14T10:05:00Z,passed,build,
step,cargo build,2026-07-14T10:00:12Z,2026-07-14T10:04:58Z,ok,,
job,\"test, unit\",2026-07-14T10:05:00Z,2026-07-14T10:09:00Z,failed,deploy,\"2 tests
failed\"
";

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

fn events(input: &str, options: &[&str]) -> Result<Vec<String>, Vec<Problem>> {
    let arguments = ["import", "x.csv"].iter().chain(options);
    let arguments = Program::try_parse_from(arguments).unwrap().arguments;
    let events = arguments.events(input, &mut Vec::new())?;
    let json = |event| serde_json::to_string(&SendData::from(event)).unwrap();
    Ok(events.into_iter().map(|located| json(located.event)).collect())
}

fn problems(input: &str, options: &[&str]) -> Vec<String> {
    let mut problems = events(input, options).unwrap_err();
    problems.sort_by_key(Problem::line);
    problems
        .into_iter()
        .map(|Problem { location, message }| format!("{location}: {message}"))
        .collect()
}

#[test]
fn a_timeline_becomes_a_run() {
    insta::assert_snapshot!(events(TIMELINE, &[]).unwrap().join("\n"));
}

#[test]
fn separators_order_and_encodings_do_not_matter() {
    let expected = events(TIMELINE, &[]).unwrap();
    let semicolons = TIMELINE.replace(',', ";").replace("test; unit", "test, unit");
    assert_eq!(events(&semicolons, &[]).unwrap(), expected);
    let json = r#"[
        {"level": "pipeline", "name": "deploy", "start": 1784023200, "end": 1784023740000, "status": "error"},
        {"level": "stage", "name": "build", "parent": "deploy"},
        {"level": "job", "name": "compile", "start": "2026-07-14T10:00:10Z", "duration": 290,
         "status": "success", "parent": "build"},
        {"level": "step", "name": "cargo build", "start": "2026-07-14T10:00:12Z",
         "end": "2026-07-14T10:04:58Z", "status": "success"},
        {"level": "job", "name": "test, unit", "start": "2026-07-14T10:05:00Z",
         "end": "2026-07-14T10:09:00Z", "status": "error", "parent": "deploy", "error": "2 tests\nfailed"}
    ]"#;
    assert_eq!(events(json, &[]).unwrap(), expected);
}

#[test]
fn the_pipeline_may_come_from_options() {
    let input = "level,name,start,end,status\njob,a,2026-07-14 10:00,2026-07-14 10:01,ok\n";
    let options = ["--pipeline", "nightly", "--run-id", "7", "--utc-offset", "-02:00"];
    let events = events(input, &options).unwrap();
    assert!(events[0].contains(r#""unique_id":"7","name":"nightly""#), "{events:?}");
    assert!(events[0].contains(r#""start":"2026-07-14T12:00:00Z""#), "{events:?}");
    assert!(events[1].contains(r#""pipeline_unique_id":"7""#), "{events:?}");
}

#[test]
fn every_problem_has_a_line() {
    let input = "\
level,name,start,end,status,parent
pipeline,,yesterday,2026-07-14T10:09:00Z,great,
phase,x,2026-07-14T10:00:00,,,
step,early,2026-07-14T10:00:00Z,2026-07-14T10:01:00Z,ok,
";
    insta::assert_snapshot!(problems(input, &[]).join("\n"));
    let input = "level,name,start,end,status,parent
pipeline,p,2026-07-14T10:00:00Z,,,
step,early,2026-07-14T10:00:00Z,2026-07-14T10:01:00Z,ok,
job,orphan,2026-07-14T10:00:00Z,2026-07-14T10:01:00Z,ok,nothing
stage,open,2026-07-14T10:00:00Z,,ok,
";
    assert_eq!(
        problems(input, &[]),
        [
            "line 3: a step needs a parent, or a job above it",
            "line 4: no parent of a job has the id or name `nothing`"
        ]
    );
    let backwards = TIMELINE.replace("10:05:00Z,passed", "09:05:00Z,passed");
    assert_eq!(problems(&backwards, &[])[0], "line 3: end must not be before `start`");
    assert_eq!(problems("a,b\n1,2\n", &[]).len(), 1);
    assert_eq!(problems("", &[]), [": no rows; the first line has the names of the columns"]);
    assert_eq!(
        problems("level,name\njob,a,b\n", &[])[0].split(';').next(),
        Some("line 2: 3 cells, but 2 columns")
    );
    assert!(problems("[7]", &[])[0].starts_with("row 1: expected an object"));
    assert!(problems("[{]", &[])[0].starts_with("line 1: not JSON at column"));
}

proptest! {
    #[test]
    fn mutated_timelines_never_panic(at in 0usize..450, cut in 0usize..40, with in ".{0,4}", short in 0usize..450) {
        let mut chars: Vec<char> = TIMELINE.chars().collect();
        let at = at.min(chars.len());
        chars.splice(at..(at + cut).min(chars.len()), with.chars());
        chars.truncate(short.max(50));
        let input: String = chars.into_iter().collect();
        if let Ok(events) = events(&input, &[]) {
            prop_assert!(!events.is_empty());
        }
    }

    #[test]
    fn any_input_is_read(input in "[\\[\\]{}\",:;\\n\\ta-e0-9]{0,200}") {
        let _ = events(&input, &[]);
    }
}
