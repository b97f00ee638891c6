//! The state that lowering shares, below everything else in `lower`.
//!
//! | module | responsibility |
//! |---|---|
//! | `combinations` | types of values that several schemas describe at once |
//! | `components` | names of inline schemas in components |
//! | `files` | which schemas are files in multipart forms |
//! | `index` | facts about the schemas of a document |
//! | `options` | options that refer to items of the document, and which of them matched |
//! | `pending` | what schemas and operations leave for the passes |
//! | `state` | `Context` |
//! | `subtypes` | schemas whose `allOf` references another schema |
//! | `types` | the table of named types |
//! | `user_types` | types of the user, derives and attributes |
//! | `uses` | the type of each schema by its JSON pointer |

pub(crate) mod combinations;
mod components;
pub(crate) mod files;
pub(crate) mod index;
mod options;
pub(crate) mod pending;
pub(crate) mod state;
mod subtypes;
mod types;
pub(crate) mod user_types;
pub(crate) mod uses;
