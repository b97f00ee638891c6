//! Annotations of GitHub Actions, and reports of GitLab Code Quality.

use serde_json::{Value, json};
use specwright::{Change, Difference, Position, Release, Wire};

/// Renders workflow commands of GitHub Actions, one per line.
pub(super) fn github(difference: &Difference) -> String {
    let mut output = String::new();
    for change in difference.changes.iter().filter(|change| is_shown(change)) {
        let command = match (change.wire.breaks_clients(), change.rust) {
            (true, _) => "error",
            (false, Release::Major) => "warning",
            _ => "notice",
        };
        let position = position(change).map(|position| {
            let file = property(file(position));
            format!("file={file},line={},col={},", position.line, position.column)
        });
        let message = data(&message(change));
        let (position, id) = (position.unwrap_or_default(), change.id);
        output.push_str(&format!("::{command} {position}title={id}::{message}\n"));
    }
    output
}

/// Returns a report of GitLab Code Quality.
pub(super) fn gitlab(difference: &Difference) -> Value {
    let changes = difference.changes.iter().filter(|change| is_shown(change));
    let issues = changes.map(|change| {
        let severity = match (change.wire, change.rust) {
            (wire, Release::Major) if wire.breaks_clients() => "blocker",
            (wire, _) if wire.breaks_clients() => "critical",
            (_, Release::Major) => "major",
            (Wire::BreaksServers, _) | (_, Release::Minor) => "minor",
            _ => "info",
        };
        let position = position(change);
        json!({
            "description": message(change),
            "check_name": change.id,
            "fingerprint": fingerprint(change),
            "severity": severity,
            "location": {
                "path": position.map_or("", file),
                "lines": { "begin": position.map_or(1, |position| position.line) },
            },
        })
    });
    Value::Array(issues.collect())
}

/// Documentation and other changes without effect on an API are not annotated.
fn is_shown(change: &Change) -> bool {
    change.rust > Release::Patch || change.wire != Wire::None
}

fn message(change: &Change) -> String {
    let Change { message, wire, rust, advice, .. } = change;
    let advice = if advice.is_empty() { String::new() } else { format!(": {advice}") };
    format!("{message} (wire: {wire}; Rust: {rust}){advice}")
}

fn position(change: &Change) -> Option<&Position> {
    change.new.as_ref().or(change.old.as_ref())
}

/// Returns the path of a file in the working directory.
fn file(position: &Position) -> &str {
    match position.file.split_once(':') {
        Some((revision, path)) if revision.len() > 1 => path,
        _ => &position.file,
    }
}

fn data(value: &str) -> String {
    value.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(value: &str) -> String {
    data(value).replace(':', "%3A").replace(',', "%2C")
}

/// Returns a hash (FNV-1a) that stays the same when a change moves to another line.
fn fingerprint(change: &Change) -> String {
    let pointers = [&change.old, &change.new]
        .map(|position| position.as_ref().map_or("", |position| position.pointer.as_str()));
    let parts = [change.id, pointers[0], pointers[1], &change.message];
    let hash = parts.join("\n").bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}
