//! The public API of generated code: every item that another crate can name, with its signature, read
//! from the syntax trees that the emitter creates.
//!
//! | module | responsibility |
//! |---|---|
//! | `render` | signatures as strings |
//! | `read` | the items of one file |
//! | `paths` | the public paths of the items of all files |
//! | `implied` | features that others enable |
//! | `same` | the files that are the same in both APIs |
//! | `held` | types whose old names stay as aliases |
//! | `aliases` | signatures without aliases |
//! | `compare` | what the differences of two APIs mean |

mod aliases;
mod compare;
mod held;
mod implied;
mod paths;
mod read;
mod render;
mod same;

use std::collections::BTreeMap;

pub(super) use compare::{ItemChange, compare};
pub(super) use paths::surfaces;

use crate::ir::TypeId;

/// The public API of generated code.
#[derive(Clone, Debug, Default)]
pub(super) struct Surface {
    /// The items by their paths.
    items: BTreeMap<String, Item>,
    /// What the aliases among the models are.
    aliases: BTreeMap<String, String>,
}

/// An item that another crate can name.
#[derive(Clone, Debug)]
struct Item {
    kind: ItemKind,
    /// Everything that a program depends on, apart from its path.
    signature: String,
    /// The names of the arguments of a function.
    arguments: Vec<String>,
    /// The features that enable it: one of each list is needed.
    features: Vec<Vec<String>>,
    is_deprecated: bool,
    /// Of a struct, enum or trait: whether other crates accept further fields, variants or methods.
    is_open: bool,
    /// What it is generated from.
    origin: Origin,
}

/// The kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ItemKind {
    Module,
    Struct,
    Enum,
    Trait,
    Alias,
    Field,
    Variant,
    Function,
    Constant,
    /// An implementation of a trait.
    Implementation,
    /// An item of another crate.
    Import,
    /// A feature of the crate.
    Feature,
}

/// What a file is generated from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Type(TypeId),
    /// An operation, by its index.
    Operation(usize),
    /// Several parts of the API.
    Api,
}
