//! Selection of operations and webhooks, and resolution of references.
//!
//! | module | responsibility |
//! |---|---|
//! | `methods` | HTTP methods, and the operations of a path item |
//! | `filter` | which operations the configuration selects |
//! | `resolve` | references, and typed parts of the document |
//! | `webhooks` | selected webhooks, and callbacks of selected operations |
//! | `operations` | selected operations |

mod filter;
mod methods;
mod operations;
mod resolve;
mod webhooks;

pub(crate) use methods::{Method, all_methods};
pub(crate) use operations::{SelectedOperation, Selection, select};
pub(crate) use resolve::{local_pointer, resolve, suggestion, target_or_nothing, typed};
pub(crate) use webhooks::SelectedWebhook;
