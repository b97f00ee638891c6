//! The client: its operations, the methods that call them, and what surrounds them.
//!
//! | module | responsibility |
//! |---|---|
//! | `setup` | the client, its builder, servers and environment variables |
//! | `operation` | a file per operation |
//! | `blocking` | the blocking client |
//! | `test_double` | the trait for test doubles |
//! | `tags` | a module per tag |
//! | `error` | the error type and the bodies of error responses |
//! | `webhooks` | webhooks and callbacks |
//! | `front_page` | the documentation of a generated crate |
//! | `root` | the root of the generated code |
//! | `files` | the files of a client |

mod blocking;
mod error;
mod files;
mod front_page;
mod operation;
mod root;
mod setup;
mod tags;
mod test_double;
mod webhooks;

pub(crate) use files::File;
pub(super) use files::files;
