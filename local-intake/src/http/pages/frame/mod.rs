//! What all pages share.
//!
//! | module | responsibility |
//! |---|---|
//! | `access` | the password, and the headers that restrict what a page may do |
//! | `address` | the state of a page in its address |
//! | `assets` | the style sheet, the script and the icon |
//! | `clauses` | adding a clause to a query, and removing it |
//! | `filter` | the query, level and time range of a page |
//! | `layout` | the navigation, and rendering a page or its errors |
//! | `live` | server-sent events for changes |

mod access;
mod address;
mod assets;
mod clauses;
mod filter;
mod layout;
mod live;

pub(super) use access::{add_headers, describe_to_programs, require_password};
pub(super) use address::Address;
pub(super) use assets::asset;
pub(super) use clauses::{with_clause, without_clause};
pub(super) use filter::{Filter, RANGES};
pub(super) use layout::{Frame, Section, render, render_with_status};
pub(super) use live::changes;
