//! The guard around redb, which panics when it reads some damaged files.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Any error of work on a database.
pub type DatabaseError = Box<dyn Error + Send + Sync>;

/// Runs work on a database, and turns a panic into an error that reports a damaged file.
///
/// After an error the caller must not use the database any further.
///
/// # Errors
/// Returns the error of the work, or the message of its panic.
pub fn guard_database<T>(
    work: impl FnOnce() -> Result<T, DatabaseError>,
) -> Result<T, DatabaseError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("the file is damaged: {}", message.unwrap_or("unknown reason")).into())
    })
}
