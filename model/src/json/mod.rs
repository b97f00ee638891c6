//! JSON values that are kept as JSON, and parsed when they are read.
//!
//! A page of a thousand events contains a thousand trees of attributes, of which a caller reads two
//! or three. [`Json`] and [`JsonObject`] keep the JSON, which is validated once during decoding.

mod capture;
mod kind;
mod locate;
pub mod pointer;
mod scan;
mod sound;
mod tuple;
mod view;

use std::fmt;

use serde::de::{DeserializeOwned, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

pub(crate) use capture::{Captured, CapturedVisitor, NUMBER, RAW_VALUE};
pub use kind::Kind;
pub use locate::offset_at;
pub(crate) use locate::{Fragment, pointer_at};
pub(crate) use scan::Scan;
pub use sound::is_sound;
pub use tuple::{Elements, NoElement, OptionalElements, Tuple};
pub use view::JsonView;
pub(crate) use view::is_key;
#[cfg(feature = "diagnose")]
pub(crate) use view::unquote;

/// Any JSON value, kept as JSON.
///
/// Two values are equal if they mean the same, whatever their formatting.
///
/// ```
/// use specwright_model::json::Json;
///
/// let value: Json = r#"{"ci": {"pipeline": {"name": "deploy"}}}"#.parse()?;
/// assert_eq!(value.get("ci.pipeline.name").and_then(|v| v.as_str()).as_deref(), Some("deploy"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// Encodes a value as JSON.
    ///
    /// # Errors
    /// Returns an error if the value cannot be represented as JSON, such as a map whose keys are
    /// not strings.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    /// Returns the JSON as it was received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Returns a borrowed view, to read a scalar or a value inside.
    #[must_use]
    pub fn view(&self) -> JsonView<'_> {
        JsonView::new(self.0.get())
    }

    /// Returns the value at a path of keys joined by dots; see [`JsonView::get`].
    #[must_use]
    pub fn get(&self, path: &str) -> Option<JsonView<'_>> {
        self.view().get(path)
    }

    /// Decodes the value into any type.
    ///
    /// # Errors
    /// Returns an error if the JSON does not fit the type.
    pub fn deserialize_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }
}

impl std::str::FromStr for Json {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(json).map(Self)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
            || matches!(
                (self.deserialize_as::<serde_json::Value>(), other.deserialize_as::<serde_json::Value>()),
                (Ok(a), Ok(b)) if a == b
            )
    }
}

impl Eq for Json {}

impl std::hash::Hash for Json {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Equal values can be written differently.
        match self.deserialize_as::<serde_json::Value>() {
            Ok(value) => value.hash(state),
            Err(_) => self.as_str().hash(state),
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

/// Any JSON object, kept as JSON.
///
/// ```
/// use specwright_model::json::JsonObject;
///
/// let attributes: JsonObject = r#"{"duration": 2345, "ci": {"status": "error"}}"#.parse()?;
/// assert_eq!(attributes.get("duration").and_then(|v| v.as_i64()), Some(2345));
/// assert_eq!(attributes.get("ci.status").and_then(|v| v.as_str()).as_deref(), Some("error"));
/// assert!(attributes.get("ci.stage").is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct JsonObject(Json);

impl JsonObject {
    /// Encodes a map or a struct as a JSON object.
    ///
    /// # Errors
    /// Returns an error if the value cannot be represented as JSON, or is not an object.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        Self::checked(Json::from_value(value)?)
    }

    /// Returns the JSON as it was received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the value at a path of keys joined by dots; see [`JsonView::get`].
    #[must_use]
    pub fn get(&self, path: &str) -> Option<JsonView<'_>> {
        self.0.get(path)
    }

    /// Returns the properties of the object, in document order.
    pub fn iter(&self) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, JsonView<'_>)> {
        self.0.view().entries()
    }

    /// Decodes the object into any type.
    ///
    /// # Errors
    /// Returns an error if the JSON does not fit the type.
    pub fn deserialize_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        self.0.deserialize_as()
    }

    fn checked<E: serde::de::Error>(json: Json) -> Result<Self, E> {
        if Kind::of(json.as_str()) == Kind::Object {
            Ok(Self(json))
        } else {
            Err(E::invalid_type(Unexpected::Other(Kind::of(json.as_str()).name()), &"an object"))
        }
    }
}

/// An object without properties.
impl Default for JsonObject {
    #[expect(clippy::expect_used, reason = "this JSON is an object")]
    fn default() -> Self {
        "{}".parse().expect("an object")
    }
}

impl std::str::FromStr for JsonObject {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        Self::checked(json.parse()?)
    }
}

impl From<JsonObject> for Json {
    fn from(object: JsonObject) -> Self {
        object.0
    }
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::checked(Json::deserialize(deserializer)?)
    }
}
