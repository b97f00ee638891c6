//! From operations, webhooks and servers of the document to those of the API.
//!
//! | module | responsibility |
//! |---|---|
//! | `body` | request bodies |
//! | `delimiters` | delimiters of Swagger 2.0 |
//! | `form_parts` | `encoding` of form properties |
//! | `operations` | operations and their names |
//! | `parameters` | parameters |
//! | `path` | paths and the parameters in them |
//! | `response` | responses |
//! | `security` | security schemes and requirements |
//! | `sequence` | request bodies of several values |
//! | `servers` | servers |
//! | `webhooks` | webhooks and callbacks |

pub(crate) mod body;
pub(crate) mod delimiters;
pub(crate) mod form_parts;
pub(crate) mod operations;
pub(crate) mod parameters;
pub(crate) mod path;
pub(crate) mod response;
pub(crate) mod security;
pub(crate) mod sequence;
pub(crate) mod servers;
pub(crate) mod webhooks;
