//! The file with the open scopes of a run, shared by the processes of the run on one machine.
//!
//! | module | responsibility |
//! |---|---|
//! | `process` | the processes that a process was run by |
//! | `content` | the content of a file, and which scope a process means |
//! | `file` | reads and replaces a file under a lock |
//! | `locate` | which file belongs to a process |

mod content;
mod file;
mod locate;
mod process;

pub(crate) use content::{Content, Found};
pub(crate) use file::State;
pub(crate) use locate::{clean, locate, unreadable};
pub(crate) use process::{ProcessId, ancestors, own};
