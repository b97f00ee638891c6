//! Scopes: pipelines, stages, jobs and steps that have started and not yet finished.
//!
//! | module | responsibility |
//! |---|---|
//! | `context` | settings that apply to every event of a reporter |
//! | `facts` | what is known of a scope, and its parents |
//! | `level` | the differences between the four levels |
//! | `result` | results, errors and statuses that decide how a scope ends |
//! | `scope` | a started scope, and the handle that opens scopes inside it |
//! | `ending` | the end of a scope |
//! | `command` | commands that are run as a scope |
//! | `builder` | a scope before it starts |
//! | `unstarted` | compile errors for scopes that have not started |
//! | `children` | the scopes that can be opened on each level |

mod builder;
mod children;
mod command;
mod context;
mod ending;
mod facts;
mod level;
mod result;
#[expect(clippy::module_inception, reason = "the module is named after its main type")]
mod scope;
mod unstarted;

pub use builder::ScopeBuilder;
pub(super) use context::Context;
pub use context::OnDrop;
pub(super) use facts::{Facts, RunOrigin, pair};
pub use level::Level;
pub use result::{Failure, FinalStatus, ScopeResult};
pub use scope::{Scope, ScopeHandle};
