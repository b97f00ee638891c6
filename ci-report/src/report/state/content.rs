//! The content of a file, and which scope a process means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::process::ProcessId;
use crate::report::level::Level;
use crate::report::record::{Changes, Record};

/// The version of the format.
pub(super) const VERSION: u32 = 1;
/// Identifies files of this program.
pub(super) const PROGRAM: &str = "ci-report";

/// The open scopes of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Content {
    program: String,
    version: u32,
    /// In the order in which they were started.
    #[serde(default)]
    pub(crate) scopes: Vec<Record>,
    /// What was added to scopes that another process holds, by level and id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) changes: BTreeMap<String, Changes>,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            program: PROGRAM.to_owned(),
            version: VERSION,
            scopes: Vec::new(),
            changes: BTreeMap::new(),
        }
    }
}

/// Which process looks for a scope, and which scope it wants.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The processes that it was run by, the nearest first.
    pub(crate) processes: Vec<ProcessId>,
    /// The scope that its environment names.
    pub(crate) outer: Option<String>,
    /// The job of the CI system.
    pub(crate) job_key: Option<String>,
    /// The level of the wanted scope.
    pub(crate) level: Option<Level>,
    /// The name or id of the wanted scope.
    pub(crate) name: Option<String>,
    /// Whether the file belongs to these processes alone, so that scopes of unrelated processes are
    /// those of an earlier script.
    pub(crate) is_of_shell: bool,
}

impl Content {
    /// Parses the content of a file. An error describes why it cannot be used.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Header {
            program: String,
            version: u32,
        }
        let header: Header =
            serde_json::from_slice(bytes).map_err(|error| format!("damaged: {error}"))?;
        if header.program != PROGRAM {
            return Err(format!("written by `{}`", header.program));
        }
        if header.version > VERSION {
            return Err(format!("written by a newer version (format {})", header.version));
        }
        serde_json::from_slice(bytes).map_err(|error| format!("damaged: {error}"))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.scopes.is_empty() && self.changes.is_empty()
    }

    /// Returns the position of the scope that a process means: the latest one that was started by its
    /// nearest ancestor. A scope belongs to its shell as long as the shell runs.
    pub(crate) fn position(&self, wanted: &Found) -> Option<usize> {
        let matches = |record: &Record| {
            wanted.level.is_none_or(|level| level == record.level)
                && wanted
                    .name
                    .as_ref()
                    .is_none_or(|name| *name == record.name || *name == record.id)
        };
        let distance = |record: &Record| {
            let is_inherited = |process: &&ProcessId| wanted.processes.contains(process);
            let distance = wanted
                .processes
                .iter()
                .position(|process| record.processes.contains(process))
                .or((!wanted.is_of_shell).then_some(usize::MAX))?;
            let is_of_other_job =
                record.job_key != wanted.job_key && record.level != Level::Pipeline;
            let is_of_other_shell = record
                .processes
                .first()
                .filter(|process| !is_inherited(process))
                .is_some_and(|process| process.is_alive());
            // A name is unambiguous enough.
            let is_named = wanted.name.is_some();
            let is_own = record.outer == wanted.outer && !is_of_other_job && !is_of_other_shell;
            (is_named || is_own).then_some(distance)
        };
        let candidates = self.scopes.iter().enumerate().filter(|(_, record)| matches(record));
        let candidates = candidates.filter_map(|(index, record)| Some((index, distance(record)?)));
        candidates
            .min_by_key(|(index, distance)| (*distance, usize::MAX - index))
            .map(|(index, _)| index)
    }

    /// Removes the scopes that ended processes have started inside a wrapped command and left open, the
    /// innermost first.
    pub(crate) fn remove_left_open(&mut self, outer: &str) -> Vec<Record> {
        let is_left = |record: &Record| {
            let shell = record.processes.first();
            record.outer.as_deref() == Some(outer) && !shell.is_some_and(|shell| shell.is_alive())
        };
        let mut left = Vec::new();
        while let Some(position) = self.scopes.iter().position(is_left) {
            left.extend(self.remove(position));
        }
        left.sort_by_key(|record| std::cmp::Reverse(record.level));
        left
    }

    /// Removes a scope and everything that is open inside it, the innermost first.
    pub(crate) fn remove(&mut self, position: usize) -> Vec<Record> {
        if position >= self.scopes.len() {
            return Vec::new();
        }
        let record = self.scopes.remove(position);
        let (mut inside, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.scopes)
            .into_iter()
            .partition(|inner| inner.is_inside(&record));
        self.scopes = others;
        inside.sort_by_key(|record| std::cmp::Reverse(record.level));
        inside.push(record);
        for record in &mut inside {
            if let Some(changes) = self.changes.remove(&record.key()) {
                record.changes.merge(changes);
            }
        }
        inside
    }
}
