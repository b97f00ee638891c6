#![doc = include_str!("../README.md")]
//!
//! # Modules
//!
//! | module | responsibility |
//! |---|---|
//! | `limits` | limits of sizes and times |
//! | `reject` | what is wrong with a request, and the response for it |
//! | `json` | JSON bodies as typed values, or every problem in them |
//! | `respond` | what handlers return, and how it is sent |
//! | `extract` | parameters, bodies and credentials of a request |
//! | `route` | operations, and which one handles a request |
//! | `serve` | accept loop and graceful shutdown |

mod extract;
mod json;
mod limits;
mod reject;
mod respond;
mod route;
mod serve;

pub use axum;
pub use extract::{BodyLimiter, Credentials, FullBody, IncomingBody};
pub use http;
pub use json::decode;
pub use limits::Limits;
pub use reject::{Problem, Rejection, RejectionBody};
pub use respond::{Call, EventStream, JsonLines, Response, ResponseStatus};
pub use route::Operation;
pub use serve::{Disconnect, serve};
pub use specwright_model::blob::Blob;
pub use specwright_model::credential::Secret;
pub use specwright_model::json::{Json, JsonObject, NoElement, Tuple};
pub use specwright_model::scalar::{Base64, Base64Url, Date, Number, ParseTimeError, Timestamp};
pub use specwright_model::stream::ServerSentEvent;
pub use specwright_model::style::Headers;
pub use specwright_model::style::Method;
pub use specwright_model::validate::{ValidationError, Validator};

// Generated code names the public types and these by one path, so that its signatures show public
// paths. Explicit exports take precedence over those of a glob.
#[doc(hidden)]
pub use __private::*;

/// Items that generated code uses. Not a public API: it changes with the generator.
#[doc(hidden)]
pub mod __private {
    pub use std::collections::BTreeMap;
    pub use std::future::Future;
    pub use std::sync::Arc;

    pub use axum::{BoxError, Router};
    pub use http::HeaderMap;
    pub use specwright_model::blob::Blob;
    pub use specwright_model::credential::Secret;
    pub use specwright_model::credential::{Credential, CredentialLocation};
    pub use specwright_model::generated_for;
    pub use specwright_model::json::{Json, JsonObject};
    pub use specwright_model::json::{NoElement, Tuple};
    pub use specwright_model::scalar::{Base64, Base64Url, Date, Number, Timestamp};
    pub use specwright_model::stream::Framing;
    pub use specwright_model::style::Method;
    pub use specwright_model::style::form::Part;
    pub use specwright_model::style::{Headers, Style};
    pub use specwright_model::validate::{Validate, ValidationError, Validator};

    pub use crate::extract::{
        BodyFormat, Credentials, Format, Input, Kind, Parameter, RawBody, Scheme,
    };
    pub use crate::limits::Limits;
    pub use crate::operation_error;
    pub use crate::reject::{Rejection, RejectionBody};
    pub use crate::respond::{Call, EventStream, JsonLines, Reply, Response};
    pub use crate::route::{Handler, Operation, Routes};
}
