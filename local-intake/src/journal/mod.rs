//! The journal: what the intake keeps on disk.
//!
//! # Files
//! With [`data_dir`](crate::LocalIntakeBuilder::data_dir), the directory contains:
//!
//! | file | content |
//! |---|---|
//! | `events.redb` | a [`redb`] database with the tables `requests` and `first_event` |
//! | `events.lock` | an empty file, locked while an intake uses the directory |
//! | `events.redb.new` | a database being created; deleted at the next start if it was left over |
//!
//! # Format
//! The table `requests` maps the number of a request (`u64`, consecutive) to the time it was
//! received (`i64`, nanoseconds since 1970) and its events: a JSON array of the `attributes` of
//! each event, as they were sent. Only accepted requests are kept.
//!
//! An event that was removed is `null` in its request, so that the others keep their positions. Requests
//! of which all events were removed are `[]`, or absent at the start of the table. The table
//! `first_event` has one entry, the number of the first event that is kept (`u32`). It is absent
//! until events have been removed.
//!
//! The table has no version number. The values are the API's own JSON, and redb records the version
//! of its file format. A changed layout would use a table with another name.
//!
//! # Durability
//! The response to a request is sent after its events were committed with `fsync`. One thread
//! writes: it commits all waiting requests together, inserts them into the store in the same order,
//! and then releases their responses. Replaying the table therefore restores the same store, event ids
//! included. If a commit fails, its requests get status 503, and the file is opened and checked
//! again before the next commit.
//!
//! # Removal
//! What exceeds a limit is removed from the store first, then from the file, after the responses to
//! the requests that caused it. After a crash in between, it is removed at the next start. If less
//! than about a quarter of the file is used, and it is larger than 16 MiB, it is compacted: requests
//! wait meanwhile.
//!
//! # Recovery
//! The file is read once, at the start, and checked completely. After a crash it is usable without
//! repair. A damaged file is an error and is never changed: restore a copy of it, or move it away
//! to start without events. The one undetected case is a flipped bit after a crash, in the first
//! page, that selects the older of the last two commits. redb does not checksum it.
//!
//! # Not kept
//! Indexes, merged events and execution times are derived from the table at the start. Cursors,
//! the request log, faults, the rate limit and the clock are in memory only.
//!
//! # Modules
//! | module | responsibility |
//! |---|---|
//! | `file` | creating, locking, checking and replaying the file |
//! | `removal` | removing events |
//! | `writer` | committing requests |

mod file;
mod removal;
mod writer;

pub(crate) use writer::Journal;
