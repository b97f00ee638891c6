//! Numbers, times, encoded bytes, enums, and values that may be null.

pub mod adapt;
mod base64;
mod decimal;
mod document;
mod enums;
pub(crate) mod fit;
mod integer;
mod nullable;
mod number;
pub(crate) mod time;
mod undeclared;

pub use base64::{Base64, Base64Url};
pub use document::from_str;
pub use enums::{
    IntegerEnum, StringEnum, ToUnknown, UnknownValue, read_integer, read_string, write_string,
};
pub(crate) use integer::{integers_from_str, next_integers, whole};
pub use nullable::Nullable;
pub use number::Number;
pub(crate) use time::Validity;
pub use time::{Date, ParseTimeError, Timestamp, strict};
pub(crate) use undeclared::{Collecting, is_any, placeholder};
