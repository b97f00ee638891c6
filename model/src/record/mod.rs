//! Structs: one small trait per model instead of serde's derives.
//!
//! A derive generates a visitor, a field enum and its visitor for every struct, and rustc spends
//! most of its time on those. Here a model defines only its own part: its field names, how one
//! field is decoded, how a draft becomes a value, and what is encoded. Generic code does the rest.
//! The draft is the public builder, so decoding and building share one check for missing
//! properties. A struct without required properties is its own draft.
//!
//! | module | responsibility |
//! |---|---|
//! | `additional` | the properties that are not declared |
//! | `build` | builders |
//! | `entries` | the properties of an object that is decoded |
//! | `read` | how the value of one property is decoded |

mod additional;
mod build;
mod entries;
mod read;

pub use additional::AdditionalProperties;
#[cfg(feature = "rules")]
pub use build::build_with_rules;
pub use build::{build, build_value, list, list_into, string_entry};
pub use entries::{Entries, Missing, read_default_record, read_record};
pub use read::{
    keep, keep_forbidden, keep_typed, keep_typed_integers, read, read_conditional, read_integers,
    read_integers_value, read_nullable, read_value,
};

use serde::de::MapAccess;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::scalar::Nullable;
use crate::validate::Validator;

/// A struct that has a default value: one without required properties.
pub trait DefaultRecord: Default {
    /// The property names, in the order of encoding.
    const FIELDS: &'static [&'static str];

    /// Decodes the value of one property.
    fn read<'de, M: MapAccess<'de>>(
        &mut self,
        index: usize,
        map: &mut Entries<M>,
    ) -> Result<(), M::Error>;
}

/// Any other struct.
pub trait Record: Sized {
    /// The value while it is decoded: the builder.
    type Draft;

    /// The property names, in the order of encoding.
    const FIELDS: &'static [&'static str];

    /// Returns an empty draft.
    fn draft() -> Self::Draft;

    /// Decodes the value of one property into the draft.
    fn read<'de, M: MapAccess<'de>>(
        draft: &mut Self::Draft,
        index: usize,
        map: &mut Entries<M>,
    ) -> Result<(), M::Error>;

    /// Converts a draft into a value.
    ///
    /// # Errors
    /// Returns the required properties that are missing.
    fn finish(draft: Self::Draft) -> Result<Self, Missing>;
}

/// Encodes the properties of a record. The first error is kept and ends encoding, so that generated
/// code needs no branch per property.
pub struct Writer<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> Writer<S> {
    /// Starts a record.
    pub fn begin(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Ends the record.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }

    /// Encodes a property that is always present.
    pub fn required<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Encodes a property that may be absent.
    pub fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// Encodes a property that may be absent or null.
    pub fn nullable<T: Serialize>(&mut self, name: &str, value: &Nullable<T>) {
        if !value.is_absent() {
            self.required(name, value);
        }
    }

    /// Encodes properties that are not declared.
    pub fn additional<'v, K: AsRef<str>, V: Serialize + 'v>(
        &mut self,
        properties: impl IntoIterator<Item = (K, &'v V)>,
    ) {
        for (name, value) in properties {
            self.required(name.as_ref(), value);
        }
    }
}

/// Reports properties that are not allowed.
pub fn forbid(checks: &mut Validator, properties: &AdditionalProperties) {
    for (name, _) in properties.iter() {
        checks.field(name, Some(&()), |checks, ()| checks.report("is not allowed"));
    }
}

/// Implements `Deserialize` for a [`Record`].
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ty) => {
        $crate::record!($name, read_record);
    };
    ($name:ty, $read:ident) => {
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::$read(deserializer)
            }
        }
    };
}

/// Implements `Deserialize` for a [`DefaultRecord`].
#[doc(hidden)]
#[macro_export]
macro_rules! default_record {
    ($name:ty) => {
        $crate::record!($name, read_default_record);
    };
}
