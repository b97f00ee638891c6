//! `oneOf` and `anyOf`.
//!
//! | module | responsibility |
//! |---|---|
//! | `value` | what a decision between variants may look at |
//! | `path` | values that select a variant, inside of objects and arrays |
//! | `several` | decoding a value that may be of one of several variants |
//! | `presence` | decisions by the properties that an object has |
//! | `properties` | the variant whose properties are most like those of an object |
//! | `trial` | what came of decoding a value as a variant, and how much is decoded |
//! | `nesting` | how deeply values of unions are nested |
//! | `decode` | decoding a union |
//! | `by_type` | unions whose variants differ in their JSON type |
//! | `locate` | where decoding has failed |

mod by_type;
mod decode;
mod locate;
mod nesting;
mod path;
mod presence;
mod properties;
mod several;
mod trial;
mod value;

pub use by_type::{ByType, read_by_type, read_other, read_variant};
pub use decode::read;
#[cfg(feature = "diagnose")]
pub(crate) use decode::{TRIAL, UNION};
pub use locate::locate;
pub use presence::{Present, by_presence, by_valid_presence};
pub use properties::{Properties, by_properties};
pub use several::{Candidate, Decode, best_match, best_valid};
pub use value::{Union, Value};

/// Implements `Deserialize` for a [`ByType`].
#[doc(hidden)]
#[macro_export]
macro_rules! union_by_type {
    ($name:ty) => {
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_by_type(deserializer)
            }
        }
    };
}

/// Implements `Deserialize` for a [`Union`].
#[doc(hidden)]
#[macro_export]
macro_rules! union {
    ($name:ty) => {
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::read_union(deserializer)
            }
        }
    };
}
