//! Changes in groups, by what they mean.

use std::collections::BTreeMap;

use specwright::{Change, Difference, Direction, Release, Wire};

/// The changes of a severity.
pub(super) struct Group<'a> {
    pub(super) title: &'static str,
    pub(super) changes: Vec<&'a Change>,
}

/// Returns the changes in groups, the most severe first. Without `all`, those that affect no API are
/// left out; [`counts`] has them.
pub(super) fn groups(difference: &Difference, all: bool) -> Vec<Group<'_>> {
    let titles = [
        "Breaks clients that are deployed",
        "Breaks programs that use the crate",
        "Other changes of requests, responses and the crate",
        "Changes without effect on an API",
    ];
    let groups = titles.into_iter().enumerate().map(|(index, title)| Group {
        title,
        changes: difference.changes.iter().filter(|change| group(change) == index).collect(),
    });
    groups
        .filter(|group| !group.changes.is_empty())
        .filter(|group| all || group.title != titles[3])
        .collect()
}

fn group(change: &Change) -> usize {
    match (change.wire.breaks_clients(), change.rust) {
        (true, _) => 0,
        (false, Release::Major) => 1,
        _ if is_quiet(change) => 3,
        _ => 2,
    }
}

fn is_quiet(change: &Change) -> bool {
    change.rust <= Release::Patch && change.wire == Wire::None
}

/// Counts the changes that affect no API, by their ids.
pub(super) fn counts(difference: &Difference) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for change in difference.changes.iter().filter(|change| group(change) == 3) {
        *counts.entry(change.id).or_insert(0) += 1;
    }
    counts
}

/// Returns where values of a changed part are sent, and by how many operations.
pub(super) fn uses(change: &Change) -> String {
    let directions = match change.directions.as_slice() {
        [Direction::Request] => "in requests",
        [Direction::Response] => "in responses",
        [] => "",
        _ => "in requests and responses",
    };
    match (directions, change.operations) {
        ("", _) => String::new(),
        (directions, 0) => directions.to_owned(),
        (directions, 1) => format!("{directions} of one operation"),
        (directions, count) => format!("{directions} of {count} operations"),
    }
}

/// Returns the positions of a change: that in the new document, or else in the old one.
pub(super) fn position(change: &Change) -> String {
    match (&change.old, &change.new) {
        (_, Some(new)) => new.to_string(),
        (Some(old), None) => format!("{old} (old)"),
        (None, None) => String::new(),
    }
}

/// Returns a verdict as one phrase.
pub(super) fn verdict(wire: Wire, rust: Release) -> String {
    let wire = match wire {
        Wire::None => "nothing changes on the wire",
        Wire::Compatible => "compatible on the wire",
        Wire::BreaksServers => "new clients may fail with old servers",
        Wire::BreaksClients => "old clients may fail with new servers",
        Wire::BreaksBoth => "clients and servers have to be updated together",
    };
    let rust = match rust {
        Release::None => "the generated code does not change".to_owned(),
        rust => format!("the generated crate needs a {rust} release"),
    };
    format!("{wire}; {rust}")
}

/// Returns a message on one line. Values of a document may have several.
pub(super) fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a phrase as the start of a sentence.
pub(super) fn capital(phrase: &str) -> String {
    let mut characters = phrase.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
