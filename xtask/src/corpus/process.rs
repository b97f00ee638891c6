//! The processes that this command starts, and where they write.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::workspace::root;

/// Returns the folder for everything that this command writes.
pub(super) fn directory() -> Result<PathBuf, String> {
    Ok(root()?.join("target/corpus"))
}

/// Creates a command that runs this program with a hidden subcommand.
///
/// Each document has a separate process, so that its memory can be measured.
pub(super) fn child(subcommand: &str) -> Result<Command, String> {
    let own = std::env::current_exe().map_err(|error| format!("error: {error}"))?;
    let mut child = Command::new(own);
    child.arg(subcommand);
    Ok(child)
}

/// Returns the peak memory of this process in MiB; none if the system does not report it.
pub(super) fn peak_memory() -> Option<f64> {
    memory("self", "VmHWM:")
}

/// Returns a memory figure of a process in MiB, which only Linux reports.
pub(super) fn memory(process: &str, key: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_memory_of_a_process_is_known() {
        let held = vec![1_u8; 64 << 20];
        let now = memory("self", "VmRSS:");
        // Other tests allocate and free at the same time, so the two are not compared.
        for memory in [now, peak_memory()] {
            assert!(
                memory.is_some_and(|it| it >= 64.0),
                "{memory:?} MiB with {} bytes",
                held.len()
            );
        }
        assert_eq!(memory("none", "VmRSS:"), None);
    }
}
