//! Numbers, times, encoded bytes, enums, and values that may be null.

pub mod adapt;
mod base64;
mod decimal;
mod document;
pub(crate) mod fit;
mod integer;
mod integer_enum;
mod nullable;
mod number;
mod string_enum;
pub(crate) mod time;
mod undeclared;

pub use base64::{Base64, Base64Url};
pub use document::from_str;
pub(crate) use integer::{integers_from_str, next_integers, whole};
pub use integer_enum::{IntegerEnum, read as read_integer};
pub use nullable::Nullable;
pub use number::Number;
pub use string_enum::{
    StringEnum, ToUnknown, UnknownValue, read as read_string, write as write_string,
};
pub(crate) use time::Validity;
pub use time::{Date, Timestamp, strict};
pub(crate) use undeclared::{Collecting, is_any, placeholder};
