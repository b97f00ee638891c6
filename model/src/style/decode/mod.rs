//! Decoding of parameters: the reverse of how clients encode them.
//!
//! | module | responsibility |
//! |---|---|
//! | `kind` | what a parameter consists of, as far as decoding depends on it |
//! | `error` | why a parameter cannot be decoded |
//! | `entries` | names and values of a query, cookies or a form |
//! | `tree` | nested values, whose names contain brackets |
//! | `value` | a decoded parameter |
//! | `delimited` | several values in one string |
//! | `query` | parameters in a query, cookies or a form |
//! | `path` | parameters in a path |
//! | `header` | parameters in headers |

mod delimited;
mod entries;
mod error;
mod header;
mod kind;
mod path;
mod query;
#[cfg(test)]
mod tests;
mod tree;
mod value;

pub use entries::{Entries, Entry, percent_decoded, query_entries};
pub use error::ParameterError;
pub use header::decode_header;
pub use kind::Kind;
pub use path::decode_path;
pub use query::decode_entries;
pub use value::Value;
