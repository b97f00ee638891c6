//! Names in Rust. All identifiers of generated code are made here.
//!
//! | module | responsibility |
//! |---|---|
//! | `identifiers` | Rust identifiers from any string |
//! | `scopes` | names that are unique in a scope |
//! | `did_you_mean` | suggestions for misspelled names |

mod did_you_mean;
mod identifiers;
mod scopes;

pub(crate) use did_you_mean::{similar, suggestion};
pub(crate) use identifiers::{Name, TypeName};
pub(crate) use identifiers::{
    is_device, is_keyword, is_snake_name, is_type_name, module_name, snake_name, type_name, usable,
};
pub(crate) use scopes::Scope;
