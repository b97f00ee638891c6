//! The runtime of HTTP clients that [specwright](https://docs.rs/specwright) generates from OpenAPI
//! documents: transport, credentials, retries, rate limits, pagination, streams and errors.
//!
//! A crate with generated code depends on it (`cargo add specwright-runtime --features pattern`).
//! Applications use these types through a generated client, which re-exports this crate as `runtime`.
//! This example configures the settings of a client, and a request body:
//!
//! ```
//! use std::time::Duration;
//! use specwright_runtime::{Blob, HttpOptions, RateLimiter, RetryPolicy};
//!
//! // Settings for the builder of a generated client:
//! let retry = RetryPolicy::default().max_attempts(5).deadline(Duration::from_secs(60));
//! let limiter = RateLimiter::new().at_most(10, Duration::from_secs(1));
//! let http = HttpOptions::new().connect_timeout(Duration::from_secs(3));
//! // The body of a request:
//! let report = Blob::from("a,b\n1,2\n").with_file_name("report.csv");
//! assert_eq!(report.file_name(), Some("report.csv"));
//! # drop((retry, limiter, http));
//! ```
//!
//! The types that you meet first:
//!
//! - [`Response`] and [`Error`]: the result of a [`Call`].
//! - [`RetryPolicy`], [`RateLimiter`] and [`HttpOptions`]: the settings of a client.
//! - [`Pages`] and [`Items`]: paginated results.
//! - [`Blob`], [`Download`], [`EventStream`] and [`JsonLines`]: bodies that are not JSON.
//! - [`Attempt`] and [`AttemptOutcome`]: the arguments of hooks, which observe every attempt.
//!
//! # Modules
//!
//! | module | responsibility |
//! |---|---|
//! | `outcome` | responses, their rate-limit headers, and errors |
//! | `resilience` | retries, backoff and client-side rate limiting |
//! | `encode` | request bodies and their compression |
//! | `setup` | configuration: servers, credentials and their redaction, connection, hooks |
//! | `call` | one call: request, transport, raw response, spans; pagination; test doubles |
//! | `stream` | responses that are read incrementally: bytes, events, JSON values |
//! | `blocking` | calls without an async runtime |
//! | `webhook` | decoding of webhook bodies |
//!
//! A module imports only modules listed before it. Generated code names the public types, and
//! hidden items that change with the generator.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(feature = "forms", feature = "streams")),
    allow(
        dead_code,
        reason = "small functions that only some features use are not worth a condition each"
    )
)]

#[cfg(feature = "blocking")]
mod blocking;
mod call;
mod encode;
mod outcome;
mod resilience;
mod setup;
mod stream;
mod webhook;

#[cfg(feature = "blocking")]
pub use blocking::{Iter, Reader};
pub use call::future::Call;
pub use call::paging::{Items, Pages};
pub use encode::compression::Compression;
#[cfg(feature = "jiff")]
pub use jiff;
pub use outcome::error::{ApiError, ConfigError, DecodeError, Error, TransportError};
pub use outcome::rate_limit_headers::RateLimitHeaders;
pub use outcome::response::Response;
pub use reqwest;
pub use resilience::rate_limiter::RateLimiter;
pub use resilience::retry::RetryPolicy;
pub use setup::connection::HttpOptions;
pub use setup::hooks::{Attempt, AttemptOutcome, ResponseSummary};
pub use specwright_model::blob::Blob;
pub use specwright_model::credential::Secret;
pub use specwright_model::json::{Json, JsonObject, JsonView};
pub use specwright_model::json::{NoElement, Tuple};
pub use specwright_model::record::AdditionalProperties;
pub use specwright_model::scalar::adapt;
pub use specwright_model::scalar::{
    Base64, Base64Url, Date, Nullable, Number, ParseTimeError, Timestamp, UnknownValue,
};
#[cfg(feature = "streams")]
pub use specwright_model::stream::ServerSentEvent;
pub use specwright_model::style::Headers;
pub use specwright_model::validate::{Validate, ValidationError, Validator, Violation};
pub use stream::download::Download;
#[cfg(feature = "streams")]
pub use stream::events::EventStream;
#[cfg(feature = "streams")]
pub use stream::json_lines::JsonLines;

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
    pub use std::time::Duration;

    pub use serde::de::MapAccess;
    pub use serde::ser::Serializer;

    pub use specwright_model::__private::serde;
    pub use specwright_model::blob::{Blob, placeholder, with_files};
    pub use specwright_model::credential::Secret;
    pub use specwright_model::credential::{Credential, CredentialLocation};
    pub use specwright_model::json::{Json, JsonObject, Kind};
    pub use specwright_model::json::{NoElement, Tuple};
    #[cfg(feature = "rules")]
    pub use specwright_model::record::build_with_rules;
    pub use specwright_model::record::{
        AdditionalProperties, DefaultRecord, Entries, Missing, Record, Writer, build, build_value,
        forbid, keep, keep_forbidden, keep_typed, keep_typed_integers, list, list_into, read,
        read_conditional, read_default_record, read_integers, read_integers_value, read_nullable,
        read_record, read_value, string_entry,
    };
    pub use specwright_model::scalar::adapt::check_user_type;
    pub use specwright_model::scalar::{
        Base64, Base64Url, Date, IntegerEnum, Nullable, Number, StringEnum, Timestamp, ToUnknown,
        UnknownValue, read_integer, read_string,
    };
    #[cfg(feature = "streams")]
    pub use specwright_model::stream::{Framing, ServerSentEvent};
    #[cfg(feature = "forms")]
    pub use specwright_model::style::form::Part;
    pub use specwright_model::style::{HeaderFormat, Headers, Style};
    pub use specwright_model::union::{
        ByType, Candidate, Present, Properties, Union, Value, best_match, best_valid, by_presence,
        by_properties, by_valid_presence, locate, read as read_union, read_by_type, read_other,
        read_variant,
    };
    pub use specwright_model::validate::{Validate, ValidationError, Validator};
    pub use specwright_model::{
        default_record, generated_for, integer_enum, record, redacted, string_enum, union,
        union_by_type,
    };

    #[cfg(feature = "blocking")]
    pub use crate::blocking::{Driver, Iter, Reader};
    pub use crate::call::backend::{Backend, NoTestDouble, Pending, not_implemented};
    pub use crate::call::background::Background;
    pub use crate::call::future::Call;
    pub use crate::call::paging::{Items, Paged, Pages};
    pub use crate::call::raw_response::RawResponse;
    pub use crate::call::request::{Encoded, Method, Operation, Request};
    pub use crate::call::transport::Transport;
    pub use crate::outcome::cause::with_causes;
    pub use crate::outcome::error::{Error, ErrorBody};
    pub use crate::outcome::response::Response;
    pub use crate::resilience::backoff::{exponential, jitter};
    pub use crate::resilience::rate_limiter::RateLimiter;
    pub use crate::resilience::retry::RetryPolicy;
    pub use crate::setup::config::Config;
    pub use crate::setup::connection::HttpOptions;
    pub use crate::setup::credentials::Scheme;
    pub use crate::setup::hooks::{Attempt, AttemptOutcome};
    pub use crate::setup::server::{Server, ServerVariable};
    pub use crate::stream::download::Download;
    #[cfg(feature = "streams")]
    pub use crate::stream::events::EventStream;
    #[cfg(feature = "streams")]
    pub use crate::stream::json_lines::JsonLines;
    pub use crate::webhook::{read_body, unknown_webhook};
}
