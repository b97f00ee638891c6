//! Types: structs, enums, unions and aliases.

use super::{Name, TypeId, TypeName};

/// The definition of a named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its name.
    pub name: TypeName,
    /// The file that it is in, without ending.
    pub module: Name,
    /// Its name in the description; none if it is written where it is used.
    pub upstream: Option<String>,
    /// Where the description has it: a JSON pointer.
    pub pointer: String,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Whether `null` is a value of it.
    pub nullable: bool,
    /// What the API takes where a value of it is absent, as JSON.
    pub default: Option<String>,
    /// Whether values of it, or within it, have constraints.
    pub constrained: bool,
    /// Places in [`Api::tags`](super::Api::tags) of those that need it; none if it is always there.
    pub tags: Vec<usize>,
    /// What it is.
    pub kind: TypeKind,
}

/// What a named type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object with named properties.
    Struct(Struct),
    /// A string or an integer of which some values are known.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// Another name of a type.
    Alias(Type),
}

/// A use of a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it is.
    pub shape: Shape,
    /// The constraints of this use.
    pub rules: Rules,
    /// Whether `null` is a value here.
    pub nullable: bool,
}

impl Type {
    /// A type without constraints.
    #[must_use]
    pub fn plain(shape: Shape) -> Self {
        Self { shape, rules: Rules::default(), nullable: false }
    }
}

/// What a value can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Any text.
    String,
    /// A moment, as RFC 3339.
    Timestamp,
    /// A day, as RFC 3339.
    Date,
    /// `true` or `false`.
    Boolean,
    /// A number without fraction, of 32 bits.
    Int32,
    /// A number without fraction, of 64 bits.
    Int64,
    /// A natural number of 64 bits.
    Uint64,
    /// Any number.
    Number,
    /// Bytes as they are: a file in a form, or the whole body of a request.
    Blob,
    /// Any JSON value.
    Json,
    /// A JSON object with any properties.
    JsonObject,
    /// A list of values of one type.
    List(Box<Type>),
    /// An object whose properties all have one type.
    Map(Box<Type>),
    /// A named type.
    Named(TypeId),
}

/// Constraints of a value. Each applies to the shapes that it makes sense for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// The least number of characters.
    pub min_length: Option<usize>,
    /// The greatest number of characters.
    pub max_length: Option<usize>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// The least value, and whether it is itself left out.
    pub minimum: Option<Bound>,
    /// The greatest value, and whether it is itself left out.
    pub maximum: Option<Bound>,
    /// The value is a multiple of this.
    pub multiple_of: Option<f64>,
    /// The least number of elements or properties.
    pub min_count: Option<usize>,
    /// The greatest number of elements or properties.
    pub max_count: Option<usize>,
    /// No element stands twice.
    pub unique: bool,
}

impl Rules {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The end of a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The number.
    pub value: f64,
    /// Whether the number itself is outside.
    pub exclusive: bool,
}

/// An object with named properties.
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// The properties, in the order of the description.
    pub fields: Vec<Field>,
    /// What becomes of other properties.
    pub additional: Additional,
}

impl Struct {
    /// Whether a value without any property is complete.
    #[must_use]
    pub fn has_default(&self) -> bool {
        let optional =
            |field: &Field| matches!(field.presence, Presence::Optional | Presence::ThreeState);
        self.fields.iter().all(|field| optional(field) && field.constant.is_none())
    }
}

/// What becomes of properties that are not named.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    /// They are kept as they come.
    #[default]
    Keep,
    /// They have a type.
    Typed(Type),
    /// The description forbids them: they are read over.
    Ignore,
}

/// A property.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in JSON.
    pub wire: String,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Its type.
    pub ty: Type,
    /// When it is there.
    pub presence: Presence,
    /// Whether it is behind a pointer, because its type holds the type that it is in.
    pub boxed: bool,
    /// Its only value, which nobody needs to give.
    pub constant: Option<Constant>,
    /// What the API takes if it is absent, as JSON.
    pub default: Option<String>,
    /// Which way it goes.
    pub way: FieldWay,
}

