//! Masked values are found nowhere.

use std::fs;
use std::path::Path;

use crate::support::{World, run};

const SECRETS: &[(&str, &str)] = &[
    ("DEPLOY_TOKEN", "s3cr3t/token"),
    ("DB_PASSWORD", "hunter2\"quoted"),
    ("CHOSEN", "picked"),
    ("LISTED", "listed"),
    ("SIGNING_KEY", "-----BEGIN KEY-----\nAAAABBBBCCCCDDDD\n-----END KEY-----"),
];

#[test]
fn masked_values_are_neither_sent_nor_stored() {
    let world = World::new();
    let script = r#"set -eu
        all="$DEPLOY_TOKEN $DB_PASSWORD $CHOSEN $LISTED $SIGNING_KEY"
        options="--mask CHOSEN"
        ci-report start pipeline "run $all" $options --url "https://x.y/?$DEPLOY_TOKEN" --id "id $CHOSEN"
        ci-report start stage "stage $all" $options
        ci-report start job "job $all" $options --tags "a:$DEPLOY_TOKEN" --parameter "$CHOSEN:$DB_PASSWORD"
        ci-report tag "b:$all" $options
        ci-report parameters "c:$all" $options
        ci-report error "error $all" --stack "stack $all" --type "$CHOSEN" $options
        cp -R "$HOME/.local" "$HOME/copied"
        ci-report run --step "step $all" $options --send-arguments --capture-stderr 5 -- \
            sh -c 'echo "$1" >&2; exit 1' sh "$all" || true
        ci-report run --step assigned --mask OWN --send-arguments --capture-stderr 5 -- \
            NEW_TOKEN="it's ass1gned" OWN=0wn LISTED=l1sted \
            sh -c 'echo "$NEW_TOKEN $OWN $LISTED" >&2; exit 1' || true
        ci-report finish $options
        ci-report finish $options
        ci-report finish $options"#;
    let mut command = world.command("sh");
    command.args(["-c", script]).envs(SECRETS.iter().copied()).env("CI_REPORT_MASK", "LISTED");
    // Everything stays on disk until the end.
    command.env("DD_URL", crate::support::unreachable());
    command.env("DD_GIT_REPOSITORY_URL", "https://git.example/s3cr3t%2Ftoken/app.git");
    let output = run(&mut command, b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut stored = Vec::new();
    collect(&world.directory, &mut stored);
    assert!(stored.len() > 6, "{}", stored.len());
    world.flush();
    let events = world.intake.events();
    assert_eq!(events.len(), 5);
    for event in events {
        stored.extend(world.intake.history(&event.id).iter().map(|update| update.sent.to_string()));
    }
    for content in &stored {
        let values =
            ["s3cr3t", "hunter2", "picked", "listed", "AAAABBBB", "ass1gned", "0wn", "l1sted"];
        for value in values {
            assert!(!content.contains(value), "{value} in {content}");
        }
    }
    assert!(stored.iter().any(|content| content.contains("job *** *** *** ***")), "{stored:?}");
}

#[test]
fn no_part_of_a_masked_value_is_left_where_a_string_is_cut() {
    const SECRET: &str = "s3cr3t-cut-in-two";
    let world = World::new();
    // Messages are cut after 5,000 characters, and stacks of tests after 32,000.
    let before = |limit: usize| "x".repeat(limit - 5);
    let (message, stack) = (before(5000), before(32_000));
    let report = format!(
        "<testsuite><testcase name=\"t\"><failure message=\"{message}{SECRET}\">{stack}{SECRET}</failure></testcase></testsuite>"
    );
    fs::write(world.directory.join("report.xml"), report).unwrap();
    let rows = format!(
        "level,name,start,end,status,error,error_type\npipeline,p,2026-07-14T10:00:00Z,2026-07-14T10:01:00Z,error,{message}{SECRET},{}{SECRET}\n",
        before(100)
    );
    fs::write(world.directory.join("rows.csv"), rows).unwrap();
    let script = r#"set -eu
        ci-report start pipeline p
        ci-report start job j
        ci-report error "$1$DEPLOY_TOKEN" --type "$2$DEPLOY_TOKEN"
        ci-report finish
        ci-report start job tests
        ci-report finish --junit report.xml
        # The last 16 KiB and more, which begin within the value.
        for more in 4 16 20; do
            for unit in x é; do
                code="import sys; sys.stderr.write(sys.argv[1] + sys.argv[2] * ((int(sys.argv[3]) * 1024 - 5) // len(sys.argv[2].encode())))"
                ci-report run --step long --capture-stderr 3 -- \
                    sh -c 'python3 -c "$@"; exit 1' sh "$code" "$DEPLOY_TOKEN" $unit $more 2>&- || true
                ci-report run --step long --capture-stderr 3 -- \
                    sh -c 'python3 -c "$@"; exit 1' sh "$code" "$DEPLOY_TOKEN" $unit $more 2>/dev/null || true
            done
        done
        ci-report finish
        ci-report import rows.csv --dry-run"#;
    let mut command = world.command("sh");
    command.args(["-c", script, "sh", &message, &before(100)]).env("DEPLOY_TOKEN", SECRET);
    command.env("DD_URL", crate::support::unreachable());
    let output = run(&mut command, b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut stored = vec![String::from_utf8(output.stdout).unwrap()];
    let outbox = world.directory.join(".local");
    collect(&outbox, &mut stored);
    assert!(stored.len() > 15, "{}", stored.len());
    for content in &stored {
        for part in ["s3cr", "cut-", "wo\"", "two", "in-t"] {
            assert!(!content.contains(part), "{part} in {content}");
        }
    }
}

/// Reads all files of a directory.
fn collect(directory: &Path, stored: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, stored);
        } else if let Ok(content) = fs::read(&path) {
            stored.push(String::from_utf8_lossy(&content).into_owned());
        }
    }
}
