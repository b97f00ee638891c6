//! Bodies and listings of several parts.
//!
//! | module | responsibility |
//! |---|---|
//! | `hostile` | servers that keep a client busy: endless parts, reconnects, empty pages |
//! | `reading` | event streams and JSON lines |

mod hostile;
mod reading;
