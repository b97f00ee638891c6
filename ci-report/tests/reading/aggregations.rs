//! `aggregate`.

use crate::support::Setup;

#[test]
fn aggregations_are_tables_and_json() {
    let setup = Setup::with_run();
    let aggregations: &[&[&str]] = &[
        &["aggregate"],
        &["aggregate", "--by", "level"],
        &["aggregate", "ci_level:job", "--by", "status,@ci.job.name", "--compute", "max:@duration"],
        &[
            "aggregate",
            "*",
            "--by",
            "level",
            "--compute",
            "count",
            "--compute",
            "avg:duration",
            "--compute",
            "most_frequent:@ci.status",
            "--interval",
            "1m",
            "--from",
            "2h",
        ],
        &[
            "aggregate",
            "ci_level:job",
            "--by",
            "job",
            "-n",
            "2",
            "--output",
            "jsonl",
            "-c",
            "sum:@duration",
        ],
        &["aggregate", "ci_level:step", "--interval", "1h", "--from", "3h", "--output", "json"],
    ];
    let mut shown = String::new();
    for arguments in aggregations {
        shown.push_str(&format!("$ ci-report {}\n", arguments.join(" ")));
        shown.push_str(&setup.run(arguments).success());
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn wrong_computations_are_explained() {
    let setup = Setup::new();
    for (option, value, expected) in [
        ("--compute", "mean:@duration", "no such function; use one of count, cardinality"),
        ("--compute", "avg", "which measure? For example avg:@duration"),
        ("--interval", "often", "expected a duration such as 5m"),
        ("--limit", "0", "0 is not in 1.."),
    ] {
        let printed = setup.run(&["aggregate", option, value]);
        assert_eq!(printed.code, 2);
        assert!(printed.stderr.contains(expected), "{}", printed.stderr);
    }
    let printed = setup.run(&["aggregate", "--by", "level"]);
    assert!(printed.stderr.contains("no events match `*`"), "{}", printed.stderr);
}