/// Which way a property goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldWay {
    /// In requests and answers.
    Both,
    /// Only in answers (`readOnly`): requests have it at most for nothing.
    Answers,
    /// Only in requests (`writeOnly`).
    Requests,
}

/// When a property is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always, with a value.
    Required,
    /// Always, but perhaps `null`.
    RequiredNullable,
    /// Perhaps; `null` is the same as absent.
    Optional,
    /// Perhaps; `null` is not the same as absent.
    ThreeState,
}

/// The only value of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// That of the enum that has one value.
    Enum(TypeId),
    /// `true` or `false`.
    Boolean(bool),
}

/// What the values of an enum are in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literals {
    /// Strings.
    Texts,
    /// Numbers without fraction, of 64 bits.
    Integers,
}

/// A string or an integer of which some values are known. It is always open: others are kept.
#[derive(Clone, Debug)]
pub struct Enum {
    /// What the values are.
    pub literals: Literals,
    /// The known values.
    pub values: Vec<EnumValue>,
    /// The variant for all others.
    pub other: TypeName,
}

/// A known value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its variant.
    pub name: TypeName,
    /// The value; an integer as JSON writes it.
    pub wire: String,
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The types.
    pub variants: Vec<Variant>,
    /// How the variant of a value is found.
    pub decision: Decision,
    /// The variant for values for which none is found; none if that cannot be.
    pub other: Option<TypeName>,
}

/// One type of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub name: TypeName,
    /// The type.
    pub ty: Type,
    /// Whether it is behind a pointer, because it is large or holds the union.
    pub boxed: bool,
}

/// A place in the list of a union's variants.
pub type VariantIndex = usize;

/// How the variant of a value is found: by its JSON type, then by the rule for that type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The rule for each JSON type that a variant has.
    pub rules: Vec<(JsonType, Rule)>,
}

/// A type that JSON itself tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonType {
    /// `true` or `false`
    Boolean,
    /// any number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
    Object,
}

/// How the variant is found among several.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// There is only one.
    Only(VariantIndex),
    /// By a text.
    Tag {
        /// The property that holds it; none if the value itself is the text.
        property: Option<String>,
        /// The texts that lead to a variant, or to those among which it is found.
        arms: Vec<(Vec<String>, Rule)>,
        /// Where other texts lead; none where they are no value of the union.
        otherwise: Option<Box<Rule>>,
    },
    /// By which properties are there: the first that is there decides.
    Presence {
        /// A property and the variant that it leads to.
        arms: Vec<(String, VariantIndex)>,
        /// What decides if none is there; none where that is no value of the union.
        otherwise: Option<Box<Rule>>,
    },
    /// By decoding each in turn. Nothing better is known.
    Try(Vec<VariantIndex>),
}

impl Rule {
    /// The variants that can only be tried, wherever in the rule that is.
    pub fn tried(&self) -> Vec<&[VariantIndex]> {
        match self {
            Self::Only(_) => Vec::new(),
            Self::Try(variants) => vec![variants],
            Self::Tag { arms, otherwise, .. } => {
                let rules = arms.iter().map(|(_, rule)| rule).chain(otherwise.as_deref());
                rules.flat_map(Self::tried).collect()
            }
            Self::Presence { otherwise, .. } => {
                otherwise.as_deref().map(Self::tried).unwrap_or_default()
            }
        }
    }

    /// Whether it finds some variant for every value.
    pub fn is_total(&self) -> bool {
        match self {
            Self::Only(_) | Self::Try(_) => true,
            Self::Tag { arms, otherwise, .. } => {
                let mut rules = arms.iter().map(|(_, rule)| rule);
                otherwise.as_deref().is_some_and(Self::is_total) && rules.all(Self::is_total)
            }
            Self::Presence { otherwise, .. } => otherwise.as_deref().is_some_and(Self::is_total),
        }
    }
}
