//! Facts about the commit that is built.
//!
//! | module | responsibility |
//! |---|---|
//! | `facts` | the facts, and how sources are combined |
//! | `event_file` | the event that started the run |
//! | `env` | environment variables of CI systems |
//! | `checkout` | a checkout on disk |
//! | `systems` | the table of CI systems |
//! | `url` | repository URLs without credentials |

#[cfg(feature = "git")]
mod checkout;
mod env;
mod event_file;
mod facts;
mod systems;
mod url;

pub use facts::{GitError, GitFacts};
