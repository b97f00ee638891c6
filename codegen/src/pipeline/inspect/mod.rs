//! Inspection of documents: what they contain, and what is generated for them.
//!
//! | module | responsibility |
//! |---|---|
//! | `document` | inspecting a document |
//! | `examples` | the examples of a document with their generated types |
//! | `inspection` | the result of an inspection |
//! | `operations` | the operations of an inspection |
//! | `types` | the types of an inspection, with the decisions of unions |
//! | `untyped` | the schemas whose values stay JSON |

mod document;
mod examples;
mod inspection;
mod operations;
mod types;
mod untyped;

pub use document::inspect;
pub use examples::{Example, Examples, examples};
pub use inspection::{
    DecisionMethod, InspectedBody, InspectedKind, InspectedOperation, InspectedParameter,
    InspectedResponse, InspectedRule, InspectedType, Inspection,
};
pub use untyped::{Blame, Census, Untyped, UntypedReason, untyped};
