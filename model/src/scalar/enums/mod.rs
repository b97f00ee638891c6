//! Enums, which keep values that are not declared.
//!
//! | module | responsibility |
//! |---|---|
//! | `integer` | enums of integers |
//! | `string` | enums of strings |

mod integer;
mod string;

pub use integer::{IntegerEnum, read as read_integer};
pub use string::{StringEnum, ToUnknown, UnknownValue, read as read_string, write as write_string};
