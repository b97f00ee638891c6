//! The intermediate representation of an API: plain data with every name decided and every
//! reference resolved. It contains no OpenAPI types and no Rust tokens.
//!
//! | module | responsibility |
//! |---|---|
//! | `api` | the whole API, and queries over its types |
//! | `body` | request bodies: types, media types, form parts |
//! | `generated_names` | names of generated items that have no counterpart in the document |
//! | `operation` | operations, webhooks and tags |
//! | `paging` | how the pages of an operation follow each other |
//! | `parameter` | parameters, their locations and styles |
//! | `response` | success and error responses, their content and headers |
//! | `server` | servers, their variables, and security schemes |
//! | `shape` | uses of types: shapes and constraints of values |
//! | `types` | definitions of named types: structs, enums and aliases |
//! | `union` | unions, and how the variant of a value is decided |

mod api;
mod body;
mod generated_names;
mod operation;
mod paging;
mod parameter;
mod response;
mod server;
mod shape;
mod types;
mod union;

pub(crate) use crate::names::{Name, TypeName};
pub(crate) use api::Api;
pub use api::Counts;
pub(crate) use body::{Body, BodyContent, BodyEncoding, BodyFormat, ContentType, Media};
pub(crate) use generated_names::{BlockingNames, ServerNames, TestDoubleNames};
pub(crate) use operation::{FormerOperation, Operation, Tag, Webhook};
pub(crate) use paging::{NextPage, Paging, Step};
pub(crate) use parameter::{Parameter, ParameterLocation, Part, Style};
pub(crate) use response::{
    Accept, Content, DescribedError, ErrorBody, ErrorBodyIndex, ErrorOutput, ErrorResponse,
    Framing, Header, HeaderFormat, Headers, Output, Status, StreamedResponse, SuccessResponse,
};
pub(crate) use server::{Credential, SecurityScheme, Server, ServerVariable};
pub(crate) use shape::{Bound, Constraints, Integer, Pattern, Shape, Tuple, Type, TypeId};
pub(crate) use types::{
    Additional, Constant, Decoration, Enum, EnumValue, Field, Literals, Presence, Replaced, Struct,
    TypeDef, TypeKind,
};
pub(crate) use union::{
    Decision, JsonType, Present, PropertyNames, Rule, Union, Variant, VariantIndex,
};
