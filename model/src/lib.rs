//! Types and traits shared by generated clients and servers: the traits of their models, and one
//! implementation of each encoding on the wire. It depends on neither an HTTP client nor TLS.
//!
//! Most users meet these types through `specwright-runtime` or `specwright-server`: to generate a
//! client or a server, start with [specwright](https://docs.rs/specwright). To use this crate alone,
//! run `cargo add specwright-model`:
//!
//! ```
//! use specwright_model::json::Json;
//! use specwright_model::scalar::Number;
//!
//! let event: Json = r#"{"ci": {"duration": 2345}}"#.parse()?;
//! assert_eq!(event.get("ci.duration").and_then(|value| value.as_i64()), Some(2345));
//! let count: Number = serde_json::from_str("154")?;
//! assert_eq!(serde_json::to_string(&count)?, "154");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Start with [`json::Json`], [`blob::Blob`], [`scalar::Nullable`], [`scalar::Number`],
//! [`style::Headers`] and [`validate::Validator`].
//!
//! | module | responsibility |
//! |---|---|
//! | `blob` | bytes that are sent as they are, and files in forms |
//! | `credential` | how credentials are sent; values that are not shown |
//! | `diagnose` | all locations of a document that do not fit a type |
//! | `json` | JSON values that are kept as JSON; the location of a decoding error |
//! | `media_type` | media types: parsing and selection |
//! | `record` | structs: their fields, decoding and encoding |
//! | `scalar` | numbers, integers, enums, values that may be absent or null |
//! | `stream` | server-sent events and sequences of JSON values |
//! | `style` | methods, parameter styles, headers and forms |
//! | `union` | `oneOf` and `anyOf` |
//! | `validate` | constraints |
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod blob;
pub mod credential;
#[cfg(feature = "diagnose")]
pub mod diagnose;
pub mod json;
pub mod media_type;
pub mod record;
pub mod scalar;
pub mod stream;
pub mod style;
pub mod union;
pub mod validate;

/// Items that the macros use. Not a public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::record::{read_default_record, read_record};
    pub use crate::scalar::{
        IntegerEnum, StringEnum, UnknownValue, read_integer, read_string, write_string,
    };
    pub use crate::union::{read as read_union, read_by_type};

    /// The serde traits that models implement.
    pub mod serde {
        pub use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
    }
}
