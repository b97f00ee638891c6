//! Numbers, times, encoded bytes, enums, and values that may be null.

mod base64;
mod date;
mod decimal;
pub(crate) mod fit;
mod integer;
mod integer_enum;
mod nullable;
mod number;
mod string_enum;
mod timestamp;
mod written;

pub use base64::{Base64, Base64Url};
pub use date::Date;
pub(crate) use integer::{next_value, whole};
pub use integer_enum::{IntegerEnum, read as read_integer};
pub use nullable::Nullable;
pub use number::Number;
pub use string_enum::read as read_string;
pub use timestamp::Timestamp;
pub use written::strict;
