//! Names in Rust: every identifier of generated code is made here.

mod did_you_mean;
mod identifiers;
mod scopes;

pub(crate) use did_you_mean::suggestion;
pub(crate) use identifiers::{Name, TypeName};
pub(crate) use identifiers::{
    is_keyword, is_snake_name, is_type_name, module_name, snake_name, type_name, usable,
};
pub(crate) use scopes::Scope;
