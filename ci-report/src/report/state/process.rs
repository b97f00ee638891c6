//! The processes that a process was run by.

use serde::{Deserialize, Serialize};

/// The maximum number of ancestors.
const MAX_ANCESTORS: usize = 32;

/// A process. Its start time distinguishes it from a later one with the same number.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct ProcessId {
    pub(crate) pid: u32,
    /// In clock ticks since the machine was started; 0 where it is unknown.
    pub(crate) start: u64,
}

impl ProcessId {
    /// Returns whether the process still runs.
    pub(crate) fn is_alive(self) -> bool {
        stat(self.pid).is_some_and(|stat| stat.id == self)
    }

    /// Returns whether the process is a copy of another one that runs no other program: a subshell.
    fn is_copy_of(self, parent: Self) -> bool {
        let command = |pid: u32| std::fs::read(format!("/proc/{pid}/cmdline")).ok();
        command(self.pid).is_some_and(|own| !own.is_empty() && Some(own) == command(parent.pid))
    }
}

/// Returns this process. It was a shell, which has started scopes, if the shell has replaced itself by
/// its last command.
pub(crate) fn own() -> Option<ProcessId> {
    stat(std::process::id()).map(|stat| stat.id)
}

/// Returns the ancestors of this process, the nearest first. Where `/proc` is missing, this is the
/// parent alone.
pub(crate) fn ancestors() -> Vec<ProcessId> {
    let Some(parent) = parent() else { return Vec::new() };
    let mut ancestors = Vec::new();
    let mut next = Some(parent);
    while let Some(pid) = next.filter(|pid| *pid > 1 && ancestors.len() < MAX_ANCESTORS) {
        let Some(stat) = stat(pid) else { break };
        ancestors.push(stat.id);
        next = Some(stat.parent);
    }
    if ancestors.is_empty() {
        ancestors.push(ProcessId { pid: parent, start: 0 });
    }
    ancestors
}

/// Returns the shell of the first ancestor: itself, or the one that it is a subshell of.
pub(super) fn shell(ancestors: &[ProcessId]) -> Option<ProcessId> {
    let outermost = ancestors.windows(2).take_while(|pair| match pair {
        [inner, outer] => inner.is_copy_of(*outer),
        _ => false,
    });
    ancestors.get(outermost.count()).copied()
}

#[cfg(unix)]
fn parent() -> Option<u32> {
    rustix::process::getppid().and_then(|pid| u32::try_from(pid.as_raw_nonzero().get()).ok())
}

#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

struct Stat {
    id: ProcessId,
    parent: u32,
}

fn stat(pid: u32) -> Option<Stat> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program is in parentheses, and may contain spaces and parentheses.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let start = fields.nth(17)?.parse().ok()?;
    Some(Stat { id: ProcessId { pid, start }, parent })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn ancestors_are_alive() {
        let ancestors = ancestors();
        assert!(!ancestors.is_empty());
        assert!(ancestors.iter().all(|process| process.is_alive()));
        assert!(shell(&ancestors).is_some());
        assert!(!ProcessId { start: 1, ..ancestors[0] }.is_alive());
    }
}
