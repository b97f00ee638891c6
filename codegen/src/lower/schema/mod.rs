//! From schemas to types.
//!
//! | module | responsibility |
//! |---|---|
//! | `all_of` | `allOf`: the schemas that describe a value |
//! | `at` | the position of a schema |
//! | `classify` | what kind of type a schema becomes |
//! | `combine` | what several schemas describe together |
//! | `constraints` | constraints |
//! | `define` | definitions of named types |
//! | `enums` | enums |
//! | `members` | the properties of an object |
//! | `structs` | structs |
//! | `type_of` | the type of a schema where it is used |
//! | `union` | unions and their variants |

pub(crate) mod all_of;
pub(crate) mod at;
pub(crate) mod classify;
pub(crate) mod combine;
pub(crate) mod constraints;
pub(crate) mod define;
pub(crate) mod enums;
pub(crate) mod members;
pub(crate) mod structs;
pub(crate) mod type_of;
pub(crate) mod union;
