//! Named types: structs, enums and aliases; shapes and constraints of values.

use super::{Name, TypeName, Union};

/// The id of a named type: an index into [`Api::types`](super::Api::types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeId(pub usize);

/// The definition of a named type.
#[derive(Clone, Debug)]
pub(crate) struct TypeDef {
    /// Its name.
    pub name: TypeName,
    /// Its file, without extension.
    pub module: Name,
    /// Its name in `components/schemas`; absent for an inline schema.
    pub schema_name: Option<String>,
    /// The JSON pointer of its schema.
    pub pointer: String,
    /// Its documentation.
    pub docs: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Whether `null` is a value of it.
    pub nullable: bool,
    /// The default value of the server, as JSON.
    pub default: Option<String>,
    /// Whether it, or a type within it, has constraints.
    pub(crate) constrained: bool,
    /// Indexes into [`Api::tags`](super::Api::tags) of the tags that need it; empty if it is
    /// always present.
    pub tags: Vec<usize>,
    /// What it is.
    pub kind: TypeKind,
}

/// The kind of a named type.
#[derive(Clone, Debug)]
pub(crate) enum TypeKind {
    /// An object with named properties.
    Struct(Struct),
    /// A string or an integer with known values.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// An alias of a type.
    Alias(Type),
}

/// A use of a type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Type {
    /// The shape of its values.
    pub shape: Shape,
    /// The constraints of this use.
    pub(crate) constraints: Constraints,
    /// Whether `null` is allowed here.
    pub nullable: bool,
}

impl Type {
    /// Creates a type without constraints.
    pub(crate) fn plain(shape: Shape) -> Self {
        Self { shape, constraints: Constraints::default(), nullable: false }
    }
}

/// The shape of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A string.
    String,
    /// A timestamp (RFC 3339).
    Timestamp,
    /// A date (RFC 3339).
    Date,
    /// `true` or `false`.
    Boolean,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// An unsigned integer of 64 bits.
    Uint64,
    /// Any number.
    Number,
    /// Raw bytes: a file in a form, or a whole request body.
    Blob,
    /// Any JSON value.
    Json,
    /// A JSON object with any properties.
    JsonObject,
    /// An array.
    List(Box<Type>),
    /// An object whose properties all have the same type.
    Map(Box<Type>),
    /// A named type.
    Named(TypeId),
}

/// Constraints of a value. Each applies only to the shapes that it makes sense for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Constraints {
    /// The minimum number of characters.
    pub min_length: Option<usize>,
    /// The maximum number of characters.
    pub max_length: Option<usize>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// The lower bound.
    pub minimum: Option<Bound>,
    /// The upper bound.
    pub maximum: Option<Bound>,
    /// The value is a multiple of this number.
    pub multiple_of: Option<f64>,
    /// The minimum number of elements or properties.
    pub min_count: Option<usize>,
    /// The maximum number of elements or properties.
    pub max_count: Option<usize>,
    /// Whether all elements must differ (`uniqueItems`).
    pub unique: bool,
}

impl Constraints {
    /// Returns whether there are no constraints.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The bound of a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bound {
    /// The number.
    pub value: f64,
    /// Whether the number itself is excluded.
    pub exclusive: bool,
}

/// An object with named properties.
#[derive(Clone, Debug, Default)]
pub(crate) struct Struct {
    /// The properties, in document order.
    pub fields: Vec<Field>,
    /// How other properties are handled.
    pub additional: Additional,
}

impl Struct {
    /// Returns whether an object without properties is valid.
    pub(crate) fn has_default(&self) -> bool {
        let optional =
            |field: &Field| matches!(field.presence, Presence::Optional | Presence::ThreeState);
        self.fields.iter().all(|field| optional(field) && field.constant.is_none())
    }
}

/// How additional properties are handled.
#[derive(Clone, Debug, Default)]
pub(crate) enum Additional {
    /// They are preserved as JSON.
    #[default]
    Keep,
    /// They have this type.
    Typed(Type),
    /// The schema forbids them; they are ignored.
    Ignore,
}

/// A property.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in JSON.
    pub wire: String,
    /// Its documentation.
    pub docs: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its type.
    pub ty: Type,
    /// When it is present.
    pub presence: Presence,
    /// Whether it is boxed, because it is large or its type contains this struct.
    pub boxed: bool,
    /// Its only value, which callers do not set.
    pub(crate) constant: Option<Constant>,
    /// The default value of the server, as JSON.
    pub default: Option<String>,
}

/// When a property is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Always, and never `null`.
    Required,
    /// Always, but possibly `null`.
    RequiredNullable,
    /// Optional; `null` and absent mean the same.
    Optional,
    /// Optional; `null` and absent mean different things.
    ThreeState,
}

/// The only value of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Constant {
    /// The only value of this enum.
    Enum(TypeId),
    /// `true` or `false`.
    Boolean(bool),
}

/// The JSON type of enum values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Literals {
    /// Strings.
    Strings,
    /// Integers of 64 bits.
    Integers,
}

/// A string or an integer with known values. It is always open: unknown values are preserved.
#[derive(Clone, Debug)]
pub(crate) struct Enum {
    /// The JSON type of the values.
    pub literals: Literals,
    /// The known values.
    pub values: Vec<EnumValue>,
    /// The variant for unknown values.
    pub other: TypeName,
}

/// A known value of an enum.
#[derive(Clone, Debug)]
pub(crate) struct EnumValue {
    /// Its variant.
    pub name: TypeName,
    /// The value; an integer in its JSON notation.
    pub wire: String,
}
