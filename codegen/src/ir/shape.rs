//! Uses of types: shapes and constraints of values.

/// The id of a named type: an index into [`Api::types`](super::Api::types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TypeId(pub usize);

/// A use of a type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Type {
    /// The shape of its values.
    pub shape: Shape,
    /// The constraints of this use.
    pub(crate) constraints: Box<Constraints>,
    /// Whether `null` is allowed here.
    pub nullable: bool,
    /// Whether the value is not shown.
    pub is_secret: bool,
}

impl Type {
    /// Creates a type without constraints.
    pub(crate) fn plain(shape: Shape) -> Self {
        Self { shape, constraints: Box::default(), nullable: false, is_secret: false }
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
    /// Bytes in base64.
    Base64,
    /// Bytes in base64, with the alphabet for URLs.
    Base64Url,
    /// An integer.
    Integer(Integer),
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
    /// An array whose elements have different types.
    Tuple(Box<Tuple>),
    /// An object whose properties all have the same type.
    Map(Box<Type>),
    /// A named type.
    Named(TypeId),
}

/// An integer type of Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer {
    /// Whether it has negative values.
    pub is_signed: bool,
    /// Its size: 8, 16, 32 or 64.
    pub bits: u8,
}

impl Integer {
    pub(crate) const I64: Self = Self::signed(64);
    pub(crate) const U64: Self = Self::unsigned(64);

    pub(crate) const fn signed(bits: u8) -> Self {
        Self { is_signed: true, bits }
    }

    pub(crate) const fn unsigned(bits: u8) -> Self {
        Self { is_signed: false, bits }
    }

    /// Returns the smallest and the largest value.
    pub(crate) fn limits(self) -> (i128, i128) {
        match self.is_signed {
            true => (-(1 << (self.bits - 1)), (1 << (self.bits - 1)) - 1),
            false => (0, (1 << self.bits) - 1),
        }
    }
}

/// The elements of an array, by their position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tuple {
    /// The elements that are always present.
    pub items: Vec<Type>,
    /// The elements after them, which may be absent.
    pub optional: Vec<Type>,
    /// All further elements; absent if there are none.
    pub rest: Option<Type>,
}

impl Tuple {
    /// Returns whether it always has the same number of elements.
    pub(crate) fn is_exact(&self) -> bool {
        self.optional.is_empty() && self.rest.is_none()
    }

    /// Returns the types of all elements.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.items.iter().chain(&self.optional).chain(&self.rest)
    }
}

/// Constraints of a value. Each applies only to the shapes that it makes sense for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Constraints {
    /// The minimum number of characters.
    pub min_length: Option<usize>,
    /// The maximum number of characters.
    pub max_length: Option<usize>,
    /// A regular expression.
    pub pattern: Option<Pattern>,
    /// The format of a string, or `float`.
    pub format: Option<&'static str>,
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
    /// Constraints that the shape does not express: a JSON Schema without references.
    pub rules: Option<String>,
    /// The only values of a type that is not an enum: strings, or the JSON of numbers and
    /// booleans; empty if there may be others. Those of an `enum` are also in `rules`.
    pub values: Vec<String>,
}

/// A regular expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    /// As the document has it, in the syntax of ECMA-262.
    pub source: String,
    /// In the syntax of Rust.
    pub regex: String,
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
