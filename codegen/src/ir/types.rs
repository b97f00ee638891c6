//! Definitions of named types: structs, enums and aliases.

use super::{Name, Type, TypeId, TypeName, Union};

/// The definition of a named type.
#[derive(Clone, Debug)]
pub(crate) struct TypeDef {
    /// Its name.
    pub name: TypeName,
    /// Its former names, which stay as deprecated aliases.
    pub former: Vec<TypeName>,
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
    /// Whether its values are not shown. An alias has a type that is secret instead.
    pub is_secret: bool,
    /// Indexes into [`Api::tags`](super::Api::tags) of the tags that need it; empty if it is
    /// always present.
    pub tags: Vec<usize>,
    /// Derives and attributes that the configuration adds.
    pub decoration: Decoration,
    /// The type of the user that replaces it. Its kind is still what the document declares, which
    /// decides how unions are decoded.
    pub replaced: Option<Replaced>,
    /// What it is.
    pub kind: TypeKind,
}

/// Derives and attributes that the configuration adds to a type, as Rust code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoration {
    /// Paths of derives.
    pub derives: Vec<String>,
    /// Attributes, without `#[` and `]`.
    pub attributes: Vec<String>,
}

/// A type of the user, as Rust code.
#[derive(Clone, Debug)]
pub(crate) struct Replaced {
    /// Its path.
    pub path: String,
    /// The format that it is given for; absent if it replaces a schema.
    pub format: Option<String>,
    /// The module that encodes and decodes it, if it does not do so itself.
    pub with: Option<String>,
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

/// An object with named properties.
#[derive(Clone, Debug, Default)]
pub(crate) struct Struct {
    /// The properties, in document order.
    pub fields: Vec<Field>,
    /// How other properties are handled.
    pub additional: Additional,
    /// Constraints that the fields do not express: a JSON Schema without references.
    pub rules: Option<String>,
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
    /// The schema forbids them; they are preserved, and reported as violations.
    Forbid,
}

/// A property.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name in Rust.
    pub name: Name,
    /// Its former names. Setters of these names stay.
    pub former: Vec<Name>,
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
    /// Whether it has its type only while a condition holds. Other values are kept as undeclared
    /// properties.
    pub is_conditional: bool,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Constant {
    /// The only value of this enum.
    Enum(TypeId),
    /// `true` or `false`.
    Boolean(bool),
    /// A string.
    String(String),
    /// An integer, in its JSON notation.
    Integer(String),
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
    /// Whether the schema declares that any other string is a value, too.
    pub is_open: bool,
}

/// A known value of an enum.
#[derive(Clone, Debug)]
pub(crate) struct EnumValue {
    /// Its variant.
    pub name: TypeName,
    /// The value; an integer in its JSON notation.
    pub wire: String,
    /// Its former names, which stay as deprecated constants.
    pub former: Vec<TypeName>,
}
